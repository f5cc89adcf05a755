"""When a report runs out, and whether something may still be done to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.intake.errors import NoSuchReport, UnfitRequest
from tipbridge.tips.intake.model import ReportState
from tipbridge.tips.report.fault import Fault
from tipbridge.tips.report.model import ClaimedHash

OPEN_FOR = timedelta(hours=24)
IDLE_FOR = timedelta(hours=1)
"""Periods of the protocol, not of a law: an unfinished report is deleted after the later."""

SANDBOX_KEPT_FOR = timedelta(days=30)
"""How long what was filed for a test can be looked at by who filed it."""

FIRST_REPORT_NUMBER = 900_000_001
"""Where our numbers begin, as the sequence does; lower ones are other clearinghouses'."""
GUESSES_BEFORE_ALARM = 20
"""So many different numbers that are no reports of its own: no mistake of a client any more."""
_LONGEST_NUMBER = 18
_LONGEST_FACT = 200


def expiry_of(opened_at: datetime, modified_at: datetime) -> datetime:
    """When an unfinished report is deleted (protocol notes, section 3)."""
    return max(opened_at + OPEN_FOR, modified_at + IDLE_FOR)


def state_at(state: ReportState, expires_at: datetime, now: datetime) -> ReportState:
    """The state a report is in now: one whose time is over is expired before the job comes."""
    if state is ReportState.OPEN and expires_at <= now:
        return ReportState.EXPIRED
    return state


def claims_differ(claims: Iterable[ClaimedHash], found: Digests) -> bool:
    """Whether a hash the provider states, of a kind we compute, is not what we computed."""
    computed = {"md5": found.md5, "sha1": found.sha1, "sha256": found.sha256}
    for claim in claims:
        kind = claim.kind.strip().lower().replace("-", "")
        if kind in computed and claim.value.strip().lower() != computed[kind]:
            return True
    return False


def waived(findings: Iterable[Fault]) -> str | None:
    """The rules that a document broke and was let in all the same; None without any.

    Shape: names joined by commas, or their count where that is longer than an audit fact.
    """
    names = sorted({finding.rule for finding in findings})
    joined = ",".join(names)
    return (joined if len(joined) <= _LONGEST_FACT else f"{len(names)}-rules") or None


def is_file_id(text: str) -> bool:
    """Whether a fresh id can't be read as a number by a client that guesses types."""
    return any(letter in "abcdf" for letter in text)


def report_number_in(text: bytes) -> int:
    """The report number in a form field.

    Errors: UnfitRequest when it is no number; NoSuchReport when it is too long for one.
    """
    digits = text.strip()
    if not digits.isdigit():
        raise UnfitRequest("'id' must be a report number.")
    if len(digits) > _LONGEST_NUMBER:
        raise NoSuchReport("of this number")
    return int(digits)


def gone_words(state: ReportState) -> str:
    """What is said of a report that has ended, by how it did."""
    return {
        ReportState.EXPIRED: "The report has expired: it was not finished in time.",
        ReportState.PURGED: "The report was finished, and has been destroyed on its date.",
    }.get(state, "The report is retracted.")
