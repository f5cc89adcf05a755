"""Removals on the real database: places, states, votes and the measure of hosts."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.nodes import CONSOLE, add_staff
from tests.police.cases.builders import account_parts, file_part, sha256, taken, varied
from tests.police.evidence.folders import examined
from tests.police.evidence.test_actions import an_exhibit
from tests.police.folk import a_case
from tests.police.folk import file_of as file_in
from tests.police.removals.places import a_place, add, clock, file_of
from tipbridge.foundation.access.actors import actor_of
from tipbridge.foundation.access.store import insert_staff, staff_by_id
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.cases import store as cases_store
from tipbridge.police.cases.actions import restrict_case
from tipbridge.police.removals import actions, moving, noticing, store, voting
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.model import (
    Basis,
    Classification,
    PlaceForm,
    Removal,
    RemovalState,
)

S = RemovalState
MOVED_TO = "https://other.example/posts/7"


def _record(node: Node, removal: Removal, *states: S) -> None:
    for state in states:
        with open_work(node, CONSOLE) as work:
            moving.record_state(
                work, removal.id, state, moved_to=MOVED_TO if state is S.MOVED else None
            )


def _asked(node: Node, removal: Removal) -> None:
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, removal.id)
        noticing.carry_notice(work, notice.id)


def test_a_place_is_noted_once_and_never_as_a_link(node: Node) -> None:
    file = a_case(node)
    first = add(node, file, "https://host.example/a.b")
    assert first.address == "hxxps[:]//host[.]example/a[.]b"
    assert (first.host, first.basis, first.state) == ("host.example", Basis.STAFF, S.UNKNOWN)
    assert add(node, file, first.address).id == first.id
    endless = f"https://host.example/{varied(2000)}"
    assert add(node, file, endless).id == add(node, file, endless).id, "however long"
    assert "host.example/" not in repr(file_of(node, first))


@pytest.mark.parametrize("form", [PlaceForm.ACCOUNT_POST, PlaceForm.MESSAGE_GROUP])
def test_what_is_no_web_address_needs_its_service(node: Node, form: PlaceForm) -> None:
    file = a_case(node)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.add_place(work, file.case.id, address="user-9/77", form=form)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid):
        actions.add_place(
            work, file.case.id, address="user-9/77", form=form, host="chat.example", country="kr"
        )
    with open_work(node, CONSOLE) as work:
        found = actions.add_place(
            work,
            file.case.id,
            address="user-9/77",
            form=form,
            host="chat.example",
            country="KR",
            basis=Basis.DEPICTED,
        )
    assert (found.form, found.host, found.country) == (form, "chat.example", "KR")


def test_states_follow_each_other_and_say_who_says_so(node: Node) -> None:
    removal = a_place(node)
    with pytest.raises(Conflict):
        _record(node, removal, S.REAPPEARED)
    _record(node, removal, S.LIVE, S.GEO_BLOCKED, S.REMOVED, S.REAPPEARED, S.MOVED)
    found = file_of(node, removal)
    assert [step.state for step in found.steps][-1] is S.MOVED
    assert {step.by for step in found.steps} == {CONSOLE.id}


def test_places_move_to_one_that_the_case_had_noted_and_one_that_is_gone_is_said_first(
    node: Node,
) -> None:
    file = a_case(node)
    known = add(node, file, MOVED_TO)
    olds = [add(node, file, f"https://host.example/{n}") for n in range(2)]
    for old in olds:
        _record(node, old, S.MOVED)
        moved = file_of(node, old).removal
        assert (moved.moved_to, moved.moved_nowhere) == (known.id, False)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="to a web address"):
        moving.record_state(work, olds[0].id, S.MOVED, moved_to="not known")
    _record(node, olds[0], S.MOVED)  # said again, nothing changes
    _record(node, known, S.REMOVED)
    with open_work(node, CONSOLE) as work:
        assert actions.count_up(work, file.case.id) == 0
        assert len(actions.list_removals(work, file.case.id)) == 3
    with pytest.raises(Conflict, match="called removed"):
        _record(node, add(node, file, "https://host.example/late"), S.MOVED)
    _record(node, known, S.REAPPEARED)
    with open_work(node, CONSOLE) as work:  # back to where it came from: no circle is walked
        moving.record_state(work, olds[0].id, S.REAPPEARED)
        moving.record_state(work, known.id, S.MOVED, moved_to="https://host.example/0")
        assert actions.count_up(work, file.case.id) == 2
    _asked(node, olds[0])


def test_another_unit_or_a_restricted_case_gives_nothing(
    node: Node, staff: Callable[..., Actor]
) -> None:
    removal = a_place(node)
    colleague = staff(node, Role.INVESTIGATOR)
    with open_work(node, CONSOLE) as work:
        restrict_case(work, removal.case_id, members=())
    with pytest.raises(NotFound), open_work(node, colleague) as work:
        moving.record_state(work, removal.id, S.LIVE)
    with open_work(node, colleague) as work:
        assert actions.list_up(work) == []
        assert actions.measure_hosts(work) == ()


def test_hosts_are_measured_from_the_first_notice_with_what_was_not_seen_left_out(
    node: Node,
) -> None:
    file = a_case(node)
    quick, slow, unseen = (add(node, file, f"https://host.example/{n}") for n in range(3))
    add(node, file, "https://host.example/never-asked")
    for removal in (quick, slow, unseen):
        _asked(node, removal)
    clock(node, 2014, 6, 2, 13)
    _record(node, quick, S.REMOVED)
    clock(node, 2014, 6, 7, 3)
    _record(node, slow, S.LIVE)
    _record(node, quick, S.REAPPEARED)
    with open_work(node, CONSOLE) as work:
        (found,) = actions.measure_hosts(work)
    assert (found.noticed, found.gone, found.reappeared) == (3, 1, 1)
    assert [(point.after, point.at_risk) for point in found.curve] == [(timedelta(hours=10), 2)]
    assert found.gone_within == (1, 1, 1)
    assert found.watched == (2, 2, 1)
    assert found.up_at == (Fraction(1, 2), Fraction(1, 2), None)


def test_gone_before_anybody_asked_is_no_hosts_merit(node: Node) -> None:
    removal = a_place(node)
    _record(node, removal, S.REMOVED)
    with open_work(node, CONSOLE) as work:
        assert actions.measure_hosts(work) == ()
    with pytest.raises(Conflict):
        _asked(node, removal)


def _item(node: Node) -> Removal:
    """A removed place whose file a referral reports."""
    result = taken(node, [*account_parts(), file_part(7)])
    with open_work(node, WORKER) as work:
        (referral,) = cases_store.referrals_of(work.db, result.case_id)
        removal = replace(
            actions.new_removal(
                work,
                result.case_id,
                "https://host.example/7",
                form=PlaceForm.URL,
                host="host.example",
            ),
            referral_id=referral.referral_id,
            label="files/0/address",
        )
        assert store.insert_removal(work.db, removal, "https://host.example/7")
        items.report_item(work.db, result.case_id, "https://host.example/7", sha256(7))
    return removal


def test_a_removed_items_digest_is_offered_after_three_votes(
    node: Node, staff: Callable[..., Actor]
) -> None:
    removal = _item(node)
    voters = [add_staff(node, Role.EXAMINER), add_staff(node, Role.INVESTIGATOR), CONSOLE]
    examiner = voters[0]
    with open_work(node, examiner) as work:
        hashes.add_list(work, name="removed", purpose="known-material", owner="this agency")
    for number, voter in enumerate((voters[0], *voters), start=1):
        with open_work(node, voter) as work:
            agreeing = voting.classify_item(work, removal.id, Classification.BASELINE)
        assert agreeing == max(number - 1, 1)  # a second vote of one is still one
    with open_work(node, examiner) as work, pytest.raises(Conflict, match="Only what was removed"):
        voting.offer_item(work, removal.id, list_name="removed")
    _record(node, removal, S.REMOVED)
    with pytest.raises(Forbidden), open_work(node, voters[1]) as work:
        voting.offer_item(work, removal.id, list_name="removed")
    for added in (1, 0):
        with open_work(node, examiner) as work:
            assert voting.offer_item(work, removal.id, list_name="removed") == added
        # What staff said of the item went along, as their votes on the entry that waits.
        assert _votes_on(node, "removed") == {(True, "baseline"): 3}
    (offer,) = file_of(node, removal).offers
    assert (offer.list_name, offer.by_mistake) == ("removed", False)
    with open_work(node, add_staff(node, Role.EXAMINER)) as work:
        assert hashes.known(work, [sha256(7)]) == {}  # it waits for a second person
        hashes.activate_version(work, name="removed")
        assert sha256(7) in hashes.known(work, [sha256(7)])
    with open_work(node, voters[1]) as work:  # whoever changes their mind changes it there too
        voting.classify_item(work, removal.id, Classification.NOT_ILLEGAL)
    assert _votes_on(node, "removed") == {(True, "baseline"): 2, (False, "not-illegal"): 1}


def test_somebody_with_two_user_names_has_one_vote(node: Node) -> None:
    removal, first = _item(node), add_staff(node, Role.EXAMINER)
    with open_work(node, WORKER) as work:
        known = staff_by_id(work.db, first.id)
        assert known is not None
        again = replace(known, id=work.ids.new(), username="again", same_person_as=first.id)
        assert insert_staff(work.db, again)
        second = actor_of(work.db, again)
    for voter in (first, second):
        with open_work(node, voter) as work:
            assert voting.classify_item(work, removal.id, Classification.BASELINE) == 1


def _votes_on(node: Node, name: str) -> dict[tuple[bool, str], int]:
    """How many votes of which kind and reason the entry for the item has."""
    with open_work(node, CONSOLE) as work:
        list_id = hashes.find_list(work, name).id
        rows = work.db.execute(
            text(
                "SELECT affirmative, reason, count(DISTINCT voter) AS n FROM hash_list_votes"
                " WHERE list_id = :list AND kind = 'sha256' AND digest = decode(:digest, 'hex')"
                " GROUP BY 1, 2"
            ),
            {"list": list_id, "digest": sha256(7)},
        )
        return {(row.affirmative, row.reason): row.n for row in rows}


def test_staff_name_the_file_at_a_place_that_no_referral_named(node: Node) -> None:
    case_id = taken(node, [*account_parts("a"), file_part(7)]).case_id
    other = taken(node, [*account_parts("b"), file_part(8)]).case_id
    with open_work(node, CONSOLE) as work:
        removal = actions.add_place(
            work, case_id, address="https://host.example/by-staff", form=PlaceForm.URL
        )
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        voting.classify_item(work, removal.id, Classification.BASELINE)
    for wrong in ("", "7", "g" * 64, sha256(8), sha256(9)):  # 8 is another case's
        with pytest.raises(Invalid, match="SHA-256"), open_work(node, CONSOLE) as work:
            voting.name_item(work, removal.id, wrong)
    with open_work(node, CONSOLE) as work:
        voting.name_item(work, removal.id, sha256(7).upper())
        (shown,) = actions.list_removals(work, case_id)
    assert shown.digests == (sha256(7),)
    with open_work(node, CONSOLE) as work:
        assert voting.classify_item(work, removal.id, Classification.BASELINE) == 1
    with pytest.raises(Conflict, match="classified"), open_work(node, CONSOLE) as work:
        voting.name_item(work, removal.id, sha256(7))
    reported = _item(node)
    with pytest.raises(Conflict, match="referral"), open_work(node, CONSOLE) as work:
        voting.name_item(work, reported.id, sha256(7))
    assert other != case_id


def test_staff_name_a_file_that_was_found_on_an_exhibit_of_the_case(
    node: Node, tmp_path: Path
) -> None:
    removal, other = a_place(node), taken(node, account_parts("b")).case_id
    (tmp_path / "usb").mkdir()
    for case_id, name in ((removal.case_id, b"ours"), (other, b"theirs")):
        folder = tmp_path / "usb" / name.decode()
        folder.mkdir()
        (folder / "file.bin").write_bytes(name)
        stick = an_exhibit(node, CONSOLE, case_id)
        with open_work(node, CONSOLE) as work:
            examined(work, stick.id, folder=folder)
    place = add(node, file_in(node, removal.case_id), "https://host.example/seen-by-staff")
    digests = {name: hashlib.sha256(name).hexdigest() for name in (b"ours", b"theirs")}
    with pytest.raises(Invalid, match="SHA-256"), open_work(node, CONSOLE) as work:
        voting.name_item(work, place.id, digests[b"theirs"])
    with open_work(node, CONSOLE) as work:
        voting.name_item(work, place.id, digests[b"ours"])
        shown = actions.list_removals(work, removal.case_id)
    assert [each.digests for each in shown if each.removal.id == place.id] == [(digests[b"ours"],)]


def test_a_place_without_a_digest_has_nothing_to_classify(node: Node) -> None:
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        voting.classify_item(work, a_place(node).id, Classification.BASELINE)
