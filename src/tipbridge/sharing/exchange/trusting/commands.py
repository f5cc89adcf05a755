"""Commands on keys of this node and of its peers."""

from pathlib import Path
from typing import Annotated

import typer

from tipbridge.office.commands import parse_time
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.exchange.commands import content_of
from tipbridge.sharing.exchange.trusting import actions
from tipbridge.sharing.exchange.trusting.model import PeerKey


def rotate_keys(
    data: DataOption,
    *,
    finish: Annotated[bool, typer.Option(help="Sign with the next keys from now on.")] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Make this node's next keys and print what peers take with `peers follow`; then --finish."""
    with command_work(data, as_) as work:
        done = actions.use_next_keys(work) if finish else actions.prepare_keys(work)
    if isinstance(done, bytes):
        print(done.decode("ascii"))
    else:
        show({"fingerprint": done}, as_json=json)


def follow_peer(
    data: DataOption,
    succession: Annotated[Path, typer.Argument(help="What the peer's `peers rotate` printed.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Pin the card that follows a peer's own; both verify until one is revoked."""
    envelope = content_of(succession)
    with command_work(data, as_) as work:
        key = actions.follow_peer(work, succession=envelope.strip())
    show(_key_line(key), as_json=json)


def revoke_key(
    data: DataOption,
    peer: Annotated[str, typer.Argument(help="The peer's id.")],
    fingerprint: Annotated[str, typer.Argument(help="The key's fingerprint.")],
    *,
    since: Annotated[str, typer.Option(help="From when on, as 2014-03-01T09:00:00Z.")],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let nothing count that a peer's key signed from a moment on; names what came since."""
    moment = parse_time(since)
    with command_work(data, as_) as work:
        found = actions.revoke_key(work, peer, fingerprint=fingerprint, since=moment)
    since_then = {"came_since": found.packages, "agreements_to_sign_anew": found.agreements}
    show(_key_line(found.key) | {"revoked_from": moment} | since_then, as_json=json)


def list_keys(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List every key that was pinned for a peer, and from when it counts no more."""
    with command_work(data, as_) as work:
        found = actions.list_keys(work)
    show([_key_line(key) for key in found], as_json=json)


def _key_line(key: PeerKey) -> dict[str, object]:
    return {
        "node_id": key.card.node_id,
        "fingerprint": key.card.fingerprint,
        "pinned_at": key.pinned_at,
        "vouched_by": key.vouched_by,
        "revoked_from": key.revoked_from,
    }
