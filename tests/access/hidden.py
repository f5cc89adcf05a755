"""Two nodes that differ in what nobody there may see: one holds it, the other never did.

Both begin as copies of the world. On the first, every owned row is restricted to others; on the
second these rows are gone. Then the same work is done on both, with the same identifiers, files
and addresses that the hidden rows have, and on the first still more in records of a child that
the case's readers don't see. So whatever differs in an answer was told by a hidden row.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import text

from tests.access.building import CHILD, DETAILS, FILES, THERE, follow
from tests.access.casework import keep_more, make_demands, relate, what_came_of_it
from tests.access.exhibits import make_exhibits
from tests.access.expected_tables import TABLES
from tests.access.feeding import detach_from_hidden, feed_and_detach
from tests.access.giving import DATA
from tests.access.material import ADDRESS, planted
from tests.access.world import World, forgetful
from tests.databases import Database, copied_database
from tests.nodes import CONSOLE
from tests.sharing.net import settle
from tests.tips.triage.filed import file_tip, report_xml
from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.launcher import JANITOR_ROLE, Server
from tipbridge.foundation.storage.vault import Vault
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.law.model import Birth, Certainty, Offence, Outcome
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import identifying
from tipbridge.police.cases.children import actions as children
from tipbridge.police.cases.children.model import ChildFacts
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.model import Identifier, IdentifierKind, Motive, PersonFacts, PersonRole
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes import steps as stages
from tipbridge.police.outcomes.model import AppealBy
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import voting
from tipbridge.police.removals.model import PlaceForm
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import FollowUpKind, GuardianNotice, TalkWith, WelfareFacts
from tipbridge.sharing.referral import actions as referral
from tipbridge.sharing.referral.model import SourceKind
from tipbridge.tips.filing import drafts
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.triage import actions as triage

SEIZED, UNSEEN = "seized", b"synthetic three"
_YOUNG = Birth(earliest=date(2001, 3, 1), latest=date(2001, 3, 1), certainty=Certainty.VERIFIED)
_KNOWN = (
    (IdentifierKind.ACCOUNT, "example-social", "kid-1"),
    (IdentifierKind.ACCOUNT, "example-social", "user-1"),
    (IdentifierKind.IP, "", "203.0.113.7"),
)


@contextlib.contextmanager
def pair(world: World, server: Server, folder: Path) -> Iterator[tuple[World, World]]:
    """The node that holds the hidden rows, and the one that doesn't; nothing tried on them stays."""
    with world.owned("restricted"), contextlib.ExitStack() as stack:
        world.node.engine.dispose()
        holding, without = (
            stack.enter_context(copied_database(server, world.database)) for _ in range(2)
        )
        _forget_owned(without)
        yield tuple(  # type: ignore[misc]
            _copy(world, database, folder / database.name, stack, narrow=database is holding)
            for database in (holding, without)
        )


def _copy(
    world: World, database: Database, data: Path, stack: contextlib.ExitStack, *, narrow: bool
) -> World:
    shutil.copytree(world.node.data, data)
    vault = Vault(data / "vault", world.node.keys.vault_identity)
    node = replace(world.node, data=data, vault=vault, engine=database.app)
    units = (world.units["own"], world.units["below"])
    staff = replace(CONSOLE, unit=units[0], units=units)
    ids = _work(node, staff, data / SEIZED)
    _in_a_narrowed_record(node, staff, ids, more=narrow)
    if narrow:
        for each in ("fed", "fed_too"):
            detach_from_hidden(node, world.ids["case"], ids[each], ids["case"])
    trying = forgetful(node, database)
    stack.callback(trying.engine.dispose)
    shutil.copytree(data / "vault", data / "vault-copy")
    return replace(
        world,
        node=trying,
        database=database,
        ids=dict(world.ids) | ids,
        vault_copy=data / "vault-copy",
    )


def _forget_owned(database: Database) -> None:
    """Take every owned row away, past triggers and policies, as if it had never been."""
    with database.owner.begin() as db:
        db.execute(text(f"SET LOCAL ROLE {JANITOR_ROLE}"))
        db.execute(text("SET LOCAL session_replication_role = replica"))
        for table in (name for name, whose in TABLES.items() if whose == "owned"):
            db.execute(text(f"DELETE FROM {table}"))


def _work(node: Node, staff: Actor, seized: Path) -> dict[str, str]:
    """Cases and a tip that the world's actors see."""
    ids = _tip(node, staff)
    with open_work(node, staff) as work:
        first, *others = (
            fairness.open_case(
                work, origin=CaseOrigin.PUBLIC_REPORT, grounds=planted("Synthetic."), grade="B2"
            ).id
            for _ in range(3)
        )
        ids |= {"case": first, "person": _child(work, first), "other_child": _child(work, first)}
        for kind, scope, value in _KNOWN:
            found = Identifier(kind=kind, scope=scope, value=value)
            identifying.add_identifier(work, ids["person"], found)
        place = removals.add_place(work, first, address=ADDRESS, form=PlaceForm.URL)
        _decide(work, ids)
        ids |= relate(work, first, others)
        ids |= make_demands(work, first, ids["person"])
        ids |= keep_more(work, first, ids["person"])
        ids |= make_exhibits(work, first, seized)
        voting.name_item(work, place.id, digest_bytes(FILES[0]).sha256)
    settle([node], _follow)
    ids |= what_came_of_it(node, staff, first)
    ids |= feed_and_detach(node, staff, first)
    settle([node], _follow)
    return ids


def _follow(node: Node, event: str, ids: dict[str, str]) -> None:
    """All that the worker does but this: who asks, with grounds, is told of a hit in a hidden case."""
    if event != "cases.asking.made":
        follow(node, event, ids)


def _tip(node: Node, staff: Actor) -> dict[str, str]:
    """A tip with the account and the addresses of the hidden ones, and a draft of it.

    Not with their files: that a file came before is told of reports that nobody here may open, too.
    """
    report = file_tip(node, report_xml(CHILD), files=[UNSEEN], details=[DETAILS])
    with open_work(node, replace(staff, unit=1, units=(1, *staff.units))) as work:
        triage.assign_tip(work, report, unit="own")
    with open_work(node, staff) as work:
        draft = referral.open_referral(work, kind=SourceKind.TIP, source_id=report, peer_id=THERE)
        referral.decide_referral(work, draft)
        filing = drafts.save_draft(work, report_xml(), [Enclosure(source=DATA)])
    return {"report": report, "draft": draft, "report_draft": filing}


def _child(work: Work, case: str) -> str:
    person = cases.add_person(work, case, roles=[PersonRole.SUSPECT, PersonRole.VICTIM])
    facts = PersonFacts(
        birth=_YOUNG, act_on=date(2014, 2, 20), offence=Offence.DISTRIBUTION, self_produced=True
    )
    cases.record_person(work, person, facts)
    return person


def _decide(work: Work, ids: dict[str, str]) -> None:
    outcomes.decide_outcome(
        work, ids["person"], outcome=Outcome.JUVENILE_DIVISION, grounds=planted("Synthetic.")
    )
    ids["appeal"] = stages.file_appeal(
        work, ids["person"], by=AppealBy.GUARDIAN, grounds=planted("A synthetic appeal.")
    ).id


def _in_a_narrowed_record(node: Node, staff: Actor, ids: dict[str, str], *, more: bool) -> None:
    """Narrow a child's record and open the child's own file; do `more` in both."""
    with open_work(node, staff) as work:
        record = next(
            line.welfare.id
            for line in welfare.list_records(work)
            if line.welfare.person_id == ids["other_child"]
        )
        welfare.change_access(work, record, members=(), narrowed=True)
        file = children.open_child_file(work, ids["case"], ids["other_child"]).id
    ids |= {"narrowed": record, "own_file": file}
    if more:
        with open_work(node, staff) as work:
            _do_more(work, ids)
        settle([node], _follow)


def _do_more(work: Work, ids: dict[str, str]) -> None:
    record = ids["narrowed"]
    # Not contact itself: that, every reader of the case is told, before any coercive step.
    facts = WelfareFacts(
        agency=planted("Another agency."), guardian_notice=GuardianNotice.NO_GUARDIAN
    )
    welfare.record_welfare(work, record, facts)
    welfare.record_talk(work, record, talk_with=TalkWith.CHILD, why=Motive.COERCED)
    planned = welfare.plan_follow_up(
        work, record, kind=FollowUpKind.COUNSELLING, due_on=date(2014, 3, 1)
    )
    welfare.finish_follow_up(work, record, planned.id)
    children.record_child(work, ids["case"], ids["own_file"], ChildFacts(needs=planted("Quiet.")))
