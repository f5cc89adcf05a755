"""What stands in the wrong case is struck out or goes to the right one, and both are taken back."""

from datetime import timedelta

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import a_case, file_of, recorded, suspect
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary import pages as diary_pages
from tipbridge.police.cases.diary.model import Diary, DocumentKind
from tipbridge.police.cases.diary.sealing import documents_key
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.misplaced import actions, pages
from tipbridge.police.cases.misplaced.model import Move
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.cases.searching.actions import search
from tipbridge.police.cases.searching.model import FoundKind
from tipbridge.police.retention.store import erase_case

WORDS = "canary words of another matter"
DATA = b"a canary letter of another matter\n"


def keep(work: Work, case_id: str, person: str | None = None) -> tuple[str, str]:
    """A note and a document of a case, by id."""
    note = diary.add_note(work, case_id, note=WORDS, person=person)
    kind = DocumentKind.LETTER
    document = diary.add_document(
        work, case_id, [DATA], kind=kind, title="Letter", media_type="text/plain"
    )
    return note.id, document.id


def read(node: Node, case_id: str) -> Diary:
    with open_work(node, CONSOLE) as work:
        return diary.read_diary(work, case_id)


def held(node: Node, case_id: str) -> tuple[list[str], list[str]]:
    found = read(node, case_id)
    return [each.id for each in found.notes], [each.id for each in found.documents]


def test_what_is_struck_out_stays_readable_and_no_search_finds_it_until_it_is_restored(
    node: Node,
) -> None:
    case_id = a_case(node).case.id
    other = taken(node, account_parts("b")).case_id
    with open_work(node, CONSOLE) as work:
        note, document = keep(work, case_id)

    def found() -> int:
        with open_work(node, CONSOLE) as work:
            made = search(work, about=case_id, grounds="To know.", text="canary words")
            return made.counts.get(FoundKind.NOTE, 0)

    def strike(case: str, entry: str, because: str = "Another's.") -> None:
        with open_work(node, CONSOLE) as work:
            actions.strike_entry(work, case, entry, because=because)

    def restore(entry: str) -> None:
        with open_work(node, CONSOLE) as work:
            actions.restore_entry(work, case_id, entry, because="Its own.")

    assert found() == 1
    for refusal, case, because in (
        (NotFound, other, "Another's."),
        (Invalid, case_id, " "),
    ):
        with pytest.raises(refusal):
            strike(case, note, because)
    for entry in (note, document):
        with pytest.raises(Conflict, match="not struck out"):
            restore(entry)
        strike(case_id, entry)
        with pytest.raises(Conflict, match="already"):
            strike(case_id, entry)
        with pytest.raises(Conflict, match="restore it first"), open_work(node, CONSOLE) as work:
            actions.move_entry(work, case_id, entry, to=other, because="Another's.")
    assert found() == 0
    seen = read(node, case_id)
    assert [each.note for each in seen.notes] == [WORDS]
    assert [(each.entry_id, each.struck_by) for each in seen.strikes] == [
        (note, CONSOLE.id),
        (document, CONSOLE.id),
    ]
    with open_work(node, CONSOLE) as work:
        opened = diary.open_document(work, case_id, document)
        assert b"".join(opened.pieces()) == DATA
    restore(note)
    assert found() == 1
    (first, _) = read(node, case_id).strikes
    assert (first.because, first.restored_because) == ("Another's.", "Its own.")
    strike(case_id, note)  # and again: each time is kept
    assert len(read(node, case_id).strikes) == 3


def test_what_goes_to_its_case_stands_there_alone_and_comes_back_as_it_was(node: Node) -> None:
    file = a_case(node)
    case_id, person = file.case.id, file.people[0].person.id
    other = taken(node, account_parts("b")).case_id
    third = taken(node, account_parts("c")).case_id
    with open_work(node, CONSOLE) as work:
        note, document = keep(work, case_id, person)
    before = read(node, case_id)

    def move(entry: str, where: str = case_id, to: str = other) -> Move:
        with open_work(node, CONSOLE) as work:
            return actions.move_entry(work, where, entry, to=to, because="Another's.")

    def back(made: Move) -> None:
        with open_work(node, CONSOLE) as work:
            actions.return_entry(work, case_id, made.id, because="Its own.")

    with pytest.raises(Conflict, match=f"note stands in {file.case.number} already: name another"):
        move(note, to=case_id)
    with pytest.raises(NotFound):
        move(note, where=other, to=third)
    made = [move(each) for each in (note, document)]
    assert held(node, case_id) == ([], [])
    assert held(node, other) == ([note], [document])
    there = read(node, other)
    assert (there.notes[0].written_by, there.notes[0].person_id) == (CONSOLE.id, None)
    assert there.documents[0].sealed.key_id == documents_key(other)
    assert not list((node.data / "vault").rglob(f"{documents_key(case_id)}/*.age"))
    with open_work(node, CONSOLE) as work:
        opened = diary.open_document(work, other, document)
        assert b"".join(opened.pieces()) == DATA
    assert [each.number for each in read(node, case_id).moves] == [there.case.number] * 2
    onward = move(note, where=other, to=third)
    with pytest.raises(Conflict, match="went on"):
        back(made[0])
    with open_work(node, CONSOLE) as work:
        actions.return_entry(work, other, onward.id, because="No.")
    for each in made:
        back(each)
        with pytest.raises(Conflict, match="came back"):
            back(each)
    after = read(node, case_id)
    assert [each.note for each in after.notes] == [WORDS]
    assert after.notes[0].person_id == person
    assert after.documents[0].sha256 == before.documents[0].sha256
    assert after.documents[0].sealed.key_id == documents_key(case_id)
    assert {each.move.undone_because for each in after.moves} == {"Its own."}
    told = [each for each in read(node, other).timeline if each.event.startswith("cases.entry.")]
    assert [each.event.rpartition(".")[2] for each in told] == [
        "left", "left", "returned", "moved", "came", "came"
    ]  # fmt: skip
    assert [dict(each.facts)["other"] for each in told] == [case_id] * 2 + [third] * 2 + [
        case_id
    ] * 2


def test_the_trace_of_a_move_stays_where_it_was_when_the_person_comes_home_from_a_split(
    node: Node,
) -> None:
    accounts = [*account_parts("a"), *account_parts("b", person=1)]
    file = a_case(node, accounts)
    case_id, person = file.case.id, file.people[1].person.id
    with open_work(node, CONSOLE) as work:
        opened = joining.split_case(work, case_id, people=[person], grounds="Their own.")
    with open_work(node, CONSOLE) as work:
        note, _ = keep(work, opened.id, person)
        made = actions.move_entry(work, opened.id, note, to=case_id, because="Another's.")
        back = actions.move_entry(work, case_id, note, to=opened.id, because="No.", person=person)
        actions.return_entry(work, case_id, back.id, because="It does.")
    relation = file_of(node, opened.id).relations[0].relation
    with open_work(node, CONSOLE) as work:
        joining.undo_relation(work, case_id, relation.id)
    assert person in {each.person.id for each in file_of(node, case_id).people}
    (line,) = read(node, opened.id).moves
    assert (line.move.id, line.move.to_case, line.move.person_id) == (made.id, case_id, person)
    assert [each.move.id for each in read(node, case_id).moves] == [back.id]
    with open_work(node, CONSOLE) as work:
        actions.return_entry(work, opened.id, made.id, because="Its own.", of_case=True)
    assert held(node, opened.id)[0] == [note]


def test_a_note_is_about_somebody_of_the_other_case_by_page_and_reference(node: Node) -> None:
    case_id = a_case(node).case.id
    other = file_of(node, taken(node, account_parts("b")).case_id)
    person = recorded(node, other, suspect(reference="person-b"))
    with open_work(node, CONSOLE) as work:
        notes = [keep(work, case_id)[0] for _ in range(3)]
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router, diary_pages.router)))
    sign_in(client, "desk")
    assert client.get(f"/cases/{case_id}/diary").text.count('name="person"') == 1 + len(notes)
    given = (("person-b", person), (person, person), (" ", None))
    for note, (named, about) in zip(notes, given, strict=True):
        form = {"other": other.case.number, "because": "Another's.", "person": named}
        assert client.post(f"/cases/{case_id}/entries/{note}/move", data=form).status_code == 303
        (there,) = (each for each in read(node, other.case.id).notes if each.id == note)
        assert there.person_id == about
    with open_work(node, CONSOLE) as work:
        last = keep(work, case_id)[0]
        twin = cases.add_person(work, other.case.id, roles=[PersonRole.SUSPECT])
        cases.record_person(work, twin, suspect(reference="person-b"))
    for named, refusal in (("person-b", Conflict), ("nobody", NotFound)):
        with pytest.raises(refusal), open_work(node, CONSOLE) as work:
            actions.move_entry(
                work, case_id, last, to=other.case.id, because="Another's.", person=named
            )


def test_a_note_comes_back_about_nobody_else_in_silence(node: Node) -> None:
    """Whom it was about went to a case of their own meanwhile."""
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1)])
    case_id, (stays, leaves) = file.case.id, [each.person.id for each in file.people]
    other = taken(node, account_parts("c")).case_id
    with open_work(node, CONSOLE) as work:
        made = [
            actions.move_entry(work, case_id, note, to=other, because="Another's.")
            for note in [keep(work, case_id, leaves)[0] for _ in range(3)]
        ]
    with open_work(node, CONSOLE) as work:
        joining.split_case(work, case_id, people=[leaves], grounds="Their own.")

    def back(move: Move, **about: object) -> str | None:
        with open_work(node, CONSOLE) as work:
            actions.return_entry(work, case_id, move.id, because="Its own.", **about)
        found = {each.id: each.person_id for each in read(node, case_id).notes}
        return found[move.entry_id]

    with pytest.raises(Conflict, match=f"{leaves}, who is not in {file.case.number} any more"):
        back(made[0])
    with pytest.raises(Invalid, match="exclude each other"):
        back(made[0], person=stays, of_case=True)
    assert back(made[0], person=stays) == stays
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router, diary_pages.router)))
    sign_in(client, "desk")
    assert client.get(f"/cases/{case_id}/diary").text.count('name="of_case"') == 2
    where, form = f"/cases/{case_id}/moves/", {"because": "Its own."}
    assert client.post(where + made[1].id, data=form).status_code == 409
    assert client.post(where + made[1].id, data=form | {"of_case": "true"}).status_code == 303
    assert back(made[2], of_case=True) is None
    assert {each.person_id for each in read(node, case_id).notes} == {stays, None}


def test_only_whoever_sees_both_cases_moves_and_the_trace_names_no_case_that_is_not_seen(
    node: Node,
) -> None:
    case_id = a_case(node).case.id
    other = taken(node, account_parts("b")).case_id
    one = add_staff(node, Role.INVESTIGATOR)
    with open_work(node, CONSOLE) as work:
        note, document = keep(work, case_id)
        made = actions.move_entry(work, case_id, note, to=other, because="Another's.")
        cases.restrict_case(work, other, members=[])
    with open_work(node, one) as work:
        seen = diary.read_diary(work, case_id)
        (line,) = seen.moves
        assert (line.number, line.move.to_case) == (None, "")
        (told,) = (each.facts for each in seen.timeline if each.event == "cases.entry.moved")
        assert told == (("entry", note), ("kind", "note"))
    for step in (
        lambda work: actions.move_entry(work, case_id, document, to=other, because="Another's."),
        lambda work: actions.return_entry(work, case_id, made.id, because="Its own."),
    ):
        with pytest.raises(NotFound), open_work(node, one) as work:
            step(work)


def test_what_was_brought_is_erased_with_the_case_it_belongs_to_and_not_with_the_other(
    node: Node,
) -> None:
    case_id = a_case(node).case.id
    others = [taken(node, account_parts(name)).case_id for name in ("b", "c")]
    with open_work(node, CONSOLE) as work:
        entries = [keep(work, case_id) for _ in others]
        for (note, document), other in zip(entries, others, strict=True):
            for entry in (note, document):
                actions.move_entry(work, case_id, entry, to=other, because="Another's.")
    with open_work(node, WORKER) as work:  # the first of them ends, and the one it came from
        for each in (others[0], case_id):
            assert erase_case(work.db, each, work.now + timedelta(days=1))
        for each in (others[0], case_id):
            node.vault.destroy_key(documents_key(each))
    assert held(node, others[0]) == held(node, case_id) == ([], [])
    assert read(node, case_id).moves == ()
    note, document = entries[1]
    assert held(node, others[1]) == ([note], [document])
    with open_work(node, CONSOLE) as work:
        opened = diary.open_document(work, others[1], document)
        assert b"".join(opened.pieces()) == DATA
