"""Look at approvals: who approved exactly which content."""

from tipbridge.foundation.access.approvals.model import PAGE_LINES, Given
from tipbridge.foundation.access.approvals.store import given_newest
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work, action

READERS = (
    Role.ANALYST,
    Role.LIAISON,
    Role.INVESTIGATOR,
    Role.EXAMINER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


@action("office.approvals.read", roles=READERS)
def list_approvals(work: Work, *, page: int = 1) -> list[Given]:
    """Contents that people approved, the newest first, a hundred at a time; ids and digests only."""
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = given_newest(work.db, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found
