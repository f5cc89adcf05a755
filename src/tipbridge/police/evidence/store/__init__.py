"""Every SQL statement of the evidence room, by what it is about."""

from tipbridge.police.evidence.store.acquisitions import (
    acquisition_by_id,
    acquisitions_of,
    insert_acquired,
    insert_acquisition,
)
from tipbridge.police.evidence.store.categories import (
    add_categories,
    categories_of,
    digests_on,
)
from tipbridge.police.evidence.store.examinations import (
    add_files,
    add_skipped,
    examinations_of,
    files_of,
    insert_examination,
    insert_unread,
    item_counts,
    seen_before,
    skipped_counts,
    skipped_of,
    unread_of,
)
from tipbridge.police.evidence.store.exhibits import (
    case_found,
    custody_of,
    exhibit_by_id,
    exhibits_of,
    insert_custody,
    insert_exhibit,
    lock_exhibit,
)
from tipbridge.police.evidence.store.passes import (
    counts_of,
    insert_checkpoint,
    insert_pass,
    last_checkpoint,
    open_passes,
    pass_by_id,
    running_of,
    unprocessed_places,
)
from tipbridge.police.evidence.store.photographs import add_photographs, photographs_of

__all__ = [
    "acquisition_by_id",
    "acquisitions_of",
    "add_categories",
    "add_files",
    "add_photographs",
    "add_skipped",
    "case_found",
    "categories_of",
    "counts_of",
    "custody_of",
    "digests_on",
    "examinations_of",
    "exhibit_by_id",
    "exhibits_of",
    "files_of",
    "insert_acquired",
    "insert_acquisition",
    "insert_checkpoint",
    "insert_custody",
    "insert_examination",
    "insert_exhibit",
    "insert_pass",
    "insert_unread",
    "item_counts",
    "last_checkpoint",
    "lock_exhibit",
    "open_passes",
    "pass_by_id",
    "photographs_of",
    "running_of",
    "seen_before",
    "skipped_counts",
    "skipped_of",
    "unprocessed_places",
    "unread_of",
]
