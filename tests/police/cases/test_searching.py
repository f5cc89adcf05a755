"""Search: scoped first, exact for identifiers, in Hangul for names, with a reason or not at all."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.nodes import CONSOLE, add_unit
from tests.police.cases.builders import account_parts, part, sha256, taken
from tests.police.folk import NOW, a_case, file_of
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions, knowing, seeing
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.model import DemandFacts, DemandKind, LetterLanguage
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.cases.numbers import actions as numbers
from tipbridge.police.cases.searching import actions as searching
from tipbridge.police.cases.searching.model import FoundKind, SearchResult

NAME = "김보기"
GROUNDS = "The same name in another matter."


def search(node: Node, about: str, text: str, by: Actor = CONSOLE) -> SearchResult:
    with open_work(node, by) as work:
        return searching.search(work, about=about, grounds=GROUNDS, text=text)


def found(result: SearchResult) -> list[tuple[FoundKind, str, str | None]]:
    return [(each.kind, each.number, each.person_id) for each in result.found]


def named(node: Node, account: str, name: str, unit_id: int = 1) -> str:
    case_id = taken(node, account_parts(account), unit_id=unit_id).case_id
    with open_work(node, Actor(**{**_fields(CONSOLE), "units": tuple(range(1, 9))})) as work:
        person = actions.people_seen(work, case_id)[0]
        actions.record_person(work, person.id, PersonFacts(name=name))
    return case_id


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("김 철수", "김철수"),
        ("김철수", "김 철수"),
        ("남궁 민수", "남궁민수"),
        ("KIM Cheolsu", "ＫＩＭ"),
        ("ＫＩＭ", "kim"),
        ("Kim Cheol Su", "kimcheolsu"),
    ],
)
def test_a_name_is_found_with_or_without_its_space_and_in_full_width(
    node: Node, kept: str, text: str
) -> None:
    about = a_case(node).case
    case_id = named(node, "b", kept)
    (line,) = search(node, about.number, text).found
    assert (line.kind, line.case_id) == (FoundKind.PERSON, case_id)


@pytest.mark.parametrize(
    "text", [NAME, "보기", "김보", f" {NAME} ", unicodedata.normalize("NFD", NAME)]
)
def test_a_hangul_name_is_found_by_the_whole_or_a_part(node: Node, text: str) -> None:
    about = a_case(node).case
    case_id = named(node, "b", NAME)
    result = search(node, about.number, text)
    (line,) = result.found
    assert (line.kind, line.case_id, result.counts) == (
        FoundKind.PERSON, case_id, {FoundKind.PERSON: 1},
    )  # fmt: skip


def test_a_misspelled_name_is_found_below_the_right_one(node: Node) -> None:
    about = a_case(node).case.id
    named(node, "b", "Somebody Example")
    other = named(node, "c", "Somebody Exampel")
    lines = search(node, about, "somebody exampel").found
    assert lines[0].case_id == other
    assert len(lines) == 2
    assert lines[0].likeness > lines[1].likeness


@pytest.mark.parametrize(
    ("label", "value", "exact", "near"),
    [
        ("phones/0", {"number": "+82 10-2000-0001"}, "010-2000-0001", "010-2000-000"),
        ("emails/0", {"address": "kid@mail.example"}, "KID@mail.example", "kid@mail.exampl"),
        ("ips/0", {"address": "2001:db8::1"}, "2001:0db8:0::1", "2001:db8::"),
        ("devices/0", {"type": "imei", "value": "35-1"}, "35-1", "35-"),
        ("accounts/0", {"service": "s", "account": "Pupil1"}, "Pupil1", "pupil1"),
    ],
)
def test_an_identifier_is_found_exactly_in_any_way_of_writing(
    node: Node, label: str, value: dict[str, object], exact: str, near: str
) -> None:
    about = a_case(node).case.id
    case_id = taken(node, [part("people/0/role", "reported"), part(f"people/0/{label}", value)])
    number = file_of(node, case_id.case_id).case.number
    person = file_of(node, case_id.case_id).people[0].person.id
    assert found(search(node, about, exact)) == [(FoundKind.IDENTIFIER, number, person)]
    assert found(search(node, about, near)) == []


def test_notes_numbers_and_answers_are_found_too(node: Node) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work:
        diary.add_note(work, file.case.id, note="학교 앞에서 만났다는 진술.")
        numbers.add_foreign_number(work, file.case.id, agency="INTERPOL", number="ICSE-77")
    assert found(search(node, file.case.id, "학교 앞")) == [
        (FoundKind.NOTE, file.case.number, None)
    ]
    for text in ("icse-77", file.case.number):
        assert found(search(node, file.case.id, text)) == [(FoundKind.CASE, file.case.number, None)]


@pytest.mark.parametrize("hide", ["restricted", "beside"])
def test_a_hidden_record_changes_no_line_and_no_count(
    node: Node, staff: Callable[..., Actor], hide: str
) -> None:
    city, beside = add_unit(node, "city"), add_unit(node, "beside")
    reader = staff(node, Role.INVESTIGATOR, unit=city)
    a_case(node)
    about = named(node, "a", NAME, unit_id=city)
    before = search(node, about, NAME, reader)
    hidden = named(node, "b", NAME, unit_id=beside if hide == "beside" else city)
    shown = search(node, about, NAME, reader)
    if hide == "restricted":
        assert shown.counts == {FoundKind.PERSON: 2}
        with open_work(node, staff(node, Role.INVESTIGATOR, unit=city)) as work:
            actions.restrict_case(work, hidden, members=())
    after = search(node, about, NAME, reader)
    assert (after.found, after.counts) == (before.found, before.counts)
    assert before.counts == {FoundKind.PERSON: 1}
    for text in ("b", hidden):
        with pytest.raises((Invalid, NotFound)):
            search(node, hidden, text, reader)


def test_a_search_is_for_a_case_with_a_reason_and_is_kept_with_it(node: Node) -> None:
    about = a_case(node).case
    for wrong in ({"grounds": " "}, {"text": "x"}, {"text": "x" * 101}):
        with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
            searching.search(work, **{"about": about.id, "grounds": "g", "text": "xy"} | wrong)
    with pytest.raises(NotFound):
        search(node, "no-case", NAME)
    search(node, about.id, NAME)
    with open_work(node, CONSOLE) as work:
        (kept,) = searching.list_searches(work, about.id)
    assert (kept.grounds, kept.sought, kept.found_count, kept.searched_by) == (
        GROUNDS, NAME, 0, "console",
    )  # fmt: skip


def test_how_much_a_search_found_is_told_to_its_searcher_alone(
    node: Node, staff: Callable[..., Actor]
) -> None:
    about = a_case(node).case.id
    hidden = named(node, "b", NAME)
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, hidden, members=())
    assert search(node, about, NAME).search.found_count == 1
    for reader, told in ((CONSOLE, 1), (staff(node, Role.INVESTIGATOR), None)):
        with open_work(node, reader) as work:
            (kept,) = searching.list_searches(work, about)
            timeline = diary.read_diary(work, about).timeline
        assert (kept.sought, kept.found_count) == (NAME, told)
        (made,) = (each.facts for each in timeline if each.event == "cases.search.made")
        assert made == (("search", kept.id),)


def test_signs_of_the_pattern_language_are_plain_letters(node: Node) -> None:
    about = a_case(node).case.id
    named(node, "b", NAME)
    for text in ("%%", "__", "김%기", "\\\\"):
        assert search(node, about, text).found == ()


def test_items_numbers_on_exhibits_and_demands_are_found_exactly_by_who_sees_their_case(
    node: Node,
) -> None:
    file = a_case(node)
    md5, sha1 = f"{7:032x}", f"{7:040x}"
    digests = {"sha256": sha256(7), "sha1": sha1, "md5": md5, "size_bytes": 10}
    given = [*account_parts("b"), part("files/0/digests", digests)]
    unit = add_unit(node, "apart")
    other = taken(node, given, unit_id=unit).case_id
    asked = DemandFacts(
        kind=DemandKind.SUBSCRIBER,
        addressee="Example Telecom",
        language=LetterLanguage.KOREAN,
        authority="A ground.",
        ip="203.0.113.77",
        seen_at=NOW,
        account="line-7",
    )
    with open_work(node, Actor(**{**_fields(CONSOLE), "units": tuple(range(1, 9))})) as work:
        case = seeing.case_seen(work, other)
        written = "A phone, IMEI 35 209900 176148 1, serial 7F, boxed."
        knowing.hold_written(work, case, "exhibit-1", mark="압수 제3호", text=written)
        demands.draft_demand(work, other, asked)
        dropped = demands.draft_demand(work, other, replace(asked, account="line-8"))
        demands.drop_demand(work, other, dropped.id, because="Not needed.")
    sees = Actor(**{**_fields(CONSOLE), "units": (1, unit)})
    blind = Actor(**{**_fields(CONSOLE), "units": (1,)})
    number = file_of(node, other, sees).case.number
    for text, kind in (
        (sha256(7), FoundKind.ITEM),
        (md5.upper(), FoundKind.ITEM),
        (sha1, FoundKind.ITEM),
        ("352099001761481", FoundKind.SEIZED),
        ("35-209900-176148-1", FoundKind.SEIZED),
        ("압수-제3호", FoundKind.SEIZED),
        ("7f", FoundKind.SEIZED),
        ("203.0.113.77", FoundKind.DEMAND),
        ("line-7", FoundKind.DEMAND),
    ):
        made = search(node, file.case.id, text, sees)
        assert [(each.kind, each.number) for each in made.found] == [(kind, number)], text
        assert made.counts == {kind: 1}
        hidden = search(node, file.case.id, text, blind)
        assert (hidden.found, dict(hidden.counts), hidden.search.found_count) == ((), {}, 0)
    for text in ("line-8", "boxed", "압수"):
        assert search(node, file.case.id, text, sees).found == (), text
