"""Which notice an e-mail answers, whether its writer may, and what it says: pure."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import cast

from tipbridge.foundation.base.defanging import defang
from tipbridge.police.removals.mailed.model import Mail, Unfit
from tipbridge.police.removals.model import Channel, Notice
from tipbridge.police.removals.places import host_of, split_web
from tipbridge.sharing.notices.model import ReplyKind

_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_ADDRESS = re.compile(r"\S*://\S*|www\.\S+|[^\s@]+\.\w+/\S*", re.IGNORECASE)


def notice_named(mail: Mail, node_id: str) -> str | Unfit:
    """The id of the notice that an e-mail answers: by the message answered, and by its subject.

    Shape: where both name one it is the same; either alone is enough.
    """
    ours = f"@{node_id}"
    answered = {each.removesuffix(ours) for each in mail.answers if each.endswith(ours)}
    named = answered or set(_TOKEN.findall(mail.subject.lower()))
    if answered and (said := set(_TOKEN.findall(mail.subject.lower()))):
        named = answered & said or answered | said
    if len(named) > 1:
        return Unfit.TWO_NOTICES_NAMED
    return named.pop() if named else Unfit.NO_NOTICE_NAMED


def may_answer(mail: Mail, notice: Notice) -> bool:
    """Whether an e-mail comes from the desk that was asked, or from the host itself."""
    _, _, domain = mail.sender.lower().rpartition("@")
    asked = {notice.host.partition(":")[0].lower()}
    if notice.channel is Channel.EMAIL:
        asked.add(notice.recipient.lower().rpartition("@")[2])
    if notice.channel is Channel.WEBHOOK and (parts := split_web(notice.recipient)) is not None:
        asked.add((host_of(parts) or "").partition(":")[0])
    return any(domain == each or domain.endswith(f".{each}") for each in asked if "." in each)


def kind_said(said: str) -> ReplyKind:
    """What an answer says by its first line of its own; without such a word, that it came.

    Shape: a longer sentence is for a person to read: it changes no state.
    """
    return _words().get(_first_word(said), ReplyKind.ACKNOWLEDGED)


def is_in_words(said: str) -> bool:
    """Whether an answer says something, and none of the known words."""
    first = _first_word(said)
    return bool(first) and first not in _words()


def _first_word(said: str) -> str:
    own = (line.strip() for line in said.splitlines())
    first = next((line for line in own if line and not line.startswith(">")), "")
    return first.strip(" .!。").casefold()


def without_links(said: str) -> str:
    """A text in which no program finds a link: every address in it is defanged."""
    return _ADDRESS.sub(lambda found: defang(found[0]), said)


@functools.cache
def _words() -> Mapping[str, ReplyKind]:
    text = files("tipbridge.police.removals").joinpath("data/answers.toml").read_text("utf-8")
    lists = cast("Mapping[str, Iterable[str]]", tomllib.loads(text))
    return {word.casefold(): ReplyKind(kind) for kind, words in lists.items() for word in words}
