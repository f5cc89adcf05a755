"""A new version takes over at once, in every process, and the old one serves who still holds it."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tests.knowledge.hashes.engine.planted import drawn, index_of, numbered
from tests.knowledge.hashes.engine.swapping import BETWEEN_SWAPS, swapped
from tipbridge.knowledge.hashes.engine import exact, exact_kernels, near_kernels
from tipbridge.knowledge.hashes.engine.current import Current
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.near import NearIndex
from tipbridge.knowledge.hashes.engine.warming import warm_up


def published(current: Current[ExactIndex], seed: int) -> bytes:
    digests = drawn(50, seed=seed, width=20)
    current.publish(lambda path: exact.build(path, digests, numbered(digests)))
    return digests[0].tobytes()


def test_there_is_none_before_the_first(tmp_path):
    current = Current(tmp_path, "sha1", ExactIndex.open)
    assert current.get() is None
    assert current.version() is None


def test_the_newest_version_answers_and_the_old_one_stays_with_its_holder(tmp_path):
    current = Current(tmp_path, "sha1", ExactIndex.open)
    other = Current(tmp_path, "sha1", ExactIndex.open)
    first = published(current, seed=1)
    held = other.get()
    assert held is not None
    assert held.find(first) == (3,)
    second = published(current, seed=2)
    newest = other.get()
    assert newest is not None
    assert newest.find(second) == (3,)
    assert newest.find(first) == ()
    assert held.find(first) == (3,)
    held.verify()
    assert other.get() is newest
    assert sorted(each.name for each in tmp_path.glob("*.index")) == ["sha1.000000002.index"]


def test_another_process_sees_the_new_version(tmp_path):
    current = Current(tmp_path, "sha1", ExactIndex.open)
    published(current, seed=3)
    looks = (
        "import sys; from pathlib import Path\n"
        "from tipbridge.knowledge.hashes.engine.current import Current\n"
        "from tipbridge.knowledge.hashes.engine.exact import ExactIndex\n"
        "current = Current(Path(sys.argv[1]), 'sha1', ExactIndex.open)\n"
        "for line in sys.stdin:\n"
        "    print(len(current.get().find(bytes.fromhex(line))), flush=True)\n"
    )
    command = [sys.executable, "-c", looks, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as looking:
        assert looking.stdin is not None
        assert looking.stdout is not None
        wanted = drawn(50, seed=4, width=20)[0].tobytes()
        for before, after in ((0, 1), (1, 1)):
            looking.stdin.write(f"{wanted.hex()}\n")
            looking.stdin.flush()
            assert looking.stdout.readline() == f"{before}\n"
            published(current, seed=4)
            looking.stdin.write(f"{wanted.hex()}\n")
            looking.stdin.flush()
            assert looking.stdout.readline() == f"{after}\n"
        looking.stdin.close()


def test_a_write_that_fails_leaves_the_old_version_current(tmp_path):
    current = Current(tmp_path, "sha1", ExactIndex.open)
    first = published(current, seed=5)

    def write(path):
        path.write_bytes(b"half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        current.publish(write)
    index = current.get()
    assert index is not None
    assert index.find(first) == (3,)
    second = published(current, seed=6)
    newest = current.get()
    assert newest is not None
    assert newest.find(second) == (3,)
    assert len(list(tmp_path.glob("*.index"))) == 1


def test_a_version_that_is_missing_is_an_error_and_not_an_empty_list(tmp_path):
    published(Current(tmp_path, "sha1", ExactIndex.open), seed=7)
    for each in tmp_path.glob("*.index"):
        each.unlink()
    with pytest.raises(FileNotFoundError):
        Current(tmp_path, "sha1", ExactIndex.open).get()


def test_eight_threads_look_up_while_the_list_is_swapped(tmp_path):
    """The short form; `make match-engine` does it with ten million hashes and twenty swaps."""
    warm_up()
    report = swapped(tmp_path, count=50_000, swaps=6, threads=8)
    assert report.wrong == 0
    assert min(report.by_thread.values()) >= 7 * BETWEEN_SWAPS
    assert report.longest_gap_seconds < 2


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
