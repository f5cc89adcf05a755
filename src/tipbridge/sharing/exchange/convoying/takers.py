"""Which peers take convoys, as this process heard it from them; after a restart it hears it anew."""

import threading

_heard: dict[tuple[str, str], None] = {}
_one_changes = threading.Lock()


def note(peer_id: str, url: str, *, takes: bool) -> None:
    """Keep what a peer said of itself beside an answer from this address."""
    with _one_changes:
        if takes:
            _heard.setdefault((peer_id, url))
        else:
            _heard.pop((peer_id, url), None)


def takes_convoys(peer_id: str, url: str) -> bool:
    """Whether a peer takes convoys at this address."""
    return (peer_id, url) in _heard


def in_turn() -> list[str]:
    """The peers that take convoys; who had its turn comes last."""
    with _one_changes:
        return [peer_id for peer_id, _ in _heard]


def had_its_turn(peer_id: str) -> None:
    """Let the others come before this peer."""
    with _one_changes:
        for each in [each for each in _heard if each[0] == peer_id]:
            del _heard[each]
            _heard[each] = None
