"""A file is taken in at once: of each place its last word counts, however it is cut into batches."""

import json
import random
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.knowledge.hashes.lists import activated, loaded, opened
from tests.nodes import add_staff
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes import actions, importing, store
from tipbridge.knowledge.hashes.model import DigestKind, Entry, Gone, ImportCounts, Mode

MD5S = [bytes([number]) * 16 for number in range(1, 9)]
PDQS = [bytes([number]) * 32 for number in range(1, 4)]
Place = tuple[str | bytes | int | None, ...]
SEED, FILES, LINES = 4, 30, 25


@pytest.fixture
def analyst(node):
    return opened(node, "national")


def taken(node, analyst, records: list[Entry | Gone], mode: Mode = Mode.ADD) -> ImportCounts:
    with open_work(node, analyst) as work:
        found = actions.find_list(work, "national")
        return actions.prepare(work, found, records, lambda: "0" * 64, mode=mode, form="made up")


def waiting(work: Work) -> list[Entry]:
    found = actions.find_list(work, "national")
    return list(store.entries(work.db, found.id, found.waiting_version or 0))


def place_of(entry: Entry) -> Place:
    if entry.frame is None:
        return (entry.kind, entry.digest)
    return (entry.item, entry.frame)


def drawn_record(draw: random.Random, mode: Mode) -> Entry | Gone:
    what = draw.choice(("md5", "md5", "frame", "gone", "gone-item", "gone-frames"))
    item = draw.choice((None, "item 1", "item 2"))
    if what == "gone" and mode is not Mode.REMOVE:
        return Gone(kind=DigestKind.MD5, digest=draw.choice(MD5S))
    if what == "gone-item" and mode is not Mode.REMOVE:
        return Gone(item=item or "item 1")
    if what == "gone-frames" and mode is not Mode.REMOVE:
        return Gone(kind=DigestKind.VPDQ, digest=draw.choice(PDQS))
    if what == "frame":
        return Entry(
            kind=DigestKind.VPDQ,
            digest=draw.choice(PDQS),
            item=item or "film",
            frame=draw.randrange(3),
            quality=draw.choice((None, 80)),
        )
    mark = draw.choice((None, "A1", r"back\slash", "아동"))
    return Entry(kind=DigestKind.MD5, digest=draw.choice(MD5S), mark=mark, item=item)


def expected(
    before: dict[Place, Entry], records: list[Entry | Gone], mode: Mode
) -> dict[Place, Entry]:
    """What a list holds after a file, one record after the other, in plain words."""
    now, lines = dict(before), list[Entry]()
    for each in records:
        if isinstance(each, Entry) and mode is not Mode.REMOVE:
            lines.append(each)
            continue
        item = each.item if isinstance(each, Gone) else None
        lines = [line for line in lines if not ended(line, each, item)]
        now = {place: entry for place, entry in now.items() if not ended(entry, each, item)}
    said = {place_of(each): each for each in lines}
    for place, entry in said.items():
        old = now.get(place)
        now[place] = entry if old is None else over(old, entry)
    return {place: now[place] for place in said} if mode is Mode.REPLACE else now


def ended(entry: Entry, word: Entry | Gone, item: str | None) -> bool:
    """Whether a word that something is gone is about this entry."""
    if item is not None:
        return entry.item == item
    return (entry.kind, entry.digest) == (word.kind, word.digest)


def over(old: Entry, new: Entry) -> Entry:
    return replace(
        new,
        mark=old.mark if new.mark is None else new.mark,
        item=old.item if new.item is None else new.item,
        quality=old.quality if new.quality is None else new.quality,
    )


@pytest.mark.parametrize("batch", [1, 7, 10_000])
def test_random_files_leave_what_they_say_line_by_line(node, analyst, batch, monkeypatch) -> None:
    monkeypatch.setattr(importing, "BATCH_RECORDS", batch)
    draw = random.Random(SEED)
    held: dict[Place, Entry] = {}
    for number in range(FILES):
        mode = draw.choice((Mode.ADD, Mode.ADD, Mode.REMOVE, Mode.REPLACE))
        records = [drawn_record(draw, mode) for _ in range(draw.randrange(LINES))]
        counts = taken(node, analyst, records, mode)
        before, held = held, expected(held, records, mode)
        with open_work(node, analyst) as work:
            stands = waiting(work)
        assert {place_of(each): each for each in stands} == held, (number, mode, records)
        assert len(stands) == len(held)
        assert len(held) == len(before) + counts.added - counts.removed, (number, mode, records)
        entries = sum(isinstance(each, Entry) for each in records) * (mode is not Mode.REMOVE)
        assert entries == counts.added + counts.changed + counts.already_there
        if number % 3 == 0:
            activated(node, "national")


def test_the_last_word_on_a_digest_counts_in_a_document_too(node, analyst) -> None:
    one, two = (each.hex() for each in MD5S[:2])

    def attribute(value: str, *, deleted: bool) -> dict[str, object]:
        return {"type": "md5", "value": value, "deleted": deleted}

    document = [
        attribute(one, deleted=True),
        attribute(one, deleted=False),
        attribute(two, deleted=False),
        attribute(two, deleted=True),
    ]
    counts = loaded(node, analyst, "national", json.dumps(document), form="misp")
    assert (counts.added, counts.not_there) == (1, 2)
    with open_work(node, analyst) as work:
        assert [each.digest.hex() for each in waiting(work)] == [one]


def test_two_files_may_be_taken_in_by_one_piece_of_work(node, analyst) -> None:
    with open_work(node, analyst) as work:
        for digest in MD5S[:2]:
            lines = [digest.hex().encode()]
            assert actions.import_list(work, name="national", lines=lines).added == 1
        assert len(waiting(work)) == 2
        assert work.db.execute(text("SHOW work_mem")).scalar_one() != "64MB"
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        assert work.db.execute(text("SELECT to_regclass('hash_incoming')")).scalar_one() is None
