"""The disclosures that wait for people, for the desk's page of approvals."""

from tipbridge.foundation.access.approvals.model import PAGE_LINES, Waiting
from tipbridge.foundation.access.approvals.store import Bound, people_who_may
from tipbridge.foundation.access.store import person_of
from tipbridge.foundation.work import Work
from tipbridge.police.disclosure import store
from tipbridge.police.disclosure.model import APPROVAL_KIND, APPROVERS, PEOPLE_NEEDED, Disclosure
from tipbridge.web.nav import Approvable


def waiting_disclosures(work: Work, page: int) -> list[Waiting]:
    """Disclosures that too few people approved and that never left, newest first, by the hundred.

    Shape: each is looked at, and approved, on its own page.
    """
    found = [_waiting(work, each) for each, _ in reversed(store.disclosures_of(work.db, None))]
    still = [each for each in found if each is not None and each.approved < each.needed]
    return still[(page - 1) * PAGE_LINES : page * PAGE_LINES]


def _waiting(work: Work, disclosure: Disclosure) -> Waiting | None:
    if store.written_of(work.db, disclosure.id):
        return None
    bound = Bound(
        kind=APPROVAL_KIND, subject=disclosure.id, content_sha256=disclosure.content_sha256
    )
    people, reader = people_who_may(work.db, bound, APPROVERS), person_of(work.db, work.actor.id)
    return Waiting(
        subject=disclosure.id,
        about=disclosure.recipient,
        content_sha256=disclosure.content_sha256,
        needed=PEOPLE_NEEDED,
        approved=len(people),
        mine=reader in people,
        own=reader == person_of(work.db, disclosure.proposed_by),
        on_page=True,
    )


APPROVABLES = (
    Approvable(
        kind=APPROVAL_KIND,
        path="/disclosures/",
        roles=APPROVERS,
        waiting=waiting_disclosures,
    ),
)
