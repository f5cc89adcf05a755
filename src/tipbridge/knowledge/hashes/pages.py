"""The pages of hash lists: every list, one list with its versions, and alarms about look-ups."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.knowledge.hashes import actions, guarding, history
from tipbridge.knowledge.hashes.model import Difference, Entry, Mode
from tipbridge.knowledge.hashes.rules import written_digest
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()

SHOWN_LINES = 100
PASTED_CHARACTERS = 1_000_000

NAV = (
    NavEntry(
        label="Hash lists",
        path="/lists",
        roles=(Role.ANALYST, Role.EXAMINER, Role.INVESTIGATOR, Role.AUDITOR),
        waiting=actions.count_waiting,
    ),
    NavEntry(
        label="Look-up alarms",
        path="/alarms",
        roles=guarding.READERS,
        waiting=guarding.count_unseen,
    ),
)


class ActivationForm(BaseModel):
    """What the button that activates a version sends: which one was looked at."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=actions.NAME_LENGTH)
    revision: int = Field(ge=1, le=2**31 - 1)


class LinesForm(BaseModel):
    """What the form that loads lines into a list sends."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=actions.NAME_LENGTH)
    mode: Mode
    lines: str = Field(min_length=1, max_length=PASTED_CHARACTERS)


class NameForm(BaseModel):
    """What a button about a whole list sends."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=actions.NAME_LENGTH)


class SeenForm(BaseModel):
    """What the button that notes an alarm sends."""

    model_config = ConfigDict(extra="forbid")

    alarm: str = Field(max_length=64)


@router.get("/lists")
def show_lists(request: Request) -> Response:
    """Every list with purpose, owner, the version in effect and the one that waits."""
    with staff_work(request) as work:
        lists = actions.list_lists(work)
    return page(request, "hashes/lists.html", lists=lists)


@router.get("/lists/list")
def show_list(request: Request, name: Annotated[str, Query(max_length=200)]) -> Response:
    """One list: its versions, what was loaded into each, and what the waiting one changes."""
    with staff_work(request) as work:
        found = history.show_list(work, name=name)
        waiting = found.list.waiting_version
        change = None if waiting is None else history.diff_list(work, name=name, most=SHOWN_LINES)
        people = actions.names_of_people(work, found.versions)
    return page(
        request,
        "hashes/list.html",
        found=found,
        change=change,
        lines=[] if change is None else _lines(change),
        people=people,
        shown=SHOWN_LINES,
        modes=tuple(Mode),
    )


def _lines(change: Difference) -> list[tuple[str, str, Entry]]:
    """Each line that is shown: what becomes of it, its digest as lists write it, the entry."""
    both = (("Added", change.added_lines), ("Removed", change.removed_lines))
    return [
        (what, written_digest(each.kind, each.digest), each)
        for what, entries in both
        for each in entries
    ]


@router.post("/lists/lines")
def post_lines(request: Request, form: Annotated[LinesForm, Form()]) -> Response:
    """Load lines into the version that waits: all of them, or none when one is no entry."""
    lines = (f"{line}\n".encode() for line in form.lines.splitlines())
    with staff_work(request) as work:
        actions.import_list(work, name=form.name, lines=lines, mode=form.mode)
    return see_other(f"/lists/list?{urlencode({'name': form.name})}")


@router.post("/lists/verification")
def post_verification(request: Request, form: Annotated[NameForm, Form()]) -> Response:
    """Hold what every version of a list holds against what was signed, and show what does not fit."""
    with staff_work(request) as work:
        verified = history.verify_lists(work, name=form.name)
    return page(request, "hashes/verified.html", name=form.name, verified=verified)


@router.post("/lists/activation")
def post_activation(request: Request, form: Annotated[ActivationForm, Form()]) -> Response:
    """Put the version that waits into effect."""
    with staff_work(request) as work:
        actions.activate_version(work, name=form.name, revision=form.revision)
    return see_other("/lists")


@router.get("/alarms")
def show_alarms(request: Request) -> Response:
    """Alarms about providers' look-ups, the newest first."""
    with staff_work(request) as work:
        alarms = guarding.list_alarms(work)
    return page(request, "hashes/alarms.html", alarms=alarms)


@router.post("/alarms")
def post_alarm(request: Request, form: Annotated[SeenForm, Form()]) -> Response:
    """Note that somebody looked at an alarm."""
    with staff_work(request) as work:
        guarding.see_alarm(work, alarm=form.alarm)
    return see_other("/alarms")
