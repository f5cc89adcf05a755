"""Commands on removals and hosts."""

from datetime import datetime
from typing import Annotated

import typer

from tipbridge.foundation.base.moments import moment_told
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    DoneAtOption,
    JsonOption,
    command_work,
    show,
)
from tipbridge.police.removals import (
    actions,
    checking,
    correcting,
    hosts,
    looking,
    moving,
    noticing,
    redating,
    voting,
)
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.mailed import commands as mailed
from tipbridge.police.removals.mistaken import actions as mistaken
from tipbridge.police.removals.model import (
    Basis,
    Channel,
    Classification,
    NoticeLanguage,
    PlaceForm,
    RemovalState,
    ReplyKind,
)
from tipbridge.police.removals.texts import commands as texts

group = typer.Typer(help="Places of material and their removal.", no_args_is_help=True)
host_group = typer.Typer(help="Hosts: how each is reached, what it does.", no_args_is_help=True)

mailed.add_to(group)
texts.add_to(host_group)

RemovalArgument = Annotated[str, typer.Argument(help="The removal's id.")]
NoticeArgument = Annotated[str, typer.Argument(help="The notice's id.")]
PageOption = Annotated[int, typer.Option(min=1, help="A hundred at a time.")]
HostArgument = Annotated[str, typer.Argument(help="Such as host.example.")]


@group.command("list")
def list_removals(
    data: DataOption,
    case: Annotated[str, typer.Argument(help="The case's id or own number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List the removals of a case, with notices, replies and checks."""
    with command_work(data, as_) as work:
        found = actions.list_removals(work, case)
    show(found, as_json=json)


@group.command("up")
def list_up(
    data: DataOption,
    *,
    only_due: Annotated[
        bool, typer.Option("--due", help="Where staff can do something now, longest due first.")
    ] = False,
    page: PageOption = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List the places where material is not known to be gone, with what is due: a hundred a page."""
    with command_work(data, as_) as work:
        found = actions.list_up(work, only_due=only_due, page=page)
    show(found, as_json=json)


@group.command("add")
def add_place(
    data: DataOption,
    case: Annotated[str, typer.Argument(help="The case's id or own number.")],
    address: Annotated[str, typer.Argument(help="Defanged or not.")],
    form: PlaceForm = PlaceForm.URL,
    host: Annotated[str | None, typer.Option(help="For what is no web address.")] = None,
    country: str | None = None,
    basis: Basis = Basis.STAFF,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Note a place that no referral named."""
    with command_work(data, as_) as work:
        found = actions.add_place(
            work, case, address=address, form=form, host=host, country=country, basis=basis
        )
    show(found, as_json=json)


@group.command("record")
def record_state(
    data: DataOption,
    removal: RemovalArgument,
    state: Annotated[RemovalState, typer.Argument()],
    moved_to: Annotated[str | None, typer.Option("--to", help="Of moved: the new address.")] = None,
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what became of a place."""
    with command_work(data, as_) as work:
        done = moment_told("done_at", done_at)
        moving.record_state(work, removal, state, moved_to=moved_to, done_at=done)
    show({"removal": removal, "state": state}, as_json=json)


@group.command("take-back")
def take_back(
    data: DataOption,
    removal: RemovalArgument,
    entry: Annotated[str, typer.Argument(help="Its id, as the list shows it.")],
    because: Annotated[str, typer.Option(help="Why it is not so.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a state, check or reply was recorded by mistake: it counts no more."""
    with command_work(data, as_) as work:
        mistaken.take_back(work, removal, entry, because=because)
    show({"removal": removal, "taken_back": entry}, as_json=json)


@group.command("notice")
def make_notice(
    data: DataOption, removal: RemovalArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Ask for removal, or take the next firmer step."""
    with command_work(data, as_) as work:
        found = noticing.make_notice(work, removal)
    show(found, as_json=json)


@group.command("carried")
def carry_notice(
    data: DataOption,
    notice: NoticeArgument,
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a notice was brought to the host by hand, and when."""
    with command_work(data, as_) as work:
        noticing.carry_notice(work, notice, done_at=moment_told("done_at", done_at))
    show({"notice": notice, "state": "sent"}, as_json=json)


@group.command("correct-day")
def correct_day(
    data: DataOption,
    notice: NoticeArgument,
    because: Annotated[str, typer.Option(help="Why the day is another.")],
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a notice was brought at another time than was written down (--done-at)."""
    with command_work(data, as_) as work:
        done = moment_told("done_at", done_at)
        found = redating.correct_notice_day(work, notice, done_at=done, because=because)
    show(found, as_json=json)


@group.command("correct")
def correct_place(
    data: DataOption,
    removal: RemovalArgument,
    because: Annotated[str, typer.Option(help="Why what is said of it is wrong.")],
    form: Annotated[PlaceForm | None, typer.Option(help="What kind of place it is.")] = None,
    host: Annotated[str | None, typer.Option(help="The host or service it is at.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Two capital letters; empty: not known.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a place is of another kind, at another host or in another country."""
    with command_work(data, as_) as work:
        found = correcting.correct_place(
            work, removal, form=form, host=host, country=country, because=because
        )
    show(found, as_json=json)


@group.command("retry")
def retry_notice(
    data: DataOption, notice: NoticeArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Send a notice again that failed."""
    with command_work(data, as_) as work:
        noticing.retry_notice(work, notice)
    show({"notice": notice, "state": "queued"}, as_json=json)


@group.command("reply")
def record_reply(
    data: DataOption,
    removal: RemovalArgument,
    kind: Annotated[ReplyKind, typer.Argument()],
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what a host answered, and when."""
    with command_work(data, as_) as work:
        done = moment_told("done_at", done_at)
        found = noticing.record_reply(work, removal, kind, done_at=done)
    show(found, as_json=json)


@group.command("check")
def check_now(
    data: DataOption, removal: RemovalArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Ask for a place's status now, if its host is on the list."""
    with command_work(data, as_) as work:
        found = checking.check_now(work, removal)
    show(found, as_json=json)


@group.command("looked")
def look_by_hand(
    data: DataOption,
    removal: RemovalArgument,
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that you looked at a place and it is as it was; of another state use record."""
    with command_work(data, as_) as work:
        found = looking.look_by_hand(work, removal, done_at=moment_told("done_at", done_at))
    show(found, as_json=json)


@group.command("authority")
def record_authority(
    data: DataOption,
    removal: RemovalArgument,
    words: Annotated[str, typer.Option(help="Who ordered it, and its number.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down the legal authority under which a file may be fetched and compared."""
    with command_work(data, as_) as work:
        found = comparing.record_authority(work, removal, words=words, until=until.date())
    show(found, as_json=json)


@group.command("end-authority")
def end_authority(
    data: DataOption,
    removal: RemovalArgument,
    authority: Annotated[str, typer.Argument(help="Its id, as the list shows it.")],
    ended_on: Annotated[
        datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="First day without it.")
    ],
    because: Annotated[str, typer.Option(help="Why it holds no more.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a legal authority holds no more from a day on: nothing is fetched under it then."""
    with command_work(data, as_) as work:
        end = comparing.end_authority(
            work, removal, authority, ended_on=ended_on.date(), because=because
        )
    show({"removal": removal, "authority": authority, "ended_on": end.on}, as_json=json)


@group.command("compare")
def compare_digest(
    data: DataOption, removal: RemovalArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Fetch the file into the box under its authority, and say whether it is the known one."""
    with command_work(data, as_) as work:
        found = comparing.compare_digest(work, removal)
    show(found, as_json=json)


@group.command("name-item")
def name_item(
    data: DataOption,
    removal: RemovalArgument,
    sha256: Annotated[str, typer.Argument(help="Of a file of the case, reported or found.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say which file of the case is at a place of which no referral told it."""
    with command_work(data, as_) as work:
        voting.name_item(work, removal, sha256)
    show({"removal": removal, "sha256": sha256}, as_json=json)


@group.command("classify")
def classify_item(
    data: DataOption,
    removal: RemovalArgument,
    classification: Annotated[Classification, typer.Argument()],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say what the item at a place is."""
    with command_work(data, as_) as work:
        agreeing = voting.classify_item(work, removal, classification)
    show({"removal": removal, "votes": agreeing}, as_json=json)


@group.command("offer")
def offer_item(
    data: DataOption,
    removal: RemovalArgument,
    list_name: Annotated[str, typer.Option("--list", help="The hash list's name.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Offer the digest of a removed item to a hash list."""
    with command_work(data, as_) as work:
        added = voting.offer_item(work, removal, list_name=list_name)
    show({"removal": removal, "added": added}, as_json=json)


@host_group.command("list")
def list_hosts(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the hosts and how each is reached."""
    with command_work(data, as_) as work:
        found = hosts.list_hosts(work)
    show(found, as_json=json, ours=("contact",))


@host_group.command("measure")
def measure_hosts(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Show what each host did with its notices: share gone by time, curve, reappearance."""
    with command_work(data, as_) as work:
        found = actions.measure_hosts(work)
    show(found, as_json=json)


@host_group.command("write")
def write_host(
    data: DataOption,
    name: HostArgument,
    channel: Annotated[Channel, typer.Option()],
    contact: str = "",
    language: NoticeLanguage = NoticeLanguage.ENGLISH,
    country: str | None = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down how a host is reached; "blocking-body" names who decides on network blocking."""
    with command_work(data, as_) as work:
        found = hosts.write_host(
            work, name, channel=channel, contact=contact, language=language, country=country
        )
    show(found, as_json=json, ours=("contact",))


@host_group.command("checks")
def allow_checks(
    data: DataOption,
    name: HostArgument,
    *,
    allowed: Annotated[bool, typer.Option("--allow/--deny")],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put a host on the list of those that may be asked for a status, or take it off."""
    with command_work(data, as_) as work:
        hosts.allow_checks(work, name, allowed=allowed)
    show({"host": name, "allowed": allowed}, as_json=json)
