"""A folder examined within one unit of work, which a test has open."""

from contextlib import nullcontext
from typing import Any

from tipbridge.foundation.work import Work
from tipbridge.police.evidence.examining import examine_folder
from tipbridge.police.evidence.model import Examination


def examined(work: Work, exhibit_id: str, **how: Any) -> Examination:
    return examine_folder(lambda: nullcontext(work), exhibit_id, **how)
