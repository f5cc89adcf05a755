"""The form that takes what hosts answered by e-mail; the file is in memory only, and never kept."""

import functools
import io

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from tipbridge.foundation.base.errors import Forbidden, Invalid
from tipbridge.foundation.work import Work
from tipbridge.police.removals.actions import WORKING
from tipbridge.police.removals.mailed.actions import import_mail
from tipbridge.police.removals.mailed.decoding import MOST_BYTES
from tipbridge.police.removals.mailed.files import mails_of
from tipbridge.police.removals.mailed.model import Imported
from tipbridge.police.removals.mailed.reading import reading_box
from tipbridge.tips.intake.bodies import feed_body, up_to
from tipbridge.tips.intake.form import Part, Sink, form_of
from tipbridge.web.render import page
from tipbridge.web.session import staff_work

router = APIRouter()
_FORM_BYTES = MOST_BYTES + 64 * 1024


class MailForm:
    """A form with the one part `file`, as it arrives."""

    def __init__(self, content_type: str) -> None:
        self._form = form_of(content_type, self._begin)
        self._named = False
        self.file_name, self.raw = "", bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body. Errors: UnfitUpload; Invalid."""
        self._form.feed(data)

    def close(self) -> None:
        """Say that the body is over. Errors: UnfitUpload; Invalid without a file."""
        self._form.close()
        if not self._named or not self.raw:
            raise Invalid("Choose a file with one e-mail or an mbox.")

    def _begin(self, part: Part) -> Sink:
        if part.name != "file" or self._named:
            raise Invalid("The form has the part 'file' once.")
        self._named, self.file_name = True, part.file_name or ""
        return self._take

    def _take(self, data: bytes) -> None:
        self.raw += data
        if len(self.raw) > MOST_BYTES:
            raise Invalid(
                f"A file has at most {MOST_BYTES >> 20} MiB here; the command takes longer ones."
            )


@router.post("/removals/mails")
async def post_mails(request: Request) -> Response:
    """Keep what hosts answered by e-mail; shows what became of each."""

    def begin() -> MailForm:
        with staff_work(request) as work:
            _may_import(work)
        return MailForm(request.headers.get("content-type", ""))

    form = await run_in_threadpool(begin)

    async def feed(gathered: bytes) -> None:
        await run_in_threadpool(form.feed, gathered)

    read = up_to(_FORM_BYTES, Invalid(f"A form has at most {_FORM_BYTES >> 10} KiB."))
    form.feed(await feed_body(request, feed, read))
    form.close()
    each = await run_in_threadpool(_import_all, request, form)
    return page(request, "removals/mails.html", each=each)


def _may_import(work: Work) -> None:
    """Refuse somebody whose e-mails would be refused, before any of them is read."""
    if not work.actor.roles & set(WORKING):
        raise Forbidden("Your roles do not bring in what hosts answered.")


def _import_all(request: Request, form: MailForm) -> list[Imported]:
    found: list[Imported] = []
    with staff_work(request) as work:
        settings = work.node.settings
    with reading_box(settings) as read:
        for where, raw in mails_of(form.file_name or "mail", io.BytesIO(bytes(form.raw))):
            with staff_work(request) as work:
                found.append(import_mail(work, functools.partial(read, raw), where=where))
    return found
