"""Commands on referrals and case-by-case requests."""

from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Occasion
from tipbridge.knowledge.agreements.model import DataClass, MinimumAge, Purpose
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral import actions, appraising, requesting
from tipbridge.sharing.referral.approving import actions as approving
from tipbridge.sharing.referral.life.actions import life_of
from tipbridge.sharing.referral.model import Direction, Source, SourceKind, Way
from tipbridge.sharing.referral.present import approval_json, line_json, referral_json, request_json
from tipbridge.tips.intake.model import Appraisal

group = typer.Typer(help="What goes to whom, and why.", no_args_is_help=True)
requests = typer.Typer(help="Leave asked case by case.", no_args_is_help=True)

PageOption = Annotated[int, typer.Option(min=1, help="A hundred at a time.")]
ReferralId = Annotated[str, typer.Argument(help="The referral's id.")]


@group.command("list")
def list_referrals(
    data: DataOption,
    direction: Annotated[
        Direction | None, typer.Option(help="Only those sent or received.")
    ] = None,
    *,
    page: PageOption = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List referrals, newest first."""
    with command_work(data, as_) as work:
        found = actions.list_referrals(work, direction=direction, page=page)
    show([line_json(referral) for referral in found], as_json=json)


@group.command("show")
def show_referral(
    data: DataOption, referral_id: ReferralId, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show one referral: what was let through, what was held back, and why."""
    with command_work(data, as_) as work:
        view = actions.read_referral(work, referral_id)
        life = life_of(work, view.referral)
        approval = approval_json(approving.approval_of(work, view.referral))
    show({**referral_json(view, work.now), "life": life, "approval": approval}, as_json=json)


@group.command("draft")
def draft_referral(
    data: DataOption,
    to: Annotated[str, typer.Option(help="The peer's node id.")],
    tip: Annotated[str | None, typer.Option(help="A tip's number.")] = None,
    lead: Annotated[str | None, typer.Option(help="A lead's id.")] = None,
    referral: Annotated[str | None, typer.Option(help="A received referral's id.")] = None,
    *,
    purpose: Annotated[
        Purpose, typer.Option(help="What it may be used for there.")
    ] = Purpose.INVESTIGATION,
    occasion: Annotated[Occasion, typer.Option(help="What it answers to.")] = Occasion.SPONTANEOUS,
    from_desk: Annotated[
        str | None, typer.Option(help="Our desk, as the agreement's tree names it.")
    ] = None,
    to_desk: Annotated[str | None, typer.Option(help="The peer's desk, likewise.")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Prepare a referral of one tip, lead or received referral, and decide what may leave."""
    source = _source(tip, lead, referral)
    with command_work(data, as_) as work:
        referral_id = actions.open_referral(
            work,
            kind=source.kind,
            source_id=source.id,
            peer_id=to,
            purpose=purpose,
            way=Way(occasion=occasion, sender_desk=from_desk, receiver_desk=to_desk),
        )
        actions.decide_referral(work, referral_id)
        view = actions.read_referral(work, referral_id)
    show(referral_json(view, work.now), as_json=json)


@group.command("decide")
def decide_referral(
    data: DataOption, referral_id: ReferralId, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Decide again what may leave, after an agreement or an answer has come."""
    with command_work(data, as_) as work:
        actions.decide_referral(work, referral_id)
        view = actions.read_referral(work, referral_id)
    show(referral_json(view, work.now), as_json=json)


@group.command("approve")
def approve_release(
    data: DataOption,
    referral_id: ReferralId,
    *,
    content: Annotated[
        str, typer.Option(help="What you saw: the content_sha256 of `referrals show`.")
    ],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Approve exactly what you saw; where the agreement wants it, before the release."""
    with command_work(data, as_) as work:
        approved = approving.approve_release(work, referral_id, content_sha256=content)
    show(approved, as_json=json)


@group.command("release")
def release_referral(
    data: DataOption, referral_id: ReferralId, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Sign and queue what was decided; the running node sends it."""
    with command_work(data, as_) as work:
        package_id = actions.release_referral(work, referral_id)
    show({"referral_id": referral_id, "package_id": package_id}, as_json=json)


@group.command("feedback")
def appraise_referral(
    data: DataOption,
    referral_id: ReferralId,
    appraisal: Annotated[Appraisal, typer.Argument(help="Of what use it was.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Tell the sender, and so the provider, of what use a received referral was."""
    with command_work(data, as_) as work:
        fresh = appraising.appraise_referral(work, referral_id, appraisal=appraisal)
    show({"referral_id": referral_id, "appraisal": appraisal, "fresh": fresh}, as_json=json)


@group.command("assign")
def assign_referral(
    data: DataOption,
    referral_id: ReferralId,
    unit: Annotated[str, typer.Option(help="Code of the unit.")],
    *,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Only you and the members see it.")
    ] = False,
    member: Annotated[list[str] | None, typer.Option(help="A user name; repeatable.")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give a referral to a unit."""
    with command_work(data, as_) as work:
        actions.place_referral(
            work, referral_id, unit=unit, restricted=restricted, members=tuple(member or ())
        )
    show({"referral_id": referral_id, "unit": unit, "restricted": restricted}, as_json=json)


@requests.command("list")
def list_requests(
    data: DataOption, *, page: PageOption = 1, as_: AsOption = None, json: JsonOption = False
) -> None:
    """List requests both ways, newest first."""
    with command_work(data, as_) as work:
        found = requesting.list_requests(work, page=page)
    show([request_json(request, work.now) for request in found], as_json=json)


@requests.command("open")
def open_request(
    data: DataOption, referral_id: ReferralId, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Ask the peer for leave to send a referral; no personal data goes out."""
    with command_work(data, as_) as work:
        request = requesting.open_request(work, referral_id)
    show(request_json(request, work.now), as_json=json)


@requests.command("answer")
def answer_request(
    data: DataOption,
    request_id: Annotated[str, typer.Argument(help="The request's id.")],
    legal_basis: Annotated[str, typer.Option(help="By what law it is granted or refused.")],
    *,
    grant: Annotated[bool, typer.Option("--grant/--refuse", help="The answer.")],
    minimum_age: Annotated[
        int | None, typer.Option(help="Below this age your law does not punish.")
    ] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Whose law: two letters.")] = None,
    citation: Annotated[str | None, typer.Option(help="The article of the minimum age.")] = None,
    allow: Annotated[
        list[DataClass] | None, typer.Option(help="A class of data; repeatable; default all.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="How long it can be used.")] = 90,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Grant or refuse a peer's request."""
    age = None
    if minimum_age is not None:
        if jurisdiction is None or citation is None:
            raise Invalid("A minimum age comes with --jurisdiction and --citation.")
        age = MinimumAge(years=minimum_age, jurisdiction=jurisdiction, citation=citation)
    with command_work(data, as_) as work:
        request = requesting.answer_request(
            work,
            request_id,
            granted=grant,
            legal_basis=legal_basis,
            minimum_age=age,
            allowed=frozenset(allow) if allow else None,
            days=days,
        )
    show(request_json(request, work.now), as_json=json)


@requests.command("narrow")
def narrow_grant(
    data: DataOption,
    request_id: Annotated[str, typer.Argument(help="The request's id.")],
    release: Annotated[
        list[DataClass], typer.Option(help="A class of data that you release; repeatable.")
    ],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Release these classes alone by a request, of those that its receiver grants."""
    with command_work(data, as_) as work:
        request = requesting.narrow_grant(work, request_id, frozenset(release))
    show(request_json(request, work.now), as_json=json)


@requests.command("withdraw")
def withdraw_grant(
    data: DataOption,
    request_id: Annotated[str, typer.Argument(help="The request's id.")],
    reason: Annotated[str, typer.Option(help="Why; its peer is told.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take back what this node granted: nothing comes in under it any more."""
    with command_work(data, as_) as work:
        request = requesting.withdraw_grant(work, request_id, reason=reason)
    show(request_json(request, work.now), as_json=json)


def _source(tip: str | None, lead: str | None, referral: str | None) -> Source:
    named = [
        Source(kind=kind, id=id_)
        for kind, id_ in (
            (SourceKind.TIP, tip),
            (SourceKind.LEAD, lead),
            (SourceKind.REFERRAL, referral),
        )
        if id_ is not None
    ]
    if len(named) != 1:
        raise Invalid("Name exactly one of --tip, --lead and --referral.")
    return named[0]
