"""Every SQL statement of intake, by what it is about."""

from tipbridge.tips.intake.store.files import (
    digests_of,
    file_ids_of,
    insert_file,
    insert_original,
    is_batched,
    set_details,
)
from tipbridge.tips.intake.store.guesses import (
    count_guess,
    guess_alarms,
    guess_alarms_unseen,
    raise_alarm,
    see_guess_alarm,
)
from tipbridge.tips.intake.store.loose_ends import (
    doubles,
    filed_by,
    orphans,
)
from tipbridge.tips.intake.store.records import (
    insert_feedback,
    report_record,
)
from tipbridge.tips.intake.store.reports import (
    end_report,
    expired_reports,
    filed_reports,
    finish_report,
    insert_report,
    known_keys,
    mark_erased,
    next_report_id,
    place_report,
    reports_to_erase,
    sandbox_over,
    standing_of,
)
from tipbridge.tips.intake.store.strictness import chosen_modes, set_mode

__all__ = [
    "chosen_modes",
    "count_guess",
    "digests_of",
    "doubles",
    "end_report",
    "expired_reports",
    "file_ids_of",
    "filed_by",
    "filed_reports",
    "finish_report",
    "guess_alarms",
    "guess_alarms_unseen",
    "insert_feedback",
    "insert_file",
    "insert_original",
    "insert_report",
    "is_batched",
    "known_keys",
    "mark_erased",
    "next_report_id",
    "orphans",
    "place_report",
    "raise_alarm",
    "report_record",
    "reports_to_erase",
    "sandbox_over",
    "see_guess_alarm",
    "set_details",
    "set_mode",
    "standing_of",
]
