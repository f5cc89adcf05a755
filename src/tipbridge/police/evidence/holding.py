"""What was found on an exhibit is held against the node's other cases."""

from tipbridge.foundation.work import Work
from tipbridge.police.cases import knowing
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import exhibit_seen
from tipbridge.police.evidence.model import Examination


def hold_findings(work: Work, examination: Examination) -> None:
    """Let the case room compare what an examination found, within the caller's own action."""
    exhibit, _ = exhibit_seen(work, examination.exhibit_id)
    found = store.found_in(work.db, examination.id)
    knowing.hold_seized(work, exhibit.case_id, exhibit.id, found)
    work.emit("evidence.exhibit.examined", case_id=exhibit.case_id)
