"""An agreement's days end what came under it, unless a case keeps it by its own law: that wins."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.nodes import CONSOLE
from tests.police.folk import file_of, recorded, suspect, verified
from tests.police.retention.test_erasing import closed, later
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, hold_signed, open_road, values
from tests.sharing.referral.test_keeping import SHORT, kept_days
from tests.tips.triage.filed import report_xml
from tipbridge import pipeline
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import moving
from tipbridge.police.removals.model import RemovalState
from tipbridge.police.welfare import actions as welfare
from tipbridge.sharing.referral.model import SourceKind

MOU = SHORT.replace("keep_days = 400", "keep_days = 40").replace("review_days = 365", "")


def test_a_case_keeps_it_past_the_agreements_day_and_its_end_is_stated(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        here, there = road.liaison, road.clearing
        hold_signed(there, here, MOU)
        sent = road.refer(there, SourceKind.TIP, road.tip(report_xml(PERSON)), here)
        net.settle(road.nodes, pipeline.follow)
        came = road.received(here)[0].id
        with open_work(here, CONSOLE) as work:
            (line,) = cases.list_cases(work)
        file = file_of(here, line.id)
        person = recorded(
            here, file, suspect(birth=verified(date(2006, 1, 1)), act_on=date(2014, 2, 1))
        )
        with open_work(here, CONSOLE) as work:
            (record,) = welfare.list_records(work)
            contacts = welfare.read_record(work, record.welfare.id).contacts
        assert contacts == ("welfare@knpa.example",)
        closed(here, line.id, person)
        with open_work(here, CONSOLE) as work:
            for each in removals.list_removals(work, line.id):
                moving.record_state(work, each.removal.id, RemovalState.REMOVED)
        over = START + timedelta(days=41)
        later(here, over)
        assert values(here, came)
        net.settle(road.nodes, pipeline.follow)
        held = kept_days(there, sent)
        assert (kept_days(here, came).held_at, held.held_at) == (over, over)
        assert not held.is_proof_overdue(START + timedelta(days=400))
        for statement in (
            f"SELECT tb_erase_referral('{came}')",
            "UPDATE kept_referrals SET keep_until = NULL",
        ):
            refused = pytest.raises(DBAPIError, match=r"only the worker|permission denied")
            with refused, open_work(here, CONSOLE) as work:
                work.db.execute(text(statement))
        for days in (372, 373):
            later(here, START + timedelta(days=days))
        assert values(here, came) == {}
        net.settle(road.nodes, pipeline.follow)
        assert kept_days(here, came).deleted_at is not None
        with open_work(here, CONSOLE) as work:
            other = fairness.open_case(
                work, origin=CaseOrigin.PUBLIC_REPORT, grounds="Told at the desk.", grade="X4"
            )
            with pytest.raises(Conflict, match="was deleted"):
                cases.feed_referral(work, other.id, referral=came)
        assert kept_days(there, sent).ended_at == START + timedelta(days=373)
