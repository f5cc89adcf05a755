"""The page of what is done and noted in a case."""

from fastapi import APIRouter, Request, Response

from tipbridge.police.cases.diary import actions
from tipbridge.web.render import see_other
from tipbridge.web.session import staff_work

router = APIRouter()


@router.post("/cases/{case_id}/tasks/{task_id}")
def post_task(request: Request, case_id: str, task_id: str) -> Response:
    """Close a task."""
    with staff_work(request) as work:
        actions.finish_task(work, case_id, task_id)
    return see_other(f"/cases/{case_id}")
