"""The page of scans: who may ask, what was asked, and what looks like probing."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.tips.filing.scan import actions
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

NAV = (
    NavEntry(label="Scans", path="/scans", roles=actions.WATCHERS, waiting=actions.count_alarms),
)


class AlarmForm(BaseModel):
    """What the form under an alarm sends."""

    model_config = ConfigDict(extra="forbid")

    grounds: str = Field(default="", max_length=4000, repr=False)


@router.get("/scans")
def show_scans(request: Request) -> Response:
    """Scanners, scans and alarms."""
    with staff_work(request) as work:
        found = actions.read_scans(work)
    may_settle = bool(work.actor.roles & {Role.ANALYST, Role.ADMINISTRATOR})
    return page(request, "filing/scans.html", found=found, may_settle=may_settle)


@router.post("/scans/alarms/{alarm_id}")
def post_alarm(request: Request, alarm_id: str, form: Annotated[AlarmForm, Form()]) -> Response:
    """Say what was behind an alarm."""
    with staff_work(request) as work:
        actions.settle_alarm(work, alarm_id, grounds=form.grounds)
    return see_other("/scans")
