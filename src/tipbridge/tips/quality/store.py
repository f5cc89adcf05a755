"""Every SQL statement of quality."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Connection, DateTime, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import insert

from tipbridge.tips.intake.model import Feedback, ReportRecord
from tipbridge.tips.quality.model import Assessment, Figures, Period, ReportLine, Told
from tipbridge.tips.quality.tables import report_quality

_SPREAD = text("""
    SELECT f.sha256, count(DISTINCT f.report_id) AS reports FROM report_files f
      JOIN reports r ON r.id = f.report_id
     WHERE f.sha256 = ANY (:digests) AND r.id <> :id AND r.state = 'finished'
       AND r.sandbox = (SELECT sandbox FROM reports WHERE id = :id)
     GROUP BY f.sha256""").bindparams(bindparam("digests", type_=ARRAY(Text)))
_FIGURES = text("""
    SELECT p.id, p.name, count(q.report_id) AS reports,
           count(*) FILTER (WHERE q.actionable) AS actionable,
           coalesce(sum(cardinality(q.expected)), 0) AS expected,
           coalesce(sum(cardinality(q.missing)), 0) AS missing,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY q.lag_seconds) AS lag
      FROM providers p LEFT JOIN report_quality q
        ON q.provider_id = p.id AND q.finished_at >= :since AND q.finished_at < :until
     GROUP BY p.id, p.name ORDER BY p.name""")
_MISSED = text("""
    SELECT name, count(*) AS missed FROM report_quality q, unnest(q.missing) AS name
     WHERE q.provider_id = :provider AND q.finished_at >= :since AND q.finished_at < :until
     GROUP BY name ORDER BY count(*) DESC, name""")
_REPORTS = text("""
    SELECT q.report_id, q.finished_at, q.actionable, q.missing, q.lag_seconds
      FROM report_quality q WHERE q.provider_id = :provider
     ORDER BY q.finished_at DESC, q.report_id DESC LIMIT :limit""")
_FEEDBACK = text("""
    SELECT f.report_id, f.id, f.at, f.sender, f.outcome, f.facts FROM report_feedback f
     WHERE f.report_id = ANY (:ids) ORDER BY f.at, f.id""")
_TREND = text("""
    SELECT :until - (n + 1) * CAST(:span AS interval) AS since, count(q.report_id) AS reports,
           count(*) FILTER (WHERE q.actionable) AS actionable,
           coalesce(sum(cardinality(q.expected)), 0) AS expected,
           coalesce(sum(cardinality(q.missing)), 0) AS missing,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY q.lag_seconds) AS lag
      FROM generate_series(0, :periods - 1) AS n LEFT JOIN report_quality q
        ON q.provider_id = :provider AND q.finished_at >= :until - (n + 1) * CAST(:span AS interval)
           AND q.finished_at < :until - n * CAST(:span AS interval)
     GROUP BY n ORDER BY n DESC""").bindparams(bindparam("until", type_=DateTime(timezone=True)))
_TOLD = text("""
    SELECT f.report_id, f.id, f.at, f.sender, f.outcome, f.facts FROM report_feedback f
      JOIN reports r ON r.id = f.report_id
     WHERE r.provider_id = :provider AND f.at >= :since AND f.at < :until
     ORDER BY f.at DESC, f.id DESC LIMIT :limit OFFSET :offset""")
_OUTCOMES = text("""
    SELECT f.outcome, count(*) AS times FROM report_feedback f
      JOIN reports r ON r.id = f.report_id
     WHERE r.provider_id = :provider AND f.at >= :since AND f.at < :until
     GROUP BY f.outcome ORDER BY count(*) DESC, f.outcome""")

NOTHING = Figures(reports=0, actionable=0, expected=0, missing=0, median_lag_seconds=None)


def spread_of(db: Connection, report_id: int, digests: Collection[str]) -> dict[str, int]:
    """How many other finished reports hold each of these files, by SHA-256."""
    found = db.execute(_SPREAD, {"id": report_id, "digests": [*digests]})
    return {row.sha256: row.reports for row in found}


def keep_assessment(
    db: Connection, record: ReportRecord, found: Assessment, *, at: datetime
) -> None:
    """Store how a report was assessed; a later word replaces an earlier one."""
    values: dict[str, Any] = {
        "assessed_at": at,
        "expected": list(found.expected),
        "missing": list(found.missing),
        "actionable": found.actionable,
        "lag_seconds": found.lag_seconds,
    }
    row = insert(report_quality).values(
        report_id=int(record.report_id),
        provider_id=record.provider_id,
        finished_at=record.finished_at,
        **values,
    )
    db.execute(row.on_conflict_do_update(index_elements=["report_id"], set_=values))


def figures(db: Connection, *, since: datetime, until: datetime) -> dict[str, tuple[str, Figures]]:
    """Every provider's name and figures of one period, by the provider's id."""
    found = db.execute(_FIGURES, {"since": since, "until": until})
    return {row.id: (row.name, _figures(row)) for row in found}


def _figures(row: Row[Any]) -> Figures:
    return Figures(
        reports=row.reports,
        actionable=row.actionable,
        expected=int(row.expected),
        missing=int(row.missing),
        median_lag_seconds=row.lag,
    )


def missed(db: Connection, provider_id: str, *, since: datetime, until: datetime) -> dict[str, int]:
    """How often each check was missed, the most often first."""
    asked = {"provider": provider_id, "since": since, "until": until}
    return {row.name: row.missed for row in db.execute(_MISSED, asked)}


def outcomes(
    db: Connection, provider_id: str, *, since: datetime, until: datetime
) -> dict[str, int]:
    """What came of a provider's reports, by the feedback that came in this period."""
    asked = {"provider": provider_id, "since": since, "until": until}
    return {row.outcome: row.times for row in db.execute(_OUTCOMES, asked)}


def latest_reports(db: Connection, provider_id: str, *, limit: int = 50) -> tuple[ReportLine, ...]:
    """A provider's newest assessed reports with the feedback on each."""
    rows = db.execute(_REPORTS, {"provider": provider_id, "limit": limit}).all()
    told: dict[int, list[Feedback]] = {}
    for row in db.execute(_FEEDBACK, {"ids": [row.report_id for row in rows]}):
        told.setdefault(row.report_id, []).append(_feedback(row))
    return tuple(
        ReportLine(
            report_id=str(row.report_id),
            finished_at=row.finished_at,
            actionable=row.actionable,
            missing=tuple(row.missing),
            lag_seconds=row.lag_seconds,
            feedback=tuple(told.get(row.report_id, ())),
        )
        for row in rows
    )


def trend(
    db: Connection, provider_id: str, *, until: datetime, span: timedelta, periods: int
) -> tuple[Period, ...]:
    """A provider's figures of several periods of one length up to a moment, oldest first."""
    asked = {"provider": provider_id, "until": until, "span": span, "periods": periods}
    return tuple(
        Period(since=row.since, figures=_figures(row)) for row in db.execute(_TREND, asked)
    )


def feedback_told(
    db: Connection,
    provider_id: str,
    *,
    since: datetime,
    until: datetime,
    limit: int,
    offset: int,
) -> list[Told]:
    """Feedback that came in a period on any report of a provider, newest first."""
    asked = {
        "provider": provider_id,
        "since": since,
        "until": until,
        "limit": limit,
        "offset": offset,
    }
    return [
        Told(report_id=str(row.report_id), feedback=_feedback(row))
        for row in db.execute(_TOLD, asked)
    ]


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback(id=row.id, at=row.at, sender=row.sender, outcome=row.outcome, facts=row.facts)
