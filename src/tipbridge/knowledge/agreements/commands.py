"""Commands on agreements."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements import actions, checking
from tipbridge.knowledge.agreements.contradicting import contradictions
from tipbridge.knowledge.agreements.decisions import decision_document
from tipbridge.knowledge.agreements.document import MAX_BYTES, load_agreement
from tipbridge.knowledge.agreements.model import Agreement
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.knowledge.agreements.trying import MAX_BYTES as TIP_BYTES
from tipbridge.knowledge.agreements.trying import try_tip
from tipbridge.knowledge.agreements.upkeep import for_people
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show

_HEADS = {"for_people": "for people to keep, no rule does"}
group = typer.Typer(help="Who may share which data with whom, for what.", no_args_is_help=True)


@group.command("check")
def check_agreement(
    file: Annotated[Path, typer.Argument(help="The agreement, TOML or canonical JSON.")],
    *,
    tip: Annotated[
        Path | None, typer.Option(help="A tip to try: JSON with parts, offences and facts.")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option(help="The moment to try; its first day otherwise.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say in words what an agreement allows, where it contradicts itself, and what it leaves to people."""
    agreement, _ = load_agreement(_document(file, MAX_BYTES))
    found: dict[str, object] = {
        "sha256": agreement.sha256,
        "says": [str(line) for line in checking.words(agreement)],
        "contradictions": [str(line) for line in contradictions(agreement)],
        "gaps": [str(line) for line in checking.gaps(agreement)],
        "for_people": [str(line) for line in for_people(agreement)],
    }
    if tip is not None:
        decision = try_tip(agreement, _document(tip, TIP_BYTES), at)
        found["tried"] = decision_document(decision)
    if json:
        show(found, as_json=True)
    else:
        _print_checked(found)


@group.command("add")
def add_agreement(
    data: DataOption,
    file: Annotated[Path, typer.Argument(help="The agreement, TOML or canonical JSON.")],
    *,
    confirmed: Annotated[
        bool,
        typer.Option("--confirmed", help="You read what differs from the version it replaces."),
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take an agreement into force on this node; what replaces another is compared with it first."""
    document = _document(file, MAX_BYTES)
    with command_work(data, as_) as work:
        agreement = actions.add_agreement(work, document=document, confirmed=confirmed)
    show(_line(agreement), as_json=json)


@group.command("list")
def list_agreements(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the agreements this node holds."""
    with command_work(data, as_) as work:
        found = actions.list_agreements(work)
    show([_line(agreement) for agreement in found], as_json=json)


@group.command("show")
def show_agreement(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The agreement's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show one agreement."""
    with command_work(data, as_) as work:
        agreement = actions.read_agreement(work, sha256)
    show(agreement, as_json=json)


@group.command("sign")
def sign_agreement(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The agreement's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,  # noqa: ARG001 - an envelope is JSON in either form
) -> None:
    """Sign an agreement for this node, and print the signature for the other party."""
    with command_work(data, as_) as work:
        envelope = actions.sign_agreement(work, sha256)
    print(envelope.decode("utf-8"))


@group.command("withdraw")
def withdraw_agreement(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The draft's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Withdraw a draft that not both parties signed."""
    with command_work(data, as_) as work:
        actions.withdraw_agreement(work, sha256)
    show({"sha256": sha256, "withdrawn": True}, as_json=json)


@group.command("suspend")
def suspend_agreement(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The agreement's name.")],
    reason: Annotated[str, typer.Option(help="Why; kept for good, and the other party is told.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let an agreement allow nothing until it is resumed; the other party is told."""
    with command_work(data, as_) as work:
        pause = actions.suspend_agreement(work, sha256, reason=reason)
    show({"sha256": sha256, "starts_at": pause.starts_at, "reason": pause.reason}, as_json=json)


@group.command("resume")
def resume_agreement(
    data: DataOption,
    sha256: Annotated[str, typer.Argument(help="The agreement's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Lift this node's own suspension; the other party is told."""
    with command_work(data, as_) as work:
        actions.resume_agreement(work, sha256)
    show({"sha256": sha256, "suspended": False}, as_json=json)


@group.command("template")
def print_template(
    name: Annotated[str, typer.Argument(help="One of those that are shipped.")],
    sender: Annotated[str | None, typer.Option(help="Node id of the sender.")] = None,
    receiver: Annotated[str | None, typer.Option(help="Node id of the receiver.")] = None,
    *,
    json: JsonOption = False,
) -> None:
    """Print a shipped agreement to start from."""
    text = template_text(name, sender=sender, receiver=receiver)
    if json:
        show({"name": name, "text": text}, as_json=True)
    else:
        print(text, end="")


def _print_checked(found: dict[str, object]) -> None:
    for key in ("says", "contradictions", "gaps", "for_people"):
        lines = cast("list[str]", found[key])
        print(f"{_HEADS.get(key, key)} ({len(lines)})")
        for line in lines:
            print(f"  {line}")
    if "tried" in found:
        tried = cast("dict[str, object]", found["tried"])
        print(f"tried: {tried['refusal'] or 'decided part by part'}")
        for part in cast("list[dict[str, object]]", tried["parts"]):
            print(
                f"  {'leaves' if part['released'] else 'stays '} {part['label']}  {part['reason']}"
            )


def _document(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise Invalid(f"Cannot read {file}: {error.strerror}.") from error


def _line(agreement: Agreement) -> dict[str, object]:
    return {
        "sha256": agreement.sha256,
        "title": agreement.title,
        "channel": agreement.channel,
        "version": agreement.version,
        "sender": agreement.terms.sender,
        "receiver": agreement.terms.receiver,
        "purpose": agreement.terms.purpose,
        "valid_from": agreement.terms.valid_from,
        "valid_to": agreement.terms.valid_to,
        "replaced_at": agreement.replaced_at,
        "withdrawn_at": agreement.withdrawn_at,
        "needs_signatures": agreement.needs_signatures,
        "signed_by": sorted(agreement.signed_by),
        "suspended": any(pause.ends_at is None for pause in agreement.suspensions),
        "suspensions": agreement.suspensions,
        "told": agreement.told,
    }
