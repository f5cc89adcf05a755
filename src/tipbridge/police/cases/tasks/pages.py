"""The page of tasks over all cases, and what is done to one of them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tipbridge.police.cases.tasks import actions
from tipbridge.police.cases.tasks.model import Whose
from tipbridge.web.fields import day_in
from tipbridge.web.render import page, see_other
from tipbridge.web.session import staff_work

router = APIRouter()


@router.get("/tasks")
def show_tasks(request: Request, whose: Whose = Whose.MINE) -> Response:
    """Open tasks of all cases that the reader sees."""
    with staff_work(request) as work:
        tasks = actions.list_tasks(work, whose=whose)
    return page(request, "cases/tasks.html", tasks=tasks, choices=tuple(Whose))


@router.post("/cases/{case_id}/tasks/{task_id}/day")
def post_day(
    request: Request,
    case_id: str,
    task_id: str,
    because: Annotated[str, Form()],
    due_on: Annotated[str, Form()] = "",
) -> Response:
    """Give a task another day; an empty one takes its day away."""
    day = day_in("due_on", due_on)
    with staff_work(request) as work:
        actions.set_task_day(work, case_id, task_id, due_on=day, because=because)
    return see_other(f"/cases/{case_id}/diary")


@router.post("/cases/{case_id}/tasks/{task_id}/assignment")
def post_assignment(
    request: Request, case_id: str, task_id: str, to: Annotated[str, Form()] = ""
) -> Response:
    """Say who does a task."""
    with staff_work(request) as work:
        actions.assign_task(work, case_id, task_id, to=to.strip() or None)
    return see_other(f"/cases/{case_id}/diary")
