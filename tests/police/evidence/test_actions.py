"""Exhibits through the actions, on the real database."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE, acting, add_unit, build_node
from tests.police.evidence.folders import examined
from tests.sharing.net import audit
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.cases import store as cases
from tipbridge.police.cases.model import Case
from tipbridge.police.evidence import actions, keeping
from tipbridge.police.evidence.acquisitions import acquire
from tipbridge.police.evidence.errors import CustodyBroken, MarkTaken
from tipbridge.police.evidence.model import (
    CustodyEvent,
    CustodyFault,
    CustodyKind,
    Exhibit,
    FindingKind,
    Taking,
)
from tipbridge.police.evidence.rules import changed_since


def a_case(node: Node, *, unit: int = 1, restricted: bool = False, members=()) -> str:
    with open_work(node, WORKER) as work:
        case = Case(
            id=work.ids.new(),
            number=cases.next_number(work.db, 2014),
            unit_id=unit,
            restricted=restricted,
            members=tuple(members),
            jurisdiction="kr",
            opened_at=work.now,
        )
        cases.insert_case(work.db, case)
    return case.id


def an_exhibit(node: Node, actor: Actor, case: str, **chosen) -> Exhibit:
    values = {
        "mark": "USB-1",
        "kind": "device",
        "description": "a USB stick",
        "place": "at home",
        "authority": "warrant 2014-1",
    } | chosen
    with open_work(node, actor) as work:
        return actions.add_exhibit(work, case, **values)


def a_folder(root: Path, count: int, size: int = 64) -> Path:
    for number in range(count):
        part = root / f"{number // 500:03}"
        if number % 500 == 0:
            part.mkdir(parents=True)
        (part / f"{number:06}.bin").write_bytes(b"%08d" % number * (size // 8))
    return root


def test_an_exhibit_goes_from_hand_to_hand_and_is_examined(node, staff, tmp_path: Path) -> None:
    officer, lab = staff(node, Role.INVESTIGATOR), staff(node, Role.EXAMINER)
    exhibit = an_exhibit(node, officer, a_case(node), identifiers="maker x, serial 1")
    with open_work(node, officer) as work:
        keeping.seal_exhibit(work, exhibit.id, seal="A 001")
    with open_work(node, officer) as work:
        actions.hand_over(work, exhibit.id, to=lab.name)
    with open_work(node, lab) as work:
        actions.receive(work, exhibit.id)
    (tmp_path / "medium").write_bytes(b"synthetic")
    acquire(node, lab, exhibit.id, source=tmp_path / "medium", image=tmp_path / "image")
    with open_work(node, lab) as work:
        done = examined(work, exhibit.id, folder=a_folder(tmp_path / "usb", 30))
    assert (done.total, done.processed, done.unprocessed, done.findings) == (30, 30, 0, 0)
    with open_work(node, lab) as work:
        actions.return_exhibit(work, exhibit.id, to="the owner")
    with open_work(node, officer) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert [event.kind for event in view.custody] == [
        kind for kind in CustodyKind if kind is not CustodyKind.DESTROYED
    ]
    assert not [event for event in view.custody if event.faults]
    assert view.keeping.returned
    assert (view.custody[2].giver, view.custody[2].taker) == (officer.name, lab.name)
    assert len(view.files) == 30


def test_a_break_in_the_chain_is_refused_without_a_reason_and_marked_with_one(
    node, staff, tmp_path: Path
) -> None:
    officer, lab = staff(node, Role.INVESTIGATOR), staff(node, Role.EXAMINER)
    exhibit = an_exhibit(node, officer, a_case(node))
    folder = a_folder(tmp_path / "usb", 3)
    with pytest.raises(CustodyBroken) as refused, open_work(node, lab) as work:
        examined(work, exhibit.id, folder=folder)
    assert refused.value.faults == (CustodyFault.NOT_THE_HOLDER,)
    with pytest.raises(CustodyBroken), open_work(node, lab) as work:
        actions.receive(work, exhibit.id)
    with open_work(node, lab) as work:
        done = examined(work, exhibit.id, folder=folder, reason="examined where it was seized")
    assert done.processed == 3
    with open_work(node, officer) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert view.custody[-1].faults == (CustodyFault.NOT_THE_HOLDER,)
    assert view.custody[-1].reason == "examined where it was seized"
    assert len(view.examinations) == 1, "what was refused left nothing"


def test_the_other_side_must_be_the_one_that_was_named(node, staff) -> None:
    officer, lab, other = (
        staff(node, Role.INVESTIGATOR),
        staff(node, Role.EXAMINER),
        staff(node, Role.EXAMINER),
    )
    exhibit = an_exhibit(node, officer, a_case(node))
    with open_work(node, officer) as work:
        actions.hand_over(work, exhibit.id, to=lab.name)
    with pytest.raises(CustodyBroken) as refused, open_work(node, other) as work:
        actions.receive(work, exhibit.id)
    assert refused.value.faults == (CustodyFault.NOT_THE_RECEIVER,)
    with pytest.raises(CustodyBroken), open_work(node, officer) as work:
        actions.hand_over(work, exhibit.id, to=other.name)


def test_nothing_is_seized_in_the_future(node) -> None:
    case = a_case(node)
    with open_work(node, CONSOLE) as work:
        later = work.now + timedelta(days=1)
    with pytest.raises(CustodyBroken):
        an_exhibit(node, CONSOLE, case, taking=Taking(at=later))
    with open_work(node, CONSOLE) as work:
        assert actions.list_exhibits(work) == []


def test_a_mark_is_given_once_in_a_case(node) -> None:
    case, other = a_case(node), a_case(node)
    an_exhibit(node, CONSOLE, case)
    with pytest.raises(MarkTaken):
        an_exhibit(node, CONSOLE, case)
    an_exhibit(node, CONSOLE, other)


@pytest.mark.parametrize(
    "chosen", [{"kind": "thing"}, {"mark": " "}, {"place": ""}, {"description": "x" * 2001}]
)
def test_what_does_not_fit_is_refused(node, chosen: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        an_exhibit(node, CONSOLE, a_case(node), **chosen)


def test_what_stands_on_a_list_by_any_digest_is_a_finding(node, tmp_path: Path) -> None:
    known = [digest_bytes(b"%08d" % number * 8) for number in range(4)]
    listed(node, "known", known[0].md5, known[1].sha1, known[2].sha256)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    folder = a_folder(tmp_path / "usb", 6)
    (folder / "copy").write_bytes(b"%08d" % 0 * 8)
    with open_work(node, CONSOLE) as work:
        done = examined(work, exhibit.id, folder=folder)
    assert (done.processed, done.findings, done.items, len(done.lists)) == (7, 4, 3, 1)
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id, findings_only=True)
        (line,) = actions.list_exhibits(work)
    assert {file.finding for file in view.files} == {FindingKind.LISTED}
    assert line.items == 3


def test_a_sorted_folder_makes_every_file_a_finding_and_counts_each_once(
    node, tmp_path: Path
) -> None:
    case = a_case(node)
    first = an_exhibit(node, CONSOLE, case)
    folder = a_folder(tmp_path / "usb", 5)
    (folder / "copy").write_bytes(b"%08d" % 0 * 8)
    with open_work(node, CONSOLE) as work:
        done = examined(work, first.id, folder=folder, sorted_material=True)
    assert (done.findings, done.items) == (6, 5)


def test_what_was_not_processed_is_counted_with_its_reason(node, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "usb", 4)
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "elsewhere").symlink_to("/etc")
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with open_work(node, CONSOLE) as work:
        done = examined(work, exhibit.id, folder=folder)
    assert (done.total, done.processed, done.unprocessed) == (6, 4, 2)
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert view.skipped_by_reason == {"symbolic-link": 2}
    assert {entry.path for entry in view.skipped} == {"link", "elsewhere"}


def test_an_exhibit_is_seen_by_those_who_see_its_case(node, staff) -> None:
    north, south = add_unit(node, "north"), add_unit(node, "south")
    one, other = staff(node, Role.INVESTIGATOR, north), staff(node, Role.INVESTIGATOR, south)
    above = staff(node, Role.EXAMINER)
    case = a_case(node, unit=north)
    exhibit = an_exhibit(node, one, case)
    for actor in (one, above):
        with open_work(node, actor) as work:
            assert actions.read_exhibit(work, exhibit.id).exhibit.id == exhibit.id
    with pytest.raises(NotFound) as unseen, open_work(node, other) as work:
        actions.read_exhibit(work, exhibit.id)
    with pytest.raises(NotFound) as missing, open_work(node, other) as work:
        actions.read_exhibit(work, "0" * 32)
    assert str(unseen.value).replace(exhibit.id, "") == str(missing.value).replace("0" * 32, "")
    with pytest.raises(NotFound):
        an_exhibit(node, other, case, mark="USB-2")
    with pytest.raises(NotFound), open_work(node, other) as work:
        actions.hand_over(work, exhibit.id, to="me")
    with open_work(node, other) as work:
        assert actions.list_exhibits(work) == []


def test_an_exhibit_of_a_restricted_case_is_seen_by_members_alone(node, staff) -> None:
    member, colleague = staff(node, Role.INVESTIGATOR), staff(node, Role.INVESTIGATOR)
    exhibit = an_exhibit(node, member, a_case(node, restricted=True, members=[member.id]))
    with pytest.raises(NotFound), open_work(node, colleague) as work:
        actions.read_exhibit(work, exhibit.id)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR, Role.PRESS, Role.AUDITOR])
def test_other_roles_may_not_touch_exhibits(node, staff, role: Role) -> None:
    with pytest.raises(Forbidden):
        an_exhibit(node, staff(node, role), a_case(node))


def test_an_investigator_does_not_examine(node, staff, tmp_path: Path) -> None:
    officer = staff(node, Role.INVESTIGATOR)
    exhibit = an_exhibit(node, officer, a_case(node))
    with pytest.raises(Forbidden), open_work(node, officer) as work:
        examined(work, exhibit.id, folder=tmp_path)


@pytest.mark.slow
def test_thousands_of_small_files_are_examined_fast(node, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "laptop", 9_500)
    known = [digest_bytes(b"%08d" % number * 8).sha256 for number in range(0, 9_500, 2)]
    listed(node, "known", *known)
    case = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case)
    first = an_exhibit(node, CONSOLE, case, mark="USB-2")
    with open_work(node, CONSOLE) as work:  # what is loaded once is loaded
        examined(work, first.id, folder=a_folder(tmp_path / "few", 10))
    begun = time.process_time()
    with open_work(node, CONSOLE) as work:
        done = examined(work, exhibit.id, folder=folder)
    spent = time.process_time() - begun
    assert (done.total, done.processed, done.items) == (9_500, 9_500, 4_750)
    assert spent < 5, "38,000 files in 20 seconds of one core, so a quarter in a quarter"


def test_a_custody_event_that_was_changed_afterwards_is_named(
    database, staff, tmp_path: Path
) -> None:
    node = build_node(tmp_path / "node", database)
    officer, lab = staff(node, Role.INVESTIGATOR), staff(node, Role.EXAMINER)
    exhibit = an_exhibit(node, officer, a_case(node))
    with open_work(node, officer) as work:
        given = actions.hand_over(work, exhibit.id, to=lab.name)
    with open_work(node, lab) as work:
        actions.receive(work, exhibit.id)
    with open_work(node, officer) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert view.custody_changed == ()
    assert [facts["custody"] for facts in custody_facts(node)] == [
        event.digest for event in view.custody
    ], "the log holds each digest"
    assert view.custody[1].digest == given.digest
    with acting(database.owner, officer) as db:
        db.exec_driver_sql("UPDATE exhibit_custody SET taker = 'somebody' WHERE position = 2")
    with open_work(node, officer) as work:
        assert actions.read_exhibit(work, exhibit.id).custody_changed == (2,)
    with acting(database.owner, officer) as db:
        db.exec_driver_sql("UPDATE exhibit_custody SET digest = %s WHERE position = 2", ("0" * 64,))
    with open_work(node, officer) as work:
        assert actions.read_exhibit(work, exhibit.id).custody_changed == (2, 3)


def custody_facts(node: Node) -> list[dict[str, object]]:
    return [facts for _, _, facts in audit(node) if "custody" in facts]


def test_a_sealed_and_destroyed_exhibit_has_a_whole_chain_that_ends(node: Node) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node), kind="paper")
    with open_work(node, CONSOLE) as work:
        keeping.seal_exhibit(work, exhibit.id, seal=" A 001 ")
    with open_work(node, CONSOLE) as work:
        keeping.destroy_exhibit(work, exhibit.id, witness="person-001", how="shredded, order 7")
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert [(each.kind, each.detail) for each in view.custody] == [
        (CustodyKind.SEIZED, None),
        (CustodyKind.SEALED, "A 001"),
        (CustodyKind.DESTROYED, "shredded, order 7"),
    ]
    assert not any(each.faults for each in view.custody)
    assert view.keeping.destroyed
    assert view.keeping.holder is None
    assert not view.custody_changed
    with open_work(node, CONSOLE) as work, pytest.raises(CustodyBroken) as refused:
        keeping.seal_exhibit(work, exhibit.id, seal="A 002")
    assert CustodyFault.ALREADY_DESTROYED in refused.value.faults


def test_a_changed_seal_number_is_noticed(node: Node) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with open_work(node, CONSOLE) as work:
        keeping.seal_exhibit(work, exhibit.id, seal="A 001")
    chain = [replace(each, detail=each.detail and "A 002") for each in _chain(node, exhibit.id)]
    assert changed_since(exhibit.id, chain) == (2,)
    assert not changed_since(exhibit.id, _chain(node, exhibit.id))


def _chain(node: Node, exhibit_id: str) -> tuple[CustodyEvent, ...]:
    with open_work(node, CONSOLE) as work:
        return actions.read_exhibit(work, exhibit_id).custody


def test_nobody_destroys_before_themselves_or_what_another_holds(node: Node) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with open_work(node, CONSOLE) as work, pytest.raises(CustodyBroken) as refused:
        keeping.destroy_exhibit(work, exhibit.id, witness=CONSOLE.name, how="shredded")
    assert refused.value.faults == (CustodyFault.SAME_SIDE,)
    with open_work(node, CONSOLE) as work:
        actions.hand_over(work, exhibit.id, to="lab", outside=True)
    with open_work(node, CONSOLE) as work, pytest.raises(CustodyBroken) as refused:
        keeping.destroy_exhibit(work, exhibit.id, witness="person-001", how="shredded")
    assert refused.value.faults == (CustodyFault.NOT_RECEIVED,)


def test_photographs_are_kept_by_their_digests_once(node: Node) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node), kind="account-export")
    printed = f"front.jpg  sha256 {'A' * 64}\nback.jpg  sha256 {'b' * 64}  md5 {'c' * 32}"
    for shows in ("both sides", "the same again"):
        with open_work(node, CONSOLE) as work:
            kept = keeping.add_photographs(work, exhibit.id, digests=printed, shows=shows)
        assert [each.sha256 for each in kept] == ["a" * 64, "b" * 64]
    with open_work(node, CONSOLE) as work:
        photographs = actions.read_exhibit(work, exhibit.id).photographs
    assert [(each.sha256, each.shows) for each in photographs] == [
        ("a" * 64, "both sides"),
        ("b" * 64, "both sides"),
    ]
    for digests in ("", "c" * 32, "d" * 65):
        with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="0 SHA-256"):
            keeping.add_photographs(work, exhibit.id, digests=digests, shows="x")
