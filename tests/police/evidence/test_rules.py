"""A chain of custody has no gap and no overlap unless somebody says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.police.evidence.model import CustodyEvent, CustodyFault, CustodyKind, Keeping
from tipbridge.police.evidence.rules import both_sides, custody_faults, keeping_after, unsaid

DAY = datetime(2014, 5, 1, 9, tzinfo=UTC)
NOW = DAY + timedelta(days=30)


def an_event(
    kind: CustodyKind,
    giver: str | None = None,
    taker: str | None = None,
    *,
    hours: int = 0,
    position: int = 1,
) -> CustodyEvent:
    return CustodyEvent(
        position=position,
        kind=kind,
        at=DAY + timedelta(hours=hours),
        giver=giver,
        taker=taker,
        recorded_by="x",
        recorded_at=NOW,
    )


SEIZED = an_event(CustodyKind.SEIZED, taker="officer")
GIVEN = an_event(CustodyKind.HANDED_OVER, "officer", "lab", hours=1)
TAKEN = an_event(CustodyKind.RECEIVED, "officer", "lab", hours=2)
IMAGED = an_event(CustodyKind.IMAGED, "lab", hours=3)
EXAMINED = an_event(CustodyKind.EXAMINED, "lab", hours=3)
RETURNED = an_event(CustodyKind.RETURNED, "lab", "owner", hours=4)
ROAD = [SEIZED, GIVEN, TAKEN, IMAGED, EXAMINED, RETURNED]


def test_the_usual_road_has_no_fault() -> None:
    for number, event in enumerate(ROAD):
        assert custody_faults(keeping_after(ROAD[:number]), event, now=NOW) == ()
    assert keeping_after(ROAD) == Keeping(holder="owner", returned=True, last_at=RETURNED.at)


def test_a_hand_over_has_both_sides_when_two_accounts_said_it() -> None:
    by = [
        (CustodyKind.SEIZED, "a"),
        (CustodyKind.RECEIVED, "b"),  # answers nothing
        (CustodyKind.HANDED_OVER, "b"),
        (CustodyKind.SEALED, "b"),
        (CustodyKind.RECEIVED, "c"),
        (CustodyKind.RECEIVED, "d"),  # what it would answer is answered
        (CustodyKind.HANDED_OVER, "d"),
        (CustodyKind.RECEIVED, "d"),  # of the same account, whatever the names are
        (CustodyKind.HANDED_OVER, "d"),
    ]
    events = [
        replace(an_event(kind, position=number), recorded_by=account)
        for number, (kind, account) in enumerate(by, start=1)
    ]
    assert both_sides(events) == {5: 3}


@pytest.mark.parametrize("missing", range(5))
def test_leaving_any_step_but_imaging_and_examination_out_is_a_gap(missing: int) -> None:
    road = [event for number, event in enumerate(ROAD) if number != missing]
    faults = [
        fault
        for number, event in enumerate(road)
        for fault in custody_faults(keeping_after(road[:number]), event, now=NOW)
    ]
    assert bool(faults) is (missing < 3)


@pytest.mark.parametrize(
    ("before", "event", "fault"),
    [
        ([], GIVEN, CustodyFault.NOT_SEIZED),
        ([SEIZED], SEIZED, CustodyFault.SEIZED_BEFORE),
        ([SEIZED], EXAMINED, CustodyFault.NOT_THE_HOLDER),
        ([SEIZED], TAKEN, CustodyFault.NOTHING_TO_RECEIVE),
        ([SEIZED, GIVEN], EXAMINED, CustodyFault.NOT_RECEIVED),
        ([SEIZED, GIVEN], IMAGED, CustodyFault.NOT_RECEIVED),
        ([SEIZED], IMAGED, CustodyFault.NOT_THE_HOLDER),
        ([SEIZED, GIVEN], GIVEN, CustodyFault.NOT_RECEIVED),
        (
            [SEIZED, GIVEN],
            an_event(CustodyKind.RECEIVED, "officer", "other", hours=2),
            CustodyFault.NOT_THE_RECEIVER,
        ),
        (ROAD, an_event(CustodyKind.EXAMINED, "owner", hours=5), CustodyFault.ALREADY_RETURNED),
        (
            [SEIZED],
            an_event(CustodyKind.HANDED_OVER, "officer", "officer"),
            CustodyFault.SAME_SIDE,
        ),
        (
            [SEIZED, GIVEN],
            an_event(CustodyKind.RECEIVED, "officer", "lab"),
            CustodyFault.BEFORE_THE_LAST,
        ),
        ([], an_event(CustodyKind.SEIZED, taker="x", hours=9999), CustodyFault.IN_THE_FUTURE),
    ],
)
def test_each_break_is_named(
    before: list[CustodyEvent], event: CustodyEvent, fault: CustodyFault
) -> None:
    assert fault in custody_faults(keeping_after(before), event, now=NOW)


def test_a_break_needs_a_reason_that_says_something() -> None:
    assert unsaid((CustodyFault.NOT_RECEIVED,), None)
    assert unsaid((CustodyFault.NOT_RECEIVED,), "  ")
    assert not unsaid((CustodyFault.NOT_RECEIVED,), "the courier was ill")
    assert not unsaid((), None)


_EVENTS = st.lists(
    st.builds(
        an_event,
        st.sampled_from(list(CustodyKind)),
        st.sampled_from([None, "officer", "lab", "owner"]),
        st.sampled_from([None, "officer", "lab", "owner"]),
        hours=st.integers(0, 5),
    ),
    max_size=8,
)


@given(_EVENTS)
def test_without_a_fault_there_is_at_most_one_keeper_and_time_runs_on(
    events: list[CustodyEvent],
) -> None:
    kept: list[CustodyEvent] = []
    for event in events:
        if not custody_faults(keeping_after(kept), event, now=NOW):
            kept.append(event)
    keeping = keeping_after(kept)
    assert keeping.holder is None or keeping.on_its_way_to is None
    assert [event.at for event in kept] == sorted(event.at for event in kept)
    assert sum(event.kind is CustodyKind.SEIZED for event in kept) <= 1
