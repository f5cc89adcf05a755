"""Near look-up finds everything within the radius and nothing beyond."""

import numpy as np
import pytest

from tests.knowledge.hashes.engine.planted import (
    by_brute_force,
    claim_planted_are_found,
    drawn,
    families,
    index_of,
    moved,
    numbered,
)
from tipbridge.knowledge.hashes.engine import near
from tipbridge.knowledge.hashes.engine.compiled import SWITCH
from tipbridge.knowledge.hashes.engine.files import IndexDamaged
from tipbridge.knowledge.hashes.engine.near import Found, NearIndex, Neighbour, TooMany


@pytest.mark.parametrize("count", [0, 1, 2, 4_999, 5_001, 100_000, 1_000_000])
def test_planted_neighbours_are_found_to_31_bits_and_not_at_32(tmp_path, count):
    hashes = drawn(count, seed=count)
    index = index_of(tmp_path / "near", hashes)
    assert claim_planted_are_found(index, hashes, seed=1) == (132 if count else 0)
    assert index.search(bytes(32), radius=0) == Found(())


@pytest.mark.parametrize("compiled", ["yes", "no"])
def test_every_radius_ends_exactly_at_its_last_bit(tmp_path, monkeypatch, compiled):
    """At each radius from 0 to 47: a neighbour at the radius is found, one bit further is not."""
    monkeypatch.setenv(SWITCH, compiled)
    hashes = drawn(6_000, seed=2)
    index = index_of(tmp_path / "near", hashes)
    rng = np.random.default_rng(3)
    for radius in range(48):
        for row in rng.integers(0, len(hashes), 12):
            at, beyond = (moved(hashes[row], radius + more, rng).tobytes() for more in (0, 1))
            assert index.search(at, radius) == Found((Neighbour(int(row) * 7 + 3, radius),))
            assert index.search(beyond, radius) == Found(())


@pytest.mark.parametrize("radius", [0, 15, 16, 31, 32, 47])
def test_spread_as_badly_as_can_be_is_found(tmp_path, radius):
    """The radius's bits dealt out evenly over the bands, with the odd ones at every place.

    That is the hardest case of the ring lemma: no band and no run is far below its budget.
    """
    each, more = divmod(radius, 16)
    hashes = drawn(6_000, seed=4)
    index = index_of(tmp_path / "near", hashes)
    for first in range(16):
        bands = np.zeros((16, 16), np.uint8)
        for band in range(16):
            extra = (band - first) % 16 < more
            bands[band, : each + extra] = 1
        query = hashes[100] ^ np.packbits(bands)
        assert index.search(query.tobytes(), radius) == Found((Neighbour(703, radius),))


@pytest.mark.parametrize("radius", [8, 31, 40])
def test_answers_equal_brute_force_among_families(tmp_path, radius):
    """Hashes in families of near ones; single, batch and plain answers are those of the oracle."""
    hashes = families(20_000, 40, seed=5)
    index = index_of(tmp_path / "near", hashes)
    queries = np.concatenate((families(20_000, 40, seed=5)[::400], drawn(10, seed=6)))
    wanted = [by_brute_force(hashes, query, radius, 1000) for query in queries]
    assert sum(len(each.neighbours) for each in wanted if isinstance(each, Found)) > 200
    assert [index.search(query.tobytes(), radius) for query in queries] == wanted
    assert index.search_many(queries, radius) == wanted


def test_without_compiled_code_the_same_file_and_the_same_answers(tmp_path, monkeypatch):
    hashes = families(8_000, 10, seed=7)
    queries = hashes[::100]
    index_of(tmp_path / "compiled", hashes)
    fast = NearIndex.open(tmp_path / "compiled").search_many(queries, 31, 8)
    monkeypatch.setenv(SWITCH, "no")
    plain = index_of(tmp_path / "plain", hashes)
    assert (tmp_path / "plain").read_bytes() == (tmp_path / "compiled").read_bytes()
    assert plain.search_many(queries, 31, 8) == fast
    assert [plain.search(query.tobytes(), 31, 8) for query in queries] == fast
    assert any(isinstance(each, TooMany) for each in fast)
    assert any(isinstance(each, Found) and len(each.neighbours) > 1 for each in fast)


@pytest.mark.parametrize("value", [0, 255, 90])
def test_a_list_of_one_hash_many_times_is_answered_within_bounds(tmp_path, value):
    hashes = np.full((50_000, 32), value, np.uint8)
    index = index_of(tmp_path / "near", hashes)
    hash_ = hashes[0].tobytes()
    assert index.search(hash_) == TooMany(1000)
    assert index.search_many(hashes[:3], most=49_999) == [TooMany(49_999)] * 3
    everything = index.search(hash_, most=50_000)
    assert everything == Found(tuple(Neighbour(row * 7 + 3, 0) for row in range(50_000)))
    far = bytes(255 - each for each in hash_)
    assert index.search(far) == Found(())


@pytest.mark.parametrize("switch", ["yes", "no"])
@pytest.mark.parametrize("count", [2_000, 6_000])
def test_of_too_many_the_nearest_are_told_and_nothing_else(tmp_path, monkeypatch, count, switch):
    monkeypatch.setenv(SWITCH, switch)
    hashes = families(count, 400, seed=11)
    hashes[:50] = hashes[0]
    index = index_of(tmp_path / "near", hashes)
    for row in range(0, count, count // 7):
        query = hashes[row]
        everything = by_brute_force(hashes, query, 31, count)
        assert isinstance(everything, Found)
        for most in (1, 20, 49, 50, 51, 399, count):
            found = [
                (bits, entry) for entry, bits in index.nearest(query.tobytes(), 31, most).tolist()
            ]
            assert found == sorted(set(found))
            assert set(found) <= {(bits, entry) for entry, bits in everything.neighbours}
            wanted = [each.distance_bits for each in everything.neighbours[:most]]
            assert [bits for bits, _ in found] == wanted


@pytest.mark.parametrize("bands", [1, 3, 8])
def test_a_list_in_one_bucket_gives_the_answers_of_brute_force(tmp_path, bands):
    """All hashes alike in their first bands, so that one bucket holds the whole list."""
    hashes = drawn(30_000, seed=8)
    hashes[:, : 2 * bands] = 0x5A
    index = index_of(tmp_path / "near", hashes)
    rng = np.random.default_rng(9)
    queries = np.array([moved(hashes[row], 28, rng) for row in range(0, 30_000, 1_500)])
    assert index.search_many(queries) == [
        by_brute_force(hashes, query, 31, 1000) for query in queries
    ]


def test_batches_larger_than_their_room_are_complete(tmp_path):
    """More pairs than there was room for at first: the room grows and nothing is lost."""
    hashes = np.repeat(drawn(20, seed=10), 300, axis=0)
    index = index_of(tmp_path / "near", hashes)
    queries = np.repeat(hashes[::300], 30, axis=0)
    answers = index.search_many(queries, most=300)
    assert [len(each.neighbours) for each in answers if isinstance(each, Found)] == [300] * 600
    assert index.search_many(queries, most=299) == [TooMany(299)] * 600


def test_what_is_no_hash_or_radius_is_refused(tmp_path):
    index = index_of(tmp_path / "near", drawn(3, seed=11))
    with pytest.raises(ValueError, match="32 bytes: got 31"):
        index.search(bytes(31))
    with pytest.raises(ValueError, match="0 to 47 bits: got 48"):
        index.search(bytes(32), radius=48)
    with pytest.raises(ValueError, match="0 to 47 bits: got -1"):
        index.search_many(drawn(1, seed=1), radius=-1)
    with pytest.raises(ValueError, match="n x 32 bytes"):
        near.build(tmp_path / "bad", drawn(2, seed=1, width=20), np.zeros(2, np.uint32))
    with pytest.raises(ValueError, match="3 hashes"):
        near.build(tmp_path / "bad", drawn(3, seed=1), np.zeros(2, np.uint32))
    assert not (tmp_path / "bad").exists()


def test_an_index_in_memory_answers_as_its_file(tmp_path):
    hashes = families(6_000, 20, seed=12)
    mapped = index_of(tmp_path / "near", hashes)
    for held in (hashes, hashes[:100]):
        inside = NearIndex.of(held, numbered(held))
        queries = held[::50]
        outside = mapped if len(held) == len(hashes) else index_of(tmp_path / "few", held)
        assert inside.search_many(queries) == outside.search_many(queries)


def test_a_flipped_bit_anywhere_is_seen_by_verify(tmp_path):
    path = tmp_path / "near"
    index_of(path, drawn(5_001, seed=13)).verify()
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(14)
    for place in rng.integers(64, len(whole), 10):
        whole[place] ^= 1 << rng.integers(8)
        path.write_bytes(whole)
        with pytest.raises(IndexDamaged, match="built again"):
            NearIndex.open(path).verify()
        path.unlink()


def test_a_damaged_table_never_leads_outside_the_file(tmp_path):
    """Row numbers and offsets of noise: wrong answers are allowed, reading elsewhere is not."""
    path = tmp_path / "near"
    index_of(path, drawn(5_001, seed=15))
    whole = np.frombuffer(bytearray(path.read_bytes()), np.uint8)
    tables = 64 + 5_001 * 36 + 64
    whole[tables:] = drawn(1, seed=16, width=len(whole) - tables)[0]
    path.write_bytes(whole.tobytes())
    index = NearIndex.open(path)
    for query in drawn(200, seed=17):
        assert isinstance(index.search(query.tobytes(), 47), Found)


@pytest.mark.parametrize("kept", [0, 63, 64, 1_000])
def test_a_file_cut_short_does_not_open(tmp_path, kept):
    path = tmp_path / "near"
    index_of(path, drawn(100, seed=18))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamaged):
        NearIndex.open(path)
