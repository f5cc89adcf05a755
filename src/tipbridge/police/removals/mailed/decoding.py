"""The box's task over an e-mail: who writes, what it answers, its text; no attachment."""

import codecs
import email
import email.policy
import hashlib
import io
import re
from datetime import UTC
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import BinaryIO

from tipbridge.foundation.box.errors import Refused
from tipbridge.foundation.box.model import Limits, Reason

READ_MAIL = "tipbridge.police.removals.mailed.decoding:read_mail"
WARM = "tipbridge.police.removals.mailed.decoding:warm"
MOST_BYTES = 10 * 1024 * 1024
MOST_TEXT = 8000
LIMITS = Limits(cpu_seconds=10, wall_seconds=20.0, result_bytes=256 * 1024)
_MOST_PARTS = 200
_MOST_IDS = 50
_HEADER = 500
_CHARSETS = (
    "ascii", "utf-8", "utf-16", "latin-1", "iso8859-15", "cp1252", "cp949", "euc_kr", "iso2022_kr",
    "johab", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "koi8-r", "cp1251",
)  # fmt: skip
"""In which hosts write; a text of another is read as UTF-8, with what does not fit replaced."""
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,200})>")
_SILENT = frozenset({"script", "style", "head", "title"})
_LINE = frozenset({"br", "p", "div", "li", "tr", "blockquote"})


def read_mail(source: BinaryIO) -> dict[str, object]:
    """Headers that say what an e-mail answers, and its own text.

    Shape: `id` is made of its Message-ID, or of its bytes where it has none.
    Errors: Refused for what is no e-mail, or longer than MOST_BYTES.
    """
    raw = source.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{MOST_BYTES}-bytes")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if message["from"] is None:
        raise Refused(Reason.UNSUPPORTED, "no-sender")
    said, left_out = _text(message)
    own = str(message["message-id"] or "").strip().encode("utf-8", "replace")
    answered = f"{message['in-reply-to'] or ''} {message['references'] or ''}"
    return {
        "id": hashlib.sha256(own or raw).hexdigest()[:32],
        "sender": _sender(message),
        "subject": _printable(str(message["subject"] or ""))[:_HEADER],
        "answers": _MESSAGE_ID.findall(answered)[:_MOST_IDS],
        "said": said,
        "left_out": left_out,
        "dated": _dated(message),
    }


def warm() -> None:
    """Load what reading takes, while programs can still be loaded: the parser and the charsets."""
    for charset in _CHARSETS:
        codecs.lookup(charset)
    sample = EmailMessage(policy=email.policy.default)
    sample["From"], sample["Subject"] = "a <a@host.example>", "삭제"
    sample["Message-ID"] = "<a@host.example>"
    sample["Date"] = "Mon, 02 Jun 2014 09:00:00 +0900"
    sample.set_content("삭제", cte="quoted-printable")
    sample.add_alternative("<p>삭제</p>", subtype="html", cte="base64")
    sample.add_attachment(b"a", "image", "png", filename="a.png")
    read_mail(io.BytesIO(bytes(sample)))


def _dated(message: EmailMessage) -> str | None:
    """When an e-mail says it was written; nothing where it says none that can be."""
    try:
        found = parsedate_to_datetime(str(message["date"]))
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found
        return aware.astimezone(UTC).isoformat()
    except (ValueError, TypeError, OverflowError, LookupError):
        return None


def _sender(message: EmailMessage) -> str:
    """The one address that writes; empty when there is none, or more than one."""
    addresses = message["from"].addresses
    return _printable(addresses[0].addr_spec)[:_HEADER] if len(addresses) == 1 else ""


def _text(message: EmailMessage) -> tuple[str, int]:
    """The first written part, plain rather than HTML, and how many parts are left out."""
    plain: list[str] = []
    marked: list[str] = []
    left_out = 0
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if number >= _MOST_PARTS or part.is_attachment() or kind not in {"text/plain", "text/html"}:
            left_out += 1
            continue
        (plain if kind == "text/plain" else marked).append(_content(part))
    written = plain or [_words_of(text) for text in marked]
    return _printable("\n".join(written)).strip()[:MOST_TEXT], left_out


def _content(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


class _Words(HTMLParser):
    """The words of a page, without what nobody sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a line's end, and what is not shown."""
        del attrs
        self._silent += tag in _SILENT
        if tag in _LINE:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note that what is shown goes on."""
        self._silent = max(0, self._silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        """Keep words that are shown."""
        if not self._silent:
            self.found.append(data)


def _words_of(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    parser.close()
    return "".join(parser.found)


def _printable(text: str) -> str:
    """Text without what no page can show; lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = (("".join(" " if each.isspace() else each for each in line)) for line in lines)
    return "\n".join("".join(each for each in line if each.isprintable()) for line in shown)
