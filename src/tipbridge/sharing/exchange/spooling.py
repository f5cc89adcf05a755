"""What arrives goes into a file without a name as it comes, and only if it may be sealed."""

from collections.abc import AsyncIterator
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tipbridge.sharing.exchange.full import is_full

_SPOOLED_BYTES = 256 * 1024
_AGE_LINE = b"age-encryption.org/v1\n"


async def spooled(request: Request, spool: BinaryIO, limit: int, before_bytes: int) -> bool:
    """Whether the body was spooled to its end and may be a sealed package.

    Shape: so many bytes stand before the first line of the seal.
    Errors: OSError of a full disk once all was read: a sender hears no answer before its end.
    """
    size_bytes, first, enough = 0, b"", before_bytes + len(_AGE_LINE)
    full: OSError | None = None
    async for chunk in _gathered(request):
        size_bytes += len(chunk)
        if len(first) < enough:
            first = (first + chunk)[:enough]
            if not _AGE_LINE.startswith(first[before_bytes:]):
                return False
        if size_bytes > limit:
            return False
        if full is None:
            full = await run_in_threadpool(_written, spool, chunk)
    if full is not None:
        raise full
    return size_bytes > enough


async def _gathered(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces of a size that is worth the way to another thread; its begin at once."""
    held, held_bytes, enough = list[bytes](), 0, len(_AGE_LINE)
    async for chunk in request.stream():
        held.append(chunk)
        held_bytes += len(chunk)
        if held_bytes >= enough:
            yield b"".join(held)
            held, held_bytes, enough = [], 0, _SPOOLED_BYTES
    yield b"".join(held)


def _written(spool: BinaryIO, chunk: bytes) -> OSError | None:
    """Write on; what a full disk said."""
    try:
        spool.write(chunk)
    except OSError as error:
        if not is_full(error):
            raise
        return error
    return None
