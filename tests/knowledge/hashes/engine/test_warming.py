"""After the warm-up no question waits for a compiler."""

from typing import Any

import numpy as np

from tests.knowledge.hashes.engine.planted import drawn, index_of, numbered
from tipbridge.knowledge.hashes.engine import exact, exact_kernels, near_kernels
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.near import NearIndex
from tipbridge.knowledge.hashes.engine.warming import warm_up


def test_after_the_warm_up_no_question_compiles_anything(tmp_path):
    kernels: tuple[Any, ...] = (
        exact_kernels.locate,
        near_kernels.count_bands,
        near_kernels.fill_band,
        near_kernels.scan_all,
        near_kernels.search_one,
        near_kernels.search_band,
    )
    warm_up()
    compiled = [list(each.signatures) for each in kernels]
    assert all(compiled)
    for count in (10, 5_001):
        hashes = drawn(count, seed=count)
        for index in (index_of(tmp_path / "near", hashes), NearIndex.of(hashes, numbered(hashes))):
            index.search(hashes[0].tobytes(), 47)
            index.search_many(hashes[:3])
    exact.build(tmp_path / "exact", drawn(9, seed=1, width=20), np.arange(9, dtype=np.uint32))
    ExactIndex.open(tmp_path / "exact").find_many(drawn(9, seed=1, width=20), threads=2)
    assert [list(each.signatures) for each in kernels] == compiled
