"""The pages of agreements: in words, side by side with another, and tried on what is stored here."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements import checking
from tipbridge.knowledge.agreements.checking import Line, Said
from tipbridge.knowledge.agreements.comparing import compared, fates
from tipbridge.knowledge.agreements.contradicting import contradictions
from tipbridge.knowledge.agreements.decisions import decision_document
from tipbridge.knowledge.agreements.document import MAX_BYTES
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.knowledge.agreements.rules import in_force, is_pending, is_suspended
from tipbridge.knowledge.agreements.upkeep import for_people
from tipbridge.sharing.referral.agreeing import actions, counting
from tipbridge.sharing.referral.model import SourceKind
from tipbridge.sharing.referral.pausing import actions as pausing
from tipbridge.web.language import language_of
from tipbridge.web.nav import NavEntry
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work
from tipbridge.web.shell import shell_of

ROOM = "agreeing"
router = APIRouter()
NAV = (NavEntry(label="Agreements", path="/agreements", roles=tuple(Role)),)

Name = Annotated[str, Query(max_length=64)]


@router.get("/agreements")
def show_agreements(request: Request) -> Response:
    """All agreements that this node holds, and whether each is in force."""
    with staff_work(request) as work:
        found = agreements.list_agreements(work)
        held = {each.sha256: in_force(each, work.now) for each in found}
        suspended = {each.sha256 for each in found if is_suspended(each, work.now)}
    return page(
        request,
        "agreeing/agreements.html",
        agreements=found,
        in_force=held,
        suspended=suspended,
    )


class VersionForm(BaseModel):
    """What the form of a new version sends."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(max_length=MAX_BYTES)
    kind: SourceKind = SourceKind.TIP
    source: str = Field(default="", max_length=64)


@router.get("/agreements/compare")
def ask_version(request: Request) -> Response:
    """The form for a version that somebody sent."""
    with staff_work(request) as work:
        tried_on = _trying(work)
    return page(request, "agreeing/version.html", document="", **tried_on)


@router.post("/agreements/compare")
def compare_version(request: Request, form: Annotated[VersionForm, Form()]) -> Response:
    """A text that somebody sent, beside the version that is held, if any; nothing is taken."""
    document, source = form.document.encode(), form.source.strip()
    with staff_work(request) as work:
        found = actions.compare_version(work, document=document)
        tried = None
        if source:
            tried = actions.try_version(work, source, document=document, kind=form.kind)
        tried_on = _trying(work, form.kind, source)
    return page(
        request,
        "agreeing/version.html",
        agreement=found.earlier or found.later,
        beside=found.later if found.earlier else None,
        rows=found.rows,
        contradictions=tuple(contradictions(found.later)),
        gaps=tuple(checking.gaps(found.later)),
        fates=tried,
        document=form.document,
        **tried_on,
        said=_saying(request),
    )


@router.get("/agreements/{sha256}")
def show_agreement(
    request: Request,
    sha256: str,
    other: Name = "",
    source: Name = "",
    kind: SourceKind = SourceKind.TIP,
) -> Response:
    """One agreement in words, beside another version, and what it would let out of a source."""
    source = source.strip()
    with staff_work(request) as work:
        found = agreements.read_agreement(work, sha256)
        other = other or _before(found)
        beside = agreements.read_agreement(work, other) if other else found
        tried, both = (
            actions.try_agreement(work, each, source, kind=kind) if wanted else None
            for each, wanted in ((sha256, source), (beside.sha256, source and other))
        )
        counted = counting.count_exchanged(work, sha256) if _may_count(work) else None
        every = agreements.list_agreements(work)
        holds, suspended = in_force(found, work.now), is_suspended(found, work.now)
        pauses, now = pausing.pauses_said(work, found), work.now
        tried_on = _trying(work, kind, source)
        may_withdraw = (
            Role.ADMINISTRATOR in work.actor.roles
            and found.withdrawn_at is None
            and is_pending(found)
        )
    return page(
        request,
        "agreeing/agreement.html",
        agreement=found,
        beside=beside if other else None,
        in_force=holds,
        suspended=suspended,
        pauses=pauses,
        now=now,
        rows=compared(found, beside),
        contradictions=tuple(contradictions(found)),
        gaps=tuple(checking.gaps(found)),
        counted=counted,
        for_people=tuple(for_people(found)),
        others=_others(found, every),
        tried=None if tried is None or both is not None else decision_document(tried.decision),
        when_asked=frozenset[str]() if tried is None else tried.when_asked,
        fates=None
        if tried is None or both is None
        else fates(tried.decision, both.decision, (tried.when_asked, both.when_asked)),
        rules=found.terms.rules,
        **tried_on,
        may_withdraw=may_withdraw,
        said=_saying(request),
    )


@router.post("/agreements/{sha256}/withdrawal")
def withdraw_agreement(request: Request, sha256: str) -> Response:
    """Withdraw a draft that not both parties signed."""
    with staff_work(request) as work:
        agreements.withdraw_agreement(work, sha256)
    return see_other(f"/agreements/{sha256}")


def _before(agreement: Agreement) -> str:
    """The version beside which a draft is read, until both parties signed it."""
    return (is_pending(agreement) and agreement.replaces) or ""


def _trying(work: Work, kind: SourceKind = SourceKind.TIP, source: str = "") -> dict[str, Any]:
    """What the form needs that tries an agreement, and what it was tried on."""
    may_try = bool(work.actor.roles & set(actions.TRYING))
    return {"kinds": tuple(SourceKind), "kind": kind.value, "source": source, "may_try": may_try}


def _may_count(work: Work) -> bool:
    return bool(work.actor.roles & set(counting.COUNTING))


def _others(agreement: Agreement, every: list[Agreement]) -> list[Agreement]:
    """The other agreements, those of the same two parties first."""
    parties = {agreement.terms.sender, agreement.terms.receiver}
    others = [each for each in every if each.sha256 != agreement.sha256]
    return sorted(others, key=lambda each: {each.terms.sender, each.terms.receiver} != parties)


def _saying(request: Request) -> Callable[[Line | None], str]:
    """A line in the reader's language, its words too."""
    texts = shell_of(request).catalogues[language_of(request)]

    def word(fact: Said) -> Said:
        if isinstance(fact, tuple):
            nothing = texts.gettext("nothing", ROOM)
            return ", ".join(texts.gettext(each, ROOM) for each in fact) or nothing
        return texts.gettext(fact, ROOM) if isinstance(fact, str) else fact

    def said(line: Line | None) -> str:
        if line is None:
            return ""
        facts = {name: word(fact) for name, fact in line.facts.items()}
        return texts.gettext(line.form, ROOM).format(**facts)

    return said
