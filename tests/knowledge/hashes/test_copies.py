"""Index files that travel: a copy answers as the files that it was made of, and is not copied again."""

import hashlib
import pickle
import random

import numpy as np
import pytest

from tests.knowledge.hashes.lists import activated, listed, loaded, opened
from tests.nodes import CONSOLE
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.building import build_absent
from tipbridge.knowledge.hashes.copies import copied_list, held_list
from tipbridge.knowledge.hashes.engine import compiled
from tipbridge.knowledge.hashes.engine.files import IndexDamaged
from tipbridge.knowledge.hashes.indexes import ListIndex, indexes_of
from tipbridge.knowledge.hashes.model import DigestKind

HEAD = "kind,digest,mark,item,quality,frame"
ROWS = 600


def digest(number: int) -> str:
    return hashlib.sha256(b"%d" % number).hexdigest()


def hash_(number: int) -> bytes:
    return random.Random(number).randbytes(32)


def mapped(node) -> ListIndex:
    with open_work(node, CONSOLE) as work:
        build_absent(work)
        return indexes_of(node).renew(work).indexes[0]


def travelled(index: ListIndex) -> tuple[ListIndex, list[bytes]]:
    """The index as another process has it: over buffers that it may only read."""
    buffers: list[pickle.PickleBuffer] = []
    said = pickle.dumps(copied_list(index), protocol=5, buffer_callback=buffers.append)
    kept = [bytes(each.raw()) for each in buffers]
    return held_list(pickle.loads(said, buffers=kept)), kept


@pytest.fixture
def index(node) -> ListIndex:
    """A list with a version that adds and removes a little beside its files."""
    lines = [f"sha256,{digest(each)},A1,,," for each in range(ROWS)]
    lines += [f"pdq,{hash_(each).hex()},B2,,90," for each in range(ROWS)]
    listed(node, "known", HEAD, *lines)
    mapped(node)
    one = opened(node, "other")  # somebody who prepares
    loaded(
        node, one, "known", HEAD, f"sha256,{digest(ROWS)},A2,,,", f"pdq,{hash_(ROWS).hex()},A2,,90,"
    )
    loaded(node, one, "known", HEAD, f"sha256,{digest(3)},,,,", mode="remove")
    activated(node, "known")
    return mapped(node)


@pytest.mark.parametrize("way", ["yes", "no"])
def test_a_copy_answers_as_the_files_do(index, way, monkeypatch) -> None:
    monkeypatch.setenv(compiled.SWITCH, way)
    there, _ = travelled(index)
    digests = [bytes.fromhex(digest(each)) for each in range(ROWS + 2)]
    exact = list(index.find_many(DigestKind.SHA256, digests))
    assert list(there.find_many(DigestKind.SHA256, digests)) == exact
    assert len(exact) == ROWS
    assert [there.find(DigestKind.SHA256, each) for each in digests] == [
        index.find(DigestKind.SHA256, each) for each in digests
    ]
    marks = [index.mark(DigestKind.SHA256, row) for _, row, _ in exact if row is not None]
    assert [there.mark(DigestKind.SHA256, row) for _, row, _ in exact if row is not None] == marks
    hashes = [hash_(each) for each in range(ROWS + 2)]
    near = list(index.search_many(hashes, 31, 10))
    assert list(there.search_many(hashes, 31, 10)) == near
    assert len(near) == ROWS + 1
    rows = [row for _, row, _ in near if row is not None]
    assert [there.entry_id(DigestKind.PDQ, row) for row in rows] == [
        index.entry_id(DigestKind.PDQ, row) for row in rows
    ]


def test_a_copy_is_looked_into_where_it_lies(index) -> None:
    there, kept = travelled(index)
    exact, near = there.exact_parts[DigestKind.SHA256], there.near_part
    assert near is not None
    files = exact.lookup.base.file, near.lookup.base.file
    for array in (*(each.whole for each in files if each), exact.ids, near.ids):
        assert not array.flags.writeable
        assert any(np.shares_memory(array, np.frombuffer(each, np.uint8)) for each in kept)


def test_a_copy_that_is_cut_is_refused(index) -> None:
    copy = copied_list(index)
    part = copy.exact_parts[DigestKind.SHA256]
    cut = {**copy.exact_parts, DigestKind.SHA256: type(part)(
        name=part.name, whole=part.whole[:-64], beside=part.beside, words=part.words
    )}  # fmt: skip
    with pytest.raises(IndexDamaged, match="not what its header says"):
        held_list(type(copy)(
            list=copy.list, version=copy.version, content_sha256=copy.content_sha256,
            exact_parts=cut, near_part=copy.near_part,
        ))  # fmt: skip
