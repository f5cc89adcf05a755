"""What came of our filings, as the clearinghouse tells it."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ValidationError

from tipbridge.foundation.work import Work, action
from tipbridge.tips.filing import sending, targets
from tipbridge.tips.filing.errors import ClearinghouseSilent
from tipbridge.tips.filing.ledger import store
from tipbridge.tips.filing.ledger.actions import READERS


class _Line(BaseModel):
    report_id: str
    at: datetime
    sender: str
    outcome: str
    facts: dict[str, str]


class _Page(BaseModel):
    feedback: list[_Line]
    more_feedback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One word on one of our reports; `filing_id` is None for one that was filed elsewhere."""

    filing_id: str | None
    report_id: str
    at: datetime
    sender: str
    outcome: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPage:
    """The newest feedback first, a hundred at a time."""

    feedback: tuple[Heard, ...]
    more: bool


@action("filing.feedback.read", roles=READERS)
def read_feedback(
    work: Work, *, to: str | None = None, sandbox: bool = False, page: int = 1
) -> HeardPage:
    """Ask a Tipbridge clearinghouse what came of our reports.

    Errors: Invalid, NoCredential, ClearinghouseSilent, also for a clearinghouse that has no
    such call.
    """
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    content = sending.fetch_quality(
        work.node, targets.target_of(work.node, url, sandbox=sandbox), page=page
    )
    try:
        told = _Page.model_validate_json(content)
    except ValidationError as error:
        raise ClearinghouseSilent(f"{url}/quality tells nothing that can be read.") from error
    ours = store.filings_of_reports(work.db, url, {line.report_id for line in told.feedback})
    work.record("all", count=len(told.feedback))
    return HeardPage(
        feedback=tuple(
            Heard(filing_id=ours.get(line.report_id), **line.model_dump()) for line in told.feedback
        ),
        more=told.more_feedback,
    )
