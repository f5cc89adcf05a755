"""Many files in one question are answered as each by itself, through the engine's batches."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.knowledge.hashes.engine.planted import drawn, moved
from tests.knowledge.hashes.lists import activated, listed, loaded
from tests.knowledge.hashes.test_matching import HEAD, MD5, PDQ, a_query, build, matched, near, told
from tests.nodes import add_staff
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.base.actors import Actor, ActorKind, Role
from tipbridge.knowledge.hashes import matching, touching
from tipbridge.knowledge.hashes.engine import compiled
from tipbridge.knowledge.hashes.engine import exact as exact_files
from tipbridge.knowledge.hashes.engine import near as near_files
from tipbridge.knowledge.hashes.engine.changes import ExactLookup, NearLookup
from tipbridge.knowledge.hashes.engine.exact import ExactIndex
from tipbridge.knowledge.hashes.engine.near import NearIndex
from tipbridge.knowledge.hashes.indexes import Catalogue, ListIndex
from tipbridge.knowledge.hashes.lookups import Query
from tipbridge.knowledge.hashes.model import DigestKind, Handling, HashList, ListPurpose, Scheme
from tipbridge.knowledge.hashes.parts import Part

AT = datetime(2014, 1, 1, tzinfo=UTC)


def part(path, lookup, rows: int, added: int = 0) -> Part:
    numbers = np.arange(rows + added, dtype=np.int64)
    return Part(
        path=path,
        lookup=lookup,
        ids=numbers[:rows],
        marks=(numbers[:rows] % 3).astype(np.uint32),
        added_ids=numbers[rows:],
        added_marks=(numbers[rows:] % 3).astype(np.uint32),
        words=(None, "A1", "B2"),
        sums={},
        beside={},
    )


def an_index(tmp_path, name: str, sha1s, pdqs, *, change: bool) -> ListIndex:
    """A list of these; with `change`, the first fifty rows are gone and stand beside anew."""
    exact_path, near_path = tmp_path / f"{name}-sha1", tmp_path / f"{name}-near"
    count = len(sha1s)
    numbers = np.arange(count, dtype=np.uint32)
    exact_files.build(exact_path, sha1s, numbers)
    near_files.build(near_path, pdqs, numbers)
    exact, close = (
        ExactLookup(base=ExactIndex.open(exact_path)),
        NearLookup(base=NearIndex.open(near_path)),
    )
    if change:
        gone = range(50)
        exact = exact.changed([(sha1s[row].tobytes(), count + row) for row in gone], gone)
        close = close.changed([(pdqs[row].tobytes(), count + row) for row in gone], gone)
    added = 50 if change else 0
    return ListIndex(
        list=HashList(
            id=name, name=name, purpose=ListPurpose.KNOWN_MATERIAL, owner="a made-up body",
            scheme=Scheme.FREE, handling=Handling.AMBER, added_at=AT, added_by="person-001",
        ),
        version=1,
        content_sha256="",
        exact_parts={DigestKind.SHA1: part(exact_path, exact, count, added)},
        near_part=part(near_path, close, count, added),
    )  # fmt: skip


@pytest.mark.parametrize("switch", ["yes", "no"])
def test_a_batch_touches_the_rows_that_each_file_touches_alone(
    tmp_path, monkeypatch, switch
) -> None:
    monkeypatch.setenv(compiled.SWITCH, switch)
    rng = np.random.default_rng(1)
    sha1s, pdqs = drawn(6_000, 2, width=20), drawn(6_000, 3)
    sha1s[100:110], pdqs[200:310] = sha1s[99], pdqs[199]  # the same ones, and more than are shown
    searched = (
        an_index(tmp_path, "large", sha1s, pdqs, change=True),
        an_index(tmp_path, "small", sha1s[:400], pdqs[:400], change=False),
    )
    rows = [0, 7, 49, 50, 99, 105, 199, 250, *rng.integers(6_000, size=60).tolist()]
    queries = [
        Query(
            digests={
                DigestKind.PDQ: moved(pdqs[row], int(rng.integers(33)), rng).tobytes(),
                DigestKind.SHA1: sha1s[row].tobytes(),
                DigestKind.MD5: bytes(16),
            },
            ref=str(row),
            quality=49 if row % 5 == 4 else 90,
        )
        for row in rows
    ]
    queries += [Query(digests={DigestKind.SHA1: each.tobytes()}) for each in drawn(9, 4, width=20)]
    assert len(queries) >= touching.LEAST_BATCH
    alone = [touching.touches(searched, [query], 31, 100)[0] for query in queries]
    assert touching.touches(searched, queries, 31, 100) == alone
    assert any(each.number is None for touched in alone for each in touched)
    assert {len(touched) for touched in alone} >= {0, 1, 2}
    catalogue = Catalogue(indexes=searched, seen_at=AT)
    told_alone = [matching.tell(catalogue, [query]).answers[0] for query in queries]
    assert list(matching.tell(catalogue, queries).answers) == told_alone
    assert {hit.classification for each in told_alone for hit in each.hits} == {None, "A1", "B2"}


def test_staff_and_providers_are_told_the_same_in_batches(node) -> None:
    listed(node, "national", HEAD, f"md5,{MD5},A1,file 1,", f"pdq,{PDQ},B2,file 2,90")
    listed(node, "other", HEAD, f"pdq,{near(3)},A2,,90")
    build(node)
    queries = [
        *(a_query(pdq=near(bits)) for bits in range(40)),
        a_query(md5=MD5, pdq=PDQ),
        a_query(49, pdq=PDQ),
        a_query(sha1="0c" * 20),
    ]
    alone = tuple(matched(node, query).answers[0] for query in queries)
    assert matched(node, *queries).answers == alone
    assert sum(1 for each in alone if each.hits) == 36
    provider = Actor(kind=ActorKind.PROVIDER, id=add_provider(node), name="esp-one")
    told_alone = tuple(told(node, provider, query).answers[0] for query in queries)
    assert told(node, provider, *queries).answers == told_alone


def test_a_batch_goes_on_with_what_changed_since_the_files_were_built(node) -> None:
    lines = [f"pdq,{number << 128:064x},A1,,90" for number in range(1, 301)]
    listed(node, "national", HEAD, *lines)
    build(node)
    loaded(node, add_staff(node, Role.ANALYST), "national", HEAD, f"pdq,{PDQ},B2,,90")
    activated(node, "national")
    build(node)
    answers = matched(node, *[a_query(pdq=PDQ)] * 40).answers
    assert [[hit.classification for hit in each.hits] for each in answers] == [["B2"]] * 40
