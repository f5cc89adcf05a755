"""Under which of its cases a place that shows a child is asked about: pure."""

from dataclasses import replace
from datetime import UTC, datetime

from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.police.removals.model import Basis, PlaceForm, Removal, RemovalState
from tipbridge.police.removals.own import OwnPlace

AT = datetime(2014, 6, 2, 3, tzinfo=UTC)
FREE = Removal(
    id="free",
    case_id="other",
    referral_id=None,
    label="",
    address="https[:]//host[.]example/1",
    form=PlaceForm.URL,
    host="host.example",
    country=None,
    basis=Basis.STAFF,
    own_material=True,
    state=RemovalState.UNKNOWN,
    noted_at=AT,
    changed_at=AT,
    next_check_at=None,
)
HELD = replace(FREE, id="held", case_id="own", held_by=Pap.RED)


def test_a_place_that_a_mark_holds_in_one_case_is_asked_about_in_another_that_is_free() -> None:
    assert OwnPlace(noted=(HELD, FREE)).to_ask_about == FREE
    assert OwnPlace(noted=(replace(FREE, id="own"), FREE)).to_ask_about != FREE
    assert OwnPlace(noted=(HELD,)).to_ask_about == HELD
    gone = replace(FREE, state=RemovalState.REMOVED)
    assert OwnPlace(noted=(HELD, gone)).to_ask_about is None
