"""Exact look-up against a dictionary."""

from itertools import pairwise

import numpy as np
import pytest

from tests.knowledge.hashes.engine.planted import drawn, numbered
from tipbridge.knowledge.hashes.engine import exact
from tipbridge.knowledge.hashes.engine.compiled import SWITCH
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.files import IndexDamaged


def as_dictionary(digests, numbers) -> dict[bytes, tuple[int, ...]]:
    found: dict[bytes, tuple[int, ...]] = {}
    for digest, number in zip(digests, numbers.tolist(), strict=True):
        found[digest.tobytes()] = (*found.get(digest.tobytes(), ()), number)
    return found


def claim_equal(tmp_path, digests, queries, threads=1):
    """Single and batch look-up give what a dictionary gives, for hits and for others."""
    numbers = numbered(digests)
    exact.build(tmp_path / "exact", digests, numbers)
    index = ExactIndex.open(tmp_path / "exact")
    index.verify()
    wanted = as_dictionary(digests, numbers)
    answers = [wanted.get(query.tobytes(), ()) for query in queries]
    assert [index.find(query.tobytes()) for query in queries] == answers
    matches = index.find_many(queries, threads=threads)
    pairs = [(number, entry) for number, each in enumerate(answers) for entry in each]
    assert list(zip(matches.queries.tolist(), matches.entries.tolist(), strict=True)) == pairs
    return index


@pytest.mark.parametrize("compiled", ["yes", "no"])
@pytest.mark.parametrize("width", [4, 16, 20, 32])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 300, 5_000])
def test_every_entry_is_found_and_nothing_else(tmp_path, monkeypatch, width, count, compiled):
    monkeypatch.setenv(SWITCH, compiled)
    digests = drawn(count, seed=count, width=width)
    near_misses = digests.copy()
    near_misses[:, -1] ^= 1
    queries = np.concatenate((digests, near_misses, drawn(50, seed=1, width=width)))
    claim_equal(tmp_path, digests, queries)


@pytest.mark.parametrize("compiled", ["yes", "no"])
def test_a_digest_listed_several_times_has_all_its_entries(tmp_path, monkeypatch, compiled):
    monkeypatch.setenv(SWITCH, compiled)
    digests = drawn(40, seed=2, width=20)[np.random.default_rng(3).integers(0, 40, 2_000)]
    claim_equal(tmp_path, digests, np.concatenate((digests[:200], drawn(10, seed=4, width=20))))


@pytest.mark.parametrize("compiled", ["yes", "no"])
@pytest.mark.parametrize("alike", [1, 4, 8, 19])
def test_digests_made_alike_fill_one_bucket_and_are_found_all_the_same(
    tmp_path, monkeypatch, alike, compiled
):
    """Only the last bytes differ: the fan-out tells nothing apart, halving does."""
    monkeypatch.setenv(SWITCH, compiled)
    digests = drawn(3_000, seed=5, width=20)
    digests[:, :alike] = 0
    queries = np.concatenate((digests[::7], drawn(50, seed=6, width=20)))
    queries[-20:, :alike] = 0
    claim_equal(tmp_path, digests, queries)


@pytest.mark.parametrize("value", [0, 255])
def test_a_list_of_one_digest_many_times(tmp_path, value):
    digests = np.full((2_000, 16), value, np.uint8)
    index = claim_equal(tmp_path, digests, digests[:1])
    assert len(index.find(digests[0].tobytes())) == 2_000


def test_bytes_that_lie_across_two_rows_are_no_hit(tmp_path):
    """The end of one row and the start of the next spell a digest that is not listed."""
    digests = np.zeros((2, 16), np.uint8)
    digests[0, 8:], digests[1, :8] = 7, 0
    index = claim_equal(tmp_path, digests, digests)
    across = bytes([7] * 8 + [0] * 8)
    assert index.find(across) == ()
    assert index.find(bytes([0] * 4 + [7] * 8 + [0] * 4)) == ()


def test_threads_share_a_batch(tmp_path):
    digests = drawn(4_000, seed=7, width=20)
    claim_equal(tmp_path, digests, digests[::-1], threads=3)


def test_rows_are_in_order_of_their_bytes():
    digests = drawn(2_000, seed=8, width=20)
    digests[:, :9] &= 1
    rows = digests[exact.sorted_order(digests)].tolist()
    assert all(low <= high for low, high in pairwise(rows))


def test_another_width_is_unknown_alone_and_refused_in_a_batch(tmp_path):
    index = claim_equal(tmp_path, drawn(5, seed=9, width=20), drawn(5, seed=9, width=20))
    assert index.find(bytes(16)) == ()
    with pytest.raises(ValueError, match="n x 20 bytes"):
        index.find_many(drawn(1, seed=1, width=16))
    with pytest.raises(ValueError, match="width >= 4"):
        exact.build(tmp_path / "bad", drawn(1, seed=1, width=3), np.zeros(1, np.uint32))
    with pytest.raises(ValueError, match="1 digests"):
        exact.build(tmp_path / "bad", drawn(1, seed=1, width=20), np.zeros(2, np.uint32))


def test_damage_is_told_by_verify_and_a_cut_file_does_not_open(tmp_path):
    path = tmp_path / "exact"
    claim_equal(tmp_path, drawn(500, seed=10, width=20), drawn(1, seed=1, width=20))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(IndexDamaged, match="digest"):
        ExactIndex.open(path).verify()
    for kept in (0, 10, 64, len(whole) - 64):
        path.write_bytes(whole[:kept])
        with pytest.raises(IndexDamaged):
            ExactIndex.open(path)
    path.write_bytes(b"tbnear_1" + whole[8:])
    with pytest.raises(IndexDamaged, match="another kind"):
        ExactIndex.open(path)


def test_a_build_that_fails_leaves_the_old_file_and_no_rest(tmp_path):
    index = claim_equal(tmp_path, drawn(5, seed=11, width=20), drawn(5, seed=11, width=20))
    before = (tmp_path / "exact").read_bytes()
    with pytest.raises(ValueError, match="entry numbers"):
        exact.build(tmp_path / "exact", drawn(6, seed=1, width=20), np.zeros(5, np.uint32))
    assert (tmp_path / "exact").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["exact"]
    assert index.count == 5
