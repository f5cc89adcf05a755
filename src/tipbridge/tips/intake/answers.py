"""What the API answers: documents of two roots, and the codes of the protocol."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from enum import IntEnum
from xml.sax.saxutils import escape

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.intake.model import LooseEnds

MOST_PAGES = 100_000
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Code(IntEnum):
    """Answer codes (protocol notes, section 2). Closed."""

    SUCCESS = 0
    SERVER_ERROR = 1000
    SAVE_FAILED = 1100
    NOT_FOUND = 1210
    AUTHENTICATION_REQUIRED = 2000
    NOT_AUTHORIZED = 3000
    INVALID_REQUEST = 4000
    VALIDATION_FAILED = 4100
    MALFORMED_XML = 4110
    MALFORMED_FILE = 4200
    NO_SUCH_REPORT = 5001
    NO_SUCH_FILE = 5002
    ALREADY_RETRACTED = 5101
    ALREADY_FINISHED = 5102


def report_response(
    code: Code,
    description: str,
    *,
    report_id: int | None = None,
    file_id: str | None = None,
    md5: str | None = None,
) -> bytes:
    """A `<reportResponse>`: every one has a code and a description that is no number."""
    parts = [
        f"<responseCode>{code:d}</responseCode>",
        f"<responseDescription>{_text(description)}</responseDescription>",
    ]
    if report_id is not None:
        parts.append(f"<reportId>{report_id}</reportId>")
    if file_id is not None:
        parts.append(f"<fileId>{file_id}</fileId>")
    if md5 is not None:
        parts.append(f"<hash>{md5}</hash>")
    return f"{_HEAD}<reportResponse>{''.join(parts)}</reportResponse>".encode()


def report_done_response(
    code: Code,
    *,
    report_id: int | None,
    files: Iterable[str] = (),
    description: str | None = None,
) -> bytes:
    """A `<reportDoneResponse>`; on an error with a description, which clients look for.

    Shape: it stands last: a client that reads the schema's elements in their order finds them.
    """
    listed = "".join(f"<fileId>{file_id}</fileId>" for file_id in files)
    told = (
        ""
        if description is None
        else (f"<responseDescription>{_text(description)}</responseDescription>")
    )
    return (
        f"{_HEAD}<reportDoneResponse><responseCode>{code:d}</responseCode>"
        f"<reportId>{report_id or 0}</reportId><files>{listed}</files>{told}</reportDoneResponse>"
    ).encode()


def as_test(answer: bytes) -> bytes:
    """An answer with the mark of a sandbox: a comment that no parser minds, and in its words."""
    marked = answer.replace(_HEAD.encode(), f"{_HEAD}<!-- TEST -->\n".encode(), 1)
    return marked.replace(b"</responseDescription>", b" (TEST)</responseDescription>", 1)


def whole_number(name: str, asked: str | None, usual: int, most: int) -> int:
    """A query parameter that is a whole number from 1 to `most`.

    Errors: Invalid.
    """
    if asked is None:
        return usual
    fits = asked.isascii() and asked.isdecimal() and len(asked) <= len(str(most))
    if not fits or not 1 <= int(asked) <= most:
        raise Invalid(f"'{name}' is a whole number from 1 to {most}.")
    return int(asked)


def loose_ends_json(found: LooseEnds, *, sandbox: bool) -> bytes:
    """Our own list of what a provider should look at, as JSON."""
    return json.dumps({"test": sandbox, **asdict(found)}, default=datetime.isoformat).encode()


def _text(description: str) -> str:
    return escape(description.translate(_UNPRINTABLE))


_UNPRINTABLE = {code: "?" for code in range(32) if code not in (9, 10)} | {127: "?"}
