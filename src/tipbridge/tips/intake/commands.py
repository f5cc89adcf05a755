"""Commands on providers, and the check of a receipt."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.access.model import ContactPurpose, Limits
from tipbridge.foundation.access.rules import provider_name
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.identity.card import parse_card
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    command_work,
    password_from_stdin,
    show,
)
from tipbridge.tips.intake import guessing, providers, receipts
from tipbridge.tips.report.receipt import check_filed, verified_receipt

group = typer.Typer(help="Platforms that may file reports here.", no_args_is_help=True)
receipt = typer.Typer(help="Receipts of finished reports.", no_args_is_help=True)

ProviderName = Annotated[str, typer.Argument(help="The provider's name, as 'list' gives it.")]


@group.command("add")
def add_provider(
    data: DataOption,
    name: Annotated[str, typer.Option(help="The platform, such as esp-one.")],
    username: Annotated[str, typer.Option(help="What it signs in with.")],
    *,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="For tests only, for ever: marked TEST, kept apart.")
    ] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a provider file, or give a known one another user name."""
    password = password_from_stdin(given=password_stdin)
    with command_work(data, as_) as work:
        added = providers.add_provider(
            work, name=name, username=username, password=password, sandbox=sandbox
        )
    stored = provider_name(name, sandbox=sandbox)
    told = {"id": added, "name": stored, "username": username, "sandbox": sandbox}
    show(told, as_json=json)


@group.command("list")
def list_providers(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List providers and their user names."""
    with command_work(data, as_) as work:
        lines = providers.list_providers(work)
    show(lines, as_json=json)


@group.command("revoke")
def revoke_provider(
    data: DataOption,
    username: Annotated[str, typer.Option(help="The user name to end.")],
    in_hours: Annotated[
        int, typer.Option(min=0, help="Hours that it still holds, beside its successor.")
    ] = 0,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """End a user name, at once or in some hours; the provider's reports stay."""
    with command_work(data, as_) as work:
        providers.revoke_provider(work, username=username, in_hours=in_hours)
    show({"username": username, "revoked": True, "in_hours": in_hours}, as_json=json)


@group.command("show")
def show_provider(
    data: DataOption, name: ProviderName, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show a provider's user names, contacts, limits, and how it is held to each rule."""
    with command_work(data, as_) as work:
        view = providers.read_provider(work, name)
    show(view, as_json=json)


@group.command("contact")
def add_contact(
    data: DataOption,
    provider: ProviderName,
    purpose: Annotated[ContactPurpose, typer.Option(help="What they are reached for.")],
    name: Annotated[str, typer.Option(help="Who, or which desk.")],
    *,
    email: Annotated[str | None, typer.Option()] = None,
    phone: Annotated[str | None, typer.Option()] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Note whom to reach at a provider."""
    with command_work(data, as_) as work:
        added = providers.add_contact(
            work, provider, purpose=purpose, name=name, email=email, phone=phone
        )
    show({"id": added, "provider": provider, "purpose": purpose}, as_json=json)


@group.command("forget-contact")
def remove_contact(
    data: DataOption,
    contact: Annotated[str, typer.Argument(help="The contact's id, as 'show' gives it.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Forget a contact for good."""
    with command_work(data, as_) as work:
        providers.remove_contact(work, contact)
    show({"id": contact, "forgotten": True}, as_json=json)


@group.command("limit")
def limit_provider(
    data: DataOption,
    provider: ProviderName,
    *,
    upload_bytes_per_second: Annotated[
        int | None, typer.Option(help="How fast its uploads are taken; left out: as usual.")
    ] = None,
    uploads_at_once: Annotated[
        int | None, typer.Option(help="How many at once; left out: as usual.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Limit a provider's uploads; both limits are set together."""
    limits = Limits(
        upload_bytes_per_second=upload_bytes_per_second, uploads_at_once=uploads_at_once
    )
    with command_work(data, as_) as work:
        providers.set_limits(work, provider, limits)
    show({"provider": provider, "limits": limits}, as_json=json)


@group.command("hold-to")
def hold_to(
    data: DataOption,
    provider: ProviderName,
    rule: Annotated[str, typer.Argument(help="A rule of the protocol, as 'show' names it.")],
    mode: Annotated[str, typer.Argument(help="strict, lenient, or usual.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Hold a provider to a rule strictly or leniently, or as usual again."""
    with command_work(data, as_) as work:
        providers.set_rule(work, provider, rule=rule, mode=None if mode == "usual" else mode)
    show({"provider": provider, "rule": rule, "mode": mode}, as_json=json)


@group.command("loose-ends")
def list_loose_ends(
    data: DataOption,
    *,
    page: Annotated[int, typer.Option(min=1, help="500 of either at a time.")] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List reports that nobody finished yet and those that were probably filed twice."""
    with command_work(data, as_) as work:
        found = receipts.list_loose_ends(work, page=page)
    show(found, as_json=json)


@receipt.command("verify")
def verify_receipt(
    envelope: Annotated[Path, typer.Argument(help="The receipt, as /ispws gave it.")],
    card: Annotated[Path, typer.Option(help="The node's card, as /exchange/v1/card gave it.")],
    filed: Annotated[
        list[Path] | None,
        typer.Option(help="A file or document that must be in it; more than once."),
    ] = None,
    *,
    json: JsonOption = False,
) -> None:
    """Verify a receipt without any node: its signature, and that it names what was filed.

    Compare the card's fingerprint, which is printed too, by another way.
    """
    signer = parse_card(_bytes_of(card))
    found = verified_receipt(signer, _bytes_of(envelope))
    check_filed(found, {str(path): _sha256_of(path) for path in filed or ()})
    show({"signed_by": signer.fingerprint, "receipt": found}, as_json=json)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound("readable file", str(path)) from error


def _sha256_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotFound("readable file", str(path)) from error


@group.command("guessing")
def list_guessing(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Alarms: user names that asked for many numbers that are no reports of their provider."""
    with command_work(data, as_) as work:
        alarms = guessing.list_guessing(work)
    show({"alarms": alarms}, as_json=json)


@group.command("guessing-seen")
def see_guessing(
    data: DataOption,
    alarm: Annotated[str, typer.Argument(help="An alarm's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Note that somebody looked at an alarm; counting begins anew."""
    with command_work(data, as_) as work:
        guessing.see_guessing(work, alarm=alarm)
    show({"alarm": alarm, "seen": True}, as_json=json)
