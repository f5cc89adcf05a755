"""Bodies of requests: read within bounds, fed on in pieces, one number found in a form."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.requests import Request

from tipbridge.tips.intake.errors import UnfitRequest, UnfitUpload
from tipbridge.tips.intake.form import FormReader, Part, Sink, boundary_of
from tipbridge.tips.intake.rules import report_number_in
from tipbridge.tips.report.body import malformed
from tipbridge.tips.report.places import place_at

FORM_BYTES = 64 * 1024
_GATHER_BYTES = 1024 * 1024


async def whole_body(request: Request, limit: int) -> bytes:
    """The whole body, when it is no longer than `limit`; one that is longer is not kept."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnfitRequest("A compressed body is not accepted.")
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
        elif size > 2 * limit:
            break
    if size > limit:
        kept = b"".join(pieces)
        raise malformed(place_at(kept, len(kept)), f"more than {limit} bytes.")
    return b"".join(pieces)


async def feed_body(
    request: Request,
    feed: Callable[[bytes], Awaitable[None]],
    read: Callable[[int], Awaitable[None]],
) -> bytes:
    """Feed the body on in pieces of a good size; returns the last one.

    Shape: `read` is told of each piece that was read, and may hold up the next.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnfitRequest("A compressed body is not accepted.")
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        pieces.append(piece)
        size += len(piece)
        if size >= _GATHER_BYTES:
            await feed(b"".join(pieces))
            pieces, size = [], 0
        await read(len(piece))
    return b"".join(pieces)


def up_to(most_bytes: int, refusal: Exception) -> Callable[[int], Awaitable[None]]:
    """What `feed_body` tells of each piece, to stop at a body that is too long.

    Errors: `refusal`, when asked for, at the piece that goes beyond `most_bytes`.
    """
    read_bytes = 0

    async def read(size_bytes: int) -> None:
        nonlocal read_bytes
        read_bytes += size_bytes
        if read_bytes > most_bytes:
            raise refusal

    return read


def number_in_form(content_type: str, body: bytes) -> int:
    """The field `id` of a form in either encoding, whatever its type is said to be."""
    boundary = boundary_of(content_type, body)
    if boundary is None:
        try:
            fields = parse_qs(body.decode("ascii"), max_num_fields=16)
        except ValueError as error:
            raise UnfitRequest("The body is no form.") from error
        found = [value.encode() for value in fields.get("id", [])]
    else:
        found = _multipart_ids(boundary, body)
    if len(found) != 1:
        raise UnfitRequest("The form must have one field 'id'.")
    return report_number_in(found[0])


def _multipart_ids(boundary: bytes, body: bytes) -> list[bytes]:
    found: list[bytes] = []

    def begin(part: Part) -> Sink:
        place = len(found)
        if part.name == "id":
            found.append(b"")

        def take(data: bytes) -> None:
            if part.name == "id":
                found[place] += data

        return take

    form = FormReader(boundary, begin)
    try:
        form.feed(body)
        form.close()
    except UnfitUpload as error:
        raise UnfitRequest(error.public) from error
    return found
