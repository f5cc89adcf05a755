"""The changes of the day count at once, as if the index had been built with them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge.hashes.engine.planted import drawn, families, moved
from tipbridge.knowledge.hashes.engine import exact, near
from tipbridge.knowledge.hashes.engine.changes import ExactLookup, NearLookup
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.near import Found, NearIndex, Neighbour, TooMany


def exact_lookup(folder, digests) -> ExactLookup:
    exact.build(folder / "exact", digests, np.arange(len(digests), dtype=np.uint32))
    return ExactLookup(base=ExactIndex.open(folder / "exact"))


def near_lookup(folder, hashes) -> NearLookup:
    near.build(folder / "near", hashes, np.arange(len(hashes), dtype=np.uint32))
    return NearLookup(base=NearIndex.open(folder / "near"))


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=12)


@settings(max_examples=40)
@given(steps=STEPS)
def test_exact_changes_are_those_of_a_dictionary(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("exact")
    pool = drawn(15, seed=1, width=20)
    lookup = exact_lookup(folder, pool[:10])
    listed = {number: pool[number].tobytes() for number in range(10)}
    for fresh, (adds, which) in enumerate(steps, 100):
        if adds:
            listed[fresh] = pool[which % 15].tobytes()
            lookup = lookup.changed(added=[(listed[fresh], fresh)])
        elif listed:
            gone = sorted(listed)[which % len(listed)]
            del listed[gone]
            lookup = lookup.changed(removed=[gone])
    matches = lookup.find_many(pool)
    for number, digest in enumerate(pool):
        wanted = {entry for entry, held in listed.items() if held == digest.tobytes()}
        assert set(lookup.find(digest.tobytes())) == wanted
        assert set(matches.entries[matches.queries == number].tolist()) == wanted


def test_near_changes_are_those_of_an_index_built_anew(tmp_path):
    hashes = families(6_000, 20, seed=2)
    before = near_lookup(tmp_path, hashes)
    rng = np.random.default_rng(3)
    fresh = [(moved(hashes[row], 9, rng).tobytes(), 10_000 + int(row)) for row in (5, 500)]
    lookup = before.changed(added=fresh, removed=[5, 6])
    kept = np.delete(np.arange(6_000), [5, 6])
    everything = np.concatenate(
        (hashes[kept], np.array([np.frombuffer(each, np.uint8) for each, _ in fresh]))
    )
    numbers = np.concatenate((kept, [number for _, number in fresh])).astype(np.uint32)
    rebuilt = NearIndex.of(everything, numbers)
    queries = hashes[::60]
    wanted = rebuilt.search_many(queries)
    assert lookup.search_many(queries) == wanted
    assert [lookup.search(query.tobytes()) for query in queries] == wanted
    assert Neighbour(10_005, 0) in found(lookup.search(fresh[0][0]))
    assert Neighbour(5, 0) in found(before.search(hashes[5].tobytes()))
    again = lookup.changed(removed=[10_005])
    assert 10_005 not in {each.entry for each in found(again.search(fresh[0][0]))}


def found(answer: Found | TooMany) -> tuple[Neighbour, ...]:
    assert isinstance(answer, Found)
    return answer.neighbours


def test_the_bound_counts_what_is_listed_now(tmp_path):
    """Removed entries do not use up the bound, and added ones do."""
    hashes = np.zeros((20, 32), np.uint8)
    lookup = near_lookup(tmp_path, hashes)
    query = bytes(32)
    assert lookup.search(query, most=10) == TooMany(10)
    fewer = lookup.changed(removed=range(10))
    wanted = Found(tuple(Neighbour(entry, 0) for entry in range(10, 20)))
    assert fewer.search(query, most=10) == wanted
    assert fewer.search_many(hashes[:1], most=10) == [wanted]
    more = fewer.changed(added=[(query, 50)])
    assert more.search(query, most=10) == TooMany(10)
    assert more.search_many(hashes[:1], most=10) == [TooMany(10)]


def test_a_change_of_another_width_is_refused(tmp_path):
    with pytest.raises(ValueError, match="16 bytes, where digests have 20"):
        exact_lookup(tmp_path, drawn(2, seed=6, width=20)).changed(added=[(bytes(16), 5)])
    with pytest.raises(ValueError, match="32 bytes"):
        near_lookup(tmp_path, drawn(2, seed=6)).changed(added=[(bytes(16), 5)])


def test_the_nearest_of_too_many_are_those_as_of_now(tmp_path):
    """Removed ones give their places to others, added ones take theirs."""
    hashes = np.repeat(drawn(1, seed=8), 300, axis=0)
    hashes[200:, 0] ^= 1
    query = hashes[0].tobytes()
    lookup = near_lookup(tmp_path, hashes)
    assert lookup.nearest(query, 31, 250)[:, 1].tolist() == [0] * 200 + [1] * 50
    fresh = [(query, 900 + number) for number in range(20)]
    lookup = lookup.changed(added=fresh, removed=range(150))
    found = lookup.nearest(query, 31, 100).tolist()
    nearest = {*range(150, 200), *range(900, 920)}
    assert {entry for entry, bits in found if bits == 0} == nearest
    assert [bits for _, bits in found] == [0] * 70 + [1] * 30
    assert isinstance(lookup.search(query, 31, 100), TooMany)
