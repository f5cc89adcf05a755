"""Whole versions leave the database in bulk, row for row what stands there."""

import hashlib

import pytest
from sqlalchemy import text

from tests.knowledge.hashes.lists import activated, listed, loaded, opened
from tests.nodes import add_staff
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes import actions, store
from tipbridge.knowledge.hashes.bulk import store as bulk
from tipbridge.knowledge.hashes.incoming import store as incoming
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Mode

HEAD = "kind,digest,mark,item,frame,quality"
PDQS = [f"{number:064x}" for number in range(1, 8)]


def list_id(work: Work) -> str:
    return actions.find_list(work, "national").id


def test_what_is_signed_are_six_fields_of_each_entry_in_one_order(node) -> None:
    version = listed(
        node, "national", HEAD,
        rf"pdq,{PDQS[1]},back\slash \\ \n,item \t,,90",
        f"pdq,{PDQS[0]},아동 1급,,,",
        f"vpdq,{PDQS[3]},A1,film,12,77",
        f"vpdq,{PDQS[3]},A1,film,2,",
        f"md5,{'0b' * 16},,,,",
    )  # fmt: skip
    lines = (
        f"md5\t{'0b' * 16}\t\t\t\t\n"
        f"pdq\t{PDQS[0]}\t아동 1급\t\t\t\n"
        rf"pdq	{PDQS[1]}	back\slash \\ \n	item \t		90" + "\n"
        f"vpdq\t{PDQS[3]}\tA1\tfilm\t2\t\n"
        f"vpdq\t{PDQS[3]}\tA1\tfilm\t12\t77\n"
    )
    assert version.content_sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert version.entry_count == 5


def test_rows_for_an_index_come_in_pieces_and_none_is_lost(node, monkeypatch) -> None:
    listed(node, "national", HEAD, *(f"pdq,{each},m{at % 3},,," for at, each in enumerate(PDQS)))
    loaded(node, opened(node, "other"), "other", HEAD, f"pdq,{'7f' * 32},m1,,,")
    monkeypatch.setattr(bulk, "_PIECE_BYTES", 150)
    with open_work(node, WORKER) as work:
        given = (work.db, list_id(work), 1, (DigestKind.PDQ,))
        assert bulk.marks(*given) == ["m0", "m1", "m2"]
        pieces = list(bulk.index_rows(*given, {"m0": 5, "m2": 70_000}, 32))
        rows = {
            row["digest"].tobytes().hex(): (int(row["id"]), int(row["mark"]))
            for piece in pieces
            for row in piece
        }
        known = store.entries_by_id(work.db, [id_ for id_, _ in rows.values()])
    assert len(pieces) > 1
    assert {known[id_].digest.hex(): number for id_, number in rows.values()} == {
        each: (5, 0, 70_000)[at % 3] for at, each in enumerate(PDQS)
    }


def test_a_row_that_is_not_as_wide_as_its_kind_makes_no_index(node) -> None:
    listed(node, "national", HEAD, f"pdq,{PDQS[0]},,,,")
    with open_work(node, WORKER) as work, pytest.raises(IntegrityFailure, match="20 bytes"):
        given = (work.db, list_id(work), 1, (DigestKind.PDQ,))
        list(bulk.index_rows(*given, {}, 20))


def test_each_line_of_a_file_is_looked_up_by_itself_however_little_is_known_of_a_list(node) -> None:
    """Else a first import of millions reads all of the list again for every few thousand."""
    lines = [f"pdq,{number:064x},,,," for number in range(1, 1_001)]
    listed(node, "national", HEAD, *lines)
    entry = Entry(kind=DigestKind.PDQ, digest=bytes(32))
    with open_work(node, WORKER) as work:
        incoming.make_room(work.db)
        incoming.take(work.db, [(1, entry)])
        explained = text(f"EXPLAIN {incoming._SORT.text}")
        plan = "\n".join(work.db.execute(explained, {"list_id": list_id(work)}).scalars())
    looked_up = (
        plan.partition("hash_list_entries_one")[2].partition("Index Cond")[2].splitlines()[0]
    )
    assert "kind = hash_incoming.kind" in looked_up
    assert "digest = hash_incoming.digest" in looked_up


def test_a_whole_list_replaces_another_right_after_it_was_first_loaded(node) -> None:
    keeper = opened(node, "national")
    loaded(node, keeper, "national", HEAD, *(f"pdq,{each},A1,,," for each in PDQS))
    counts = loaded(
        node, keeper, "national", HEAD, f"pdq,{PDQS[2]},A2,,,", f"md5,{'0b' * 16},,,,",
        mode=Mode.REPLACE,
    )  # fmt: skip
    assert (counts.added, counts.changed, counts.removed) == (1, 1, len(PDQS) - 1)
    assert activated(node, "national").entry_count == 2
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        assert work.db.execute(text("SHOW enable_nestloop")).scalar_one() == "on"
