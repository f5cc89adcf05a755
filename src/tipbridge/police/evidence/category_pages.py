"""Pages of categories: a download for the examiner's own viewer, and what comes back from it."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from tipbridge.police.evidence import categorising
from tipbridge.police.evidence.categorising import Taken
from tipbridge.police.evidence.category_form import SentCategories, read_category_form
from tipbridge.web.render import page
from tipbridge.web.session import staff_work

router = APIRouter()


@router.get("/exhibits/{exhibit_id}/media")
def get_media(request: Request, exhibit_id: str) -> Response:
    """An exhibit's media as VICS JSON to keep: digests and places, never content."""
    with staff_work(request) as work:
        document = categorising.give_media(work, exhibit_id)
    headers = {
        "Content-Disposition": f'attachment; filename="media-{exhibit_id}.json"',
        "Cache-Control": "no-store",
    }
    return Response(document, media_type="application/octet-stream", headers=headers)


@router.post("/exhibits/{exhibit_id}/categories")
async def post_categories(request: Request, exhibit_id: str) -> Response:
    """Take a viewer's categories back as votes; says what became of each."""

    def begin() -> None:
        with staff_work(request) as work:
            categorising.may_take_categories(work, exhibit_id)

    def keep(sent: SentCategories) -> Taken:
        with staff_work(request) as work:
            return categorising.take_categories(
                work,
                exhibit_id,
                sent.document,
                confirming=sent.confirming,
                denying=sent.denying,
                into=sent.into,
            )

    await run_in_threadpool(begin)
    sent = await read_category_form(request)
    taken = await run_in_threadpool(keep, sent)
    return await run_in_threadpool(
        page, request, "evidence/taken.html", taken=taken, exhibit_id=exhibit_id, into=sent.into
    )
