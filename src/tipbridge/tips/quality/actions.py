"""Verbs of quality: assess a finished report, show what a provider should mend."""

from datetime import datetime, timedelta

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.tips.intake.actions import read_report
from tipbridge.tips.intake.model import ReportRecord
from tipbridge.tips.quality import store
from tipbridge.tips.quality.expectations import known_expectations
from tipbridge.tips.quality.model import ProviderQuality, QualityView, ToDo
from tipbridge.tips.quality.rules import assess, expected_on

READERS = (Role.PROVIDER_MANAGER, Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR)
USUAL_DAYS = 90
TREND_PERIODS = 6
PAGE_LINES = 100
"""Of feedback."""


@action("quality.report.assessed", system=True)
def assess_report(work: Work, *, report_id: str, record: ReportRecord | None = None) -> None:
    """Note what a finished report lacks; may be run again. Nothing that triage reads changes."""
    record = record or read_report(work, report_id)
    digests = {file.sha256 for file in record.files}
    spread = store.spread_of(work.db, int(record.report_id), digests)
    found = assess(record, known_expectations(), spread)
    if found is None:
        work.record(report_id, done=False)
        return
    store.keep_assessment(work.db, record, found, at=work.now)
    work.record(report_id, done=True, missing=len(found.missing), actionable=found.actionable)


@action("quality.providers.listed", roles=READERS)
def list_quality(work: Work, *, days: int = USUAL_DAYS) -> list[ProviderQuality]:
    """Every provider's figures of the last days, and of as many days before."""
    found = _qualities(work, days)
    work.record("all", count=len(found), days=days)
    return found


@action("quality.provider.read", roles=READERS)
def read_quality(
    work: Work, provider: str, *, days: int = USUAL_DAYS, page: int = 1
) -> QualityView:
    """One provider's figures and trend, what to mend first, its newest reports, feedback.

    Shape: `provider` is its name; `page` is that of the feedback.
    Errors: NotFound.
    """
    quality = next((one for one in _qualities(work, days) if one.name == provider), None)
    if quality is None:
        raise NotFound("provider", provider)
    view = _view(work, quality, days, page)
    work.record(quality.provider_id, days=days)
    return view


@action("quality.own.read", provider=True)
def read_own_quality(work: Work, *, days: int = USUAL_DAYS, page: int = 1) -> QualityView:
    """A provider's own figures, what it should mend first, its newest reports and what came of
    them. Of others it sees nothing. A sandbox sees what it filed for tests.
    """
    (quality,) = (one for one in _qualities(work, days) if one.provider_id == work.actor.id)
    view = _view(work, quality, days, page)
    work.record(quality.provider_id, days=days)
    return view


def _view(work: Work, quality: ProviderQuality, days: int, page: int) -> QualityView:
    since, until = _period(work, days)
    provider_id = quality.provider_id
    missed = store.missed(work.db, provider_id, since=since, until=until)
    told = store.feedback_told(
        work.db,
        provider_id,
        since=since,
        until=until,
        limit=PAGE_LINES + 1,
        offset=(page - 1) * PAGE_LINES,
    )
    return QualityView(
        quality=quality,
        trend=store.trend(
            work.db, provider_id, until=until, span=until - since, periods=TREND_PERIODS
        ),
        to_do=_to_do(work, missed),
        reports=store.latest_reports(work.db, provider_id),
        outcomes=store.outcomes(work.db, provider_id, since=since, until=until),
        told=tuple(told[:PAGE_LINES]),
        more_told=len(told) > PAGE_LINES,
    )


def _period(work: Work, days: int) -> tuple[datetime, datetime]:
    """From so many days ago up to and with now."""
    return work.now - timedelta(days=days), work.now + timedelta(microseconds=1)


def _qualities(work: Work, days: int) -> list[ProviderQuality]:
    since, until = _period(work, days)
    now = store.figures(work.db, since=since, until=until)
    before = store.figures(work.db, since=since - timedelta(days=days), until=since)
    return [
        ProviderQuality(
            provider_id=id_,
            name=name,
            now=figures,
            before=before.get(id_, (name, store.NOTHING))[1],
        )
        for id_, (name, figures) in now.items()
    ]


def _to_do(work: Work, missed: dict[str, int]) -> tuple[ToDo, ...]:
    known = {one.check: one for one in expected_on(known_expectations(), work.now.date())}
    return tuple(
        ToDo(
            check=check,
            missed=times,
            decisive=known[check].decisive,
            reason=known[check].reason,
            source=known[check].source,
            source_confirmed=known[check].confirmed,
        )
        for check, times in missed.items()
        if check in known
    )
