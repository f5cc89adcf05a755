"""What kind of place one is, at which host and in which country: said again, and said differently."""

from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case
from tests.police.removals.places import add, file_of
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.removals import actions, moving, noticing, store
from tipbridge.police.removals.hosts import BLOCKING_BODY
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import (
    Basis,
    NoticeLanguage,
    PlaceForm,
    Removal,
    RemovalState,
    ReplyKind,
)
from tipbridge.police.removals.places import NO_HOST, place_of, read_host

GROUP = "group 17"


def _name(
    node: Node,
    file: CaseFile,
    host: str | None,
    country: str | None = None,
    form: PlaceForm = PlaceForm.MESSAGE_GROUP,
    basis: Basis = Basis.STAFF,
) -> Removal:
    with open_work(node, CONSOLE) as work:
        return actions.add_place(
            work, file.case.id, address=GROUP, form=form, host=host, country=country, basis=basis
        )


def test_named_again_after_a_mistake_a_place_is_what_the_new_words_say(node: Node) -> None:
    file = a_case(node)
    wrong = _name(node, file, "wrong.example", "US", PlaceForm.URL)
    with open_work(node, CONSOLE) as work:
        take_back(work, wrong.id, wrong.id, because="Another service.")
    right = _name(node, file, "right.example", "KR")
    assert (right.id, right.mistake) == (wrong.id, None)
    assert (right.host, right.country, right.form) == (
        "right.example",
        "KR",
        PlaceForm.MESSAGE_GROUP,
    )
    with open_work(node, CONSOLE) as work:
        assert noticing.make_notice(work, right.id).host == "right.example"


def test_words_that_differ_from_those_that_stand_are_refused(node: Node) -> None:
    file = a_case(node)
    first = _name(node, file, "chat.example", "US")
    assert _name(node, file, "chat.example").id == first.id, "the same again changes nothing"
    others = (
        ("other.example", None, PlaceForm.MESSAGE_GROUP),
        ("chat.example", "KR", PlaceForm.MESSAGE_GROUP),
        ("chat.example", None, PlaceForm.URL),
    )
    for words in others:
        with pytest.raises(Conflict, match=r"message-group.*chat\.example.*US.*by mistake"):
            _name(node, file, *words)
    assert file_of(node, first).removal == first


def test_what_nobody_had_said_of_a_place_is_taken_from_who_names_it(node: Node) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work:
        removal = actions.new_removal(
            work, file.case.id, GROUP, form=PlaceForm.MESSAGE_GROUP, host=NO_HOST
        )
        store.insert_removal(work.db, removal, GROUP)
    found = _name(node, file, "chat.example", "KR")
    assert (found.id, found.host, found.country) == (removal.id, "chat.example", "KR")
    with open_work(node, CONSOLE) as work:
        assert noticing.make_notice(work, found.id).host == "chat.example"


def test_a_hosts_name_in_hangul_is_the_one_under_which_its_places_are_noted() -> None:
    assert read_host("예시.kr") == place_of("https://예시.kr/1", date(2014, 3, 1)).host
    assert read_host("예시.kr:8443") == read_host("예시.kr") + ":8443"
    for wrong in ("예시 kr", "예시..kr", "예" * 70):
        with pytest.raises(Invalid, match="A host is a name"):
            read_host(wrong)


def test_a_hosts_answer_is_recorded_where_the_place_moved_to(node: Node) -> None:
    file = a_case(node)
    first = add(node, file, "https://host.example/1")
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, first.id)
        noticing.carry_notice(work, notice.id)
        moving.record_state(work, first.id, RemovalState.MOVED, moved_to="https://host.example/2")
    with open_work(node, CONSOLE) as work:
        places = [each.removal for each in actions.list_removals(work, file.case.id)]
        (moved,) = [each for each in places if each.moved_from == first.id]
        noticing.record_reply(work, moved.id, ReplyKind.ACKNOWLEDGED)
    assert [each.kind for each in file_of(node, moved).replies] == [ReplyKind.ACKNOWLEDGED]


def test_a_korean_nodes_blocking_body_is_written_to_in_korean(node: Node) -> None:
    with open_work(node, CONSOLE) as work:
        assert noticing.language_of(work, BLOCKING_BODY) is NoticeLanguage.KOREAN
        assert noticing.language_of(work, "host.example") is NoticeLanguage.ENGLISH
