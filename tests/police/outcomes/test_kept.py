"""Who ends as cleared, whoever cleared them, is kept the shortest: the last ending counts."""

from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, outcome_of, recorded, suspect
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Mark, Outcome, Reason, Stage
from tipbridge.office.actions import set_clock
from tipbridge.police.outcomes import actions, steps
from tipbridge.police.outcomes.model import KeptRule, StepFacts
from tipbridge.police.retention import actions as retention
from tipbridge.police.retention import pages

Way = tuple[Stage, Reason | None]
SENT: Way = (Stage.SENT_TO_PROSECUTOR, None)
CHARGED: Way = (Stage.CHARGED, None)


def _kept(node: Node, year: int, *ways: Way) -> tuple[KeptRule | None, date | None]:
    """How long is kept what was recorded of an adult who was booked and went these ways."""
    file = a_case(node, now=datetime(year, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(year, 3, 10)))
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
        for stage, reason in ways:
            steps.record_step(work, person_id, StepFacts(stage=stage, reason=reason))
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(year, 11, 1, 3, tzinfo=UTC))
    history = outcome_of(node, file.case.id, person_id).history
    assert history.closed
    return history.kept, history.kept_until


@pytest.mark.parametrize(
    ("year", "ways", "days"),
    [
        (2014, (SENT, CHARGED, (Stage.ACQUITTED, None)), 365),
        (2014, (SENT, CHARGED, (Stage.GUILTY, None)), 3650),
        (2014, (SENT, (Stage.NOT_CHARGED, Reason.NO_CRIME_FOUND)), 365),
        (2014, (SENT, (Stage.NOT_CHARGED, Reason.INSUFFICIENT_EVIDENCE)), 365),
        (2014, (SENT, (Stage.NOT_CHARGED, Reason.NO_RIGHT)), 3650),
        (2021, ((Stage.NOT_SENT, Reason.NO_CRIME_FOUND),), 365),
        (2021, ((Stage.NOT_SENT, Reason.DISMISSAL),), 3650),
        (
            2014,
            (
                SENT,
                CHARGED,
                (Stage.ACQUITTED, None),
                (Stage.ON_APPEAL, None),
                (Stage.GUILTY, None),
            ),
            3650,
        ),
    ],
)
def test_who_a_court_or_a_prosecutor_clears_is_kept_as_long_as_who_the_police_clear(
    node: Node, year: int, ways: tuple[Way, ...], days: int
) -> None:
    kept, until = _kept(node, year, *ways)
    assert kept is not None
    assert kept.days == days
    assert until is not None
    if days == 365:
        assert (kept.source.rule, kept.source.mark) == ("RETENTION-CLEARED", Mark.UNCONFIRMED)


def test_everywhere_an_acquittal_is_kept_no_longer_than_what_clears_at_the_police() -> None:
    for law in shipped_laws():
        cleared, acquitted = law.outcome_of(Outcome.NO_SUSPICION), law.stage_of(Stage.ACQUITTED)
        assert cleared is not None
        assert acquitted is not None
        assert acquitted.kept is not None
        assert acquitted.kept_days == cleared.kept_days
        assert acquitted.kept.mark is Mark.UNCONFIRMED


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "booked without detention → acquitted"), ("ko", "불구속 입건 → 무죄")],
)
def test_the_plan_names_the_ending_that_counts(node: Node, language: str, says: str) -> None:
    kept, until = _kept(node, 2014, SENT, CHARGED, (Stage.ACQUITTED, None))
    assert kept is not None
    assert until is not None
    with open_work(node, CONSOLE) as work:
        (due,) = retention.read_plan(work, on=until).cases
    assert due.kept is not None
    assert (due.kept.outcome, due.kept.stage) == (Outcome.BOOKED_AT_LIBERTY, Stage.ACQUITTED)
    client = browser(shell_app(node, routers=(pages.router,)))
    add_member(node, "desk", Role.INVESTIGATOR)
    sign_in(client, "desk")
    client.get(f"/language/{language}")
    assert says in client.get(f"/retention?on={until}").text
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(until.year, until.month, until.day, 3, tzinfo=UTC))
    with open_work(node, WORKER) as work:
        assert retention.erase_due(work, case_id=due.case_id) == 1
    with open_work(node, CONSOLE) as work:
        (erased,) = retention.read_plan(work).erased
    assert (erased.kept.outcome, erased.kept.stage) == (Outcome.BOOKED_AT_LIBERTY, Stage.ACQUITTED)
    assert says in client.get("/retention").text
