"""The form that brings a viewer's document back, read as it arrives and kept in memory alone."""

from dataclasses import dataclass, field

from starlette.requests import Request

from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.evidence.vics import read_numbers
from tipbridge.tips.intake.bodies import feed_body, up_to
from tipbridge.tips.intake.form import MAX_FIELD_BYTES, Part, Sink, form_of

DOCUMENT_BYTES = 64 * 1024 * 1024
"""What a page takes; the command takes more."""
_WORDS_BYTES = 64 * 1024
_FIELDS = ("confirm", "deny", "into")


class DocumentTooLong(Invalid):
    """A viewer's document is longer than a page takes."""

    def __init__(self) -> None:
        super().__init__(
            f"A page takes a viewer's document of up to {DOCUMENT_BYTES >> 20} MiB; bring a longer one"
            " in with tipbridge exhibits categorise."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCategories:
    """What the form holds: the document, which numbers confirm and deny, and the list to load."""

    document: bytes = field(repr=False)
    confirming: frozenset[int]
    denying: frozenset[int]
    into: str | None


async def read_category_form(request: Request) -> SentCategories:
    """Read the form whole. Errors: Invalid; DocumentTooLong as soon as it is."""
    parts: dict[str, bytearray] = {}
    content_type = request.headers.get("content-type", "")
    form = form_of(content_type, lambda part: _sink(parts, part))

    async def feed(gathered: bytes) -> None:
        form.feed(gathered)

    read = up_to(DOCUMENT_BYTES + _WORDS_BYTES, DocumentTooLong())
    form.feed(await feed_body(request, feed, read))
    form.close()
    if "file" not in parts:
        raise Invalid("The form has no part 'file'.")
    words = {name: parts.get(name, b"").decode("utf-8", "replace") for name in _FIELDS}
    return SentCategories(
        document=bytes(parts["file"]),
        confirming=read_numbers(words["confirm"]),
        denying=read_numbers(words["deny"]),
        into=words["into"].strip() or None,
    )


def _sink(parts: dict[str, bytearray], part: Part) -> Sink:
    name = part.name
    if name not in {*_FIELDS, "file"} or name in parts:
        raise Invalid(f"The form has the parts 'file', {', '.join(map(repr, _FIELDS))}, each once.")
    kept = parts[name] = bytearray()
    most = DOCUMENT_BYTES if name == "file" else MAX_FIELD_BYTES

    def take(data: bytes) -> None:
        kept.extend(data)
        if len(kept) > most:
            if name == "file":
                raise DocumentTooLong
            raise Invalid(f"{name} has at most {MAX_FIELD_BYTES} bytes.")

    return take
