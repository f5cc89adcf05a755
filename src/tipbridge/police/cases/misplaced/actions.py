"""Verbs on notes and documents in the wrong case: strike out, restore, move, bring back."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.diary.model import Document, Note
from tipbridge.police.cases.diary.sealing import documents_key
from tipbridge.police.cases.diary.store import documents_of, notes_of
from tipbridge.police.cases.misplaced import store
from tipbridge.police.cases.misplaced.model import EntryKind, Move, MoveLine, Strike
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.cases.seeing import WORKING, case_kept, case_seen, people_seen, person_in


@action("cases.entry.struck", roles=WORKING)
def strike_entry(work: Work, case_id: str, entry_id: str, *, because: str) -> Strike:
    """Strike a note or document out that does not belong in a case, and say why.

    Shape: it stays readable, struck out, and is erased with its case; no search finds it.
    Errors: NotFound; Conflict when it is struck out; Invalid without a reason.
    """
    case = case_kept(work, case_id)
    entry = _entry_in(work, case, entry_id)
    if _standing(work, case, entry.id) is not None:
        raise Conflict("This is struck out already.", id=entry.id)
    strike = Strike(
        id=work.ids.new(),
        case_id=case.id,
        kind=_kind(entry),
        entry_id=entry.id,
        because=checks.text("because", because),
        struck_by=work.actor.id,
        struck_at=work.now,
    )
    store.insert_strike(work.db, strike)
    work.record(case.id, kind=strike.kind, entry=entry.id)
    return strike


@action("cases.entry.restored", roles=WORKING)
def restore_entry(work: Work, case_id: str, entry_id: str, *, because: str) -> None:
    """Say that a note or document that was struck out belongs in its case after all, and why.

    Errors: NotFound; Conflict when it is not struck out; Invalid without a reason.
    """
    case = case_kept(work, case_id)
    entry = _entry_in(work, case, entry_id)
    strike = _standing(work, case, entry.id)
    if strike is None:
        raise Conflict("This is not struck out.", id=entry.id)
    reason = checks.text("because", because)
    store.restore(work.db, strike.id, by=work.actor.id, at=work.now, because=reason)
    work.record(case.id, kind=strike.kind, entry=entry.id)


@action("cases.entry.moved", roles=WORKING)
def move_entry(
    work: Work, case_id: str, entry_id: str, *, to: str, because: str, person: str | None = None
) -> Move:
    """Bring a note or document to the case where it belongs, and say why.

    Shape: `to` is that case's id or number, `person` the id or reference of whom a note is about
    there. What it says stands there alone from now on, by whom and when it was written, and is
    erased with that case: a document is sealed into its group. Here stays who brought it where,
    when and why.
    Errors: NotFound for what the actor does not see; Conflict for the same case, for what is
    struck out, or for a reference that several people there have; Invalid without a reason.
    """
    case, other = case_kept(work, case_id), case_kept(work, to)
    entry = _entry_in(work, case, entry_id)
    if other.id == case.id:
        raise Conflict(
            f"This {_kind(entry)} stands in {case.number} already: name another case that you see,"
            " or strike it out here.",
            id=entry.id,
        )
    if _standing(work, case, entry.id) is not None:
        raise Conflict("This is struck out; restore it first.", id=entry.id)
    about = None if person is None else _person_there(work, other, person).id
    move = Move(
        id=work.ids.new(),
        case_id=case.id,
        person_id=entry.person_id if isinstance(entry, Note) else None,
        to_case=other.id,
        kind=_kind(entry),
        entry_id=entry.id,
        because=checks.text("because", because),
        moved_by=work.actor.id,
        moved_at=work.now,
    )
    _bring(work, entry, other.id, about)
    store.insert_move(work.db, move)
    note_came(work, other.id, move.id)
    work.record(case.id, kind=move.kind, entry=entry.id, other=other.id)
    return move


@action("cases.entry.returned", roles=WORKING)
def return_entry(
    work: Work,
    case_id: str,
    move_id: str,
    *,
    because: str,
    person: str | None = None,
    of_case: bool = False,
) -> Move:
    """Bring back a note or document that went to another case, and say why.

    Shape: a note is about whom it was about here, or about `person` (id or reference), or with
    `of_case` about the case.
    Errors: NotFound when there is no such move, or for a case that the actor does not see;
    Conflict when it came back before, went on, is struck out, or was about somebody who is not
    in this case any more while nobody else is named; Invalid without a reason, or for both.
    """
    case = case_kept(work, case_id)
    made = {each.id: each for each in store.moves_of(work.db, case.id)}.get(move_id)
    if made is None:
        raise NotFound("move", move_id)
    other = case_kept(work, made.to_case)
    if made.undone_at is not None or made.entry_id not in _entries(work, other):
        raise Conflict("It is not there any more: it came back, or went on to another case.")
    if _standing(work, other, made.entry_id) is not None:
        raise Conflict("This is struck out there; restore it first.", id=made.entry_id)
    reason = checks.text("because", because)
    about = _about_here(work, case, made, person, of_case=of_case)
    _bring(work, _entries(work, other)[made.entry_id], case.id, about)
    store.undo_move(work.db, made.id, by=work.actor.id, at=work.now, because=reason)
    note_left(work, other.id, made.id)
    work.record(case.id, kind=made.kind, entry=made.entry_id, other=other.id)
    return made


@action("cases.entry.came", roles=WORKING)
def note_came(work: Work, case_id: str, move_id: str) -> None:
    """Write down, in the case to which a note or document goes, that it came.

    Errors: NotFound, also for what went to another case.
    """
    made = _move_to(work, case_id, move_id)
    work.record(made.to_case, kind=made.kind, entry=made.entry_id, other=made.case_id)


@action("cases.entry.left", roles=WORKING)
def note_left(work: Work, case_id: str, move_id: str) -> None:
    """Write down, in the case to which a note or document went, that it is there no more.

    Errors: NotFound, also for what went to another case.
    """
    made = _move_to(work, case_id, move_id)
    work.record(made.to_case, kind=made.kind, entry=made.entry_id, other=made.case_id)


def _move_to(work: Work, case_id: str, move_id: str) -> Move:
    made = store.move_by_id(work.db, move_id)
    if made is None or made.to_case != case_seen(work, case_id).id:
        raise NotFound("move", move_id)
    return made


def lines_of(work: Work, case_id: str) -> tuple[MoveLine, ...]:
    """What went from a case to others, within the caller's own action."""
    return tuple(_line(work, each) for each in store.moves_of(work.db, case_id))


def _line(work: Work, made: Move) -> MoveLine:
    number = number_seen(work, made.to_case)
    return MoveLine(move=made if number else replace(made, to_case=""), number=number)


def number_seen(work: Work, case_id: str) -> str | None:
    """A case's number for those who see it, within the caller's own action; None for others."""
    try:
        return case_seen(work, case_id).number
    except NotFound:
        return None


def _person_there(work: Work, case: Case, named: str) -> Person:
    alike = [each for each in people_seen(work, case.id) if each.reference == named]
    if len(alike) > 1:
        raise Conflict("Several people of that case have this reference; name one by the id.")
    return alike[0] if alike else person_in(work, case.id, named)


def _about_here(
    work: Work, case: Case, made: Move, person: str | None, *, of_case: bool
) -> str | None:
    """Whom a note that comes back is about; never silently somebody else than before."""
    if of_case and person is not None:
        raise Invalid("person and of_case exclude each other: a note is about one of the two.")
    if person is not None:
        return _person_there(work, case, person).id
    if of_case or made.person_id is None:
        return None
    if made.person_id not in {each.id for each in people_seen(work, case.id)}:
        raise Conflict(
            f"This note was about {made.person_id}, who is not in {case.number} any more: name"
            " somebody of this case as person, or say that it is about the case.",
            id=made.entry_id,
        )
    return made.person_id


def _bring(work: Work, entry: Note | Document, case_id: str, person_id: str | None) -> None:
    by, at = work.actor.id, work.now
    if isinstance(entry, Note):
        store.bring_note(work.db, entry.id, case_id, person_id, by=by, at=at)
        return
    vault, key_id, old = work.node.vault, documents_key(case_id), entry.sealed
    if not vault.has_key(key_id):
        vault.create_key(key_id)
    sealed = vault.rewrap(old, key_id)
    work.on_rollback(lambda: vault.remove_file(sealed))
    work.after_commit(lambda: vault.remove_file(old))
    store.bring_document(work.db, entry.id, case_id, sealed, by=by, at=at)


def _entries(work: Work, case: Case) -> dict[str, Note | Document]:
    return {
        each.id: each for each in (*notes_of(work.db, case.id), *documents_of(work.db, case.id))
    }


def _entry_in(work: Work, case: Case, entry_id: str) -> Note | Document:
    entry = _entries(work, case).get(entry_id)
    if entry is None:
        raise NotFound("note or document", entry_id)
    return entry


def _standing(work: Work, case: Case, entry_id: str) -> Strike | None:
    return next(
        (
            each
            for each in store.strikes_of(work.db, case.id)
            if each.entry_id == entry_id and each.restored_at is None
        ),
        None,
    )


def _kind(entry: Note | Document) -> EntryKind:
    return EntryKind.NOTE if isinstance(entry, Note) else EntryKind.DOCUMENT
