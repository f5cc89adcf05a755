"""Moments of sightings as pages show and send them: to the second, which decides who had an address."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tipbridge.police.cases.model import Sighting


def moment_shown(at: datetime | None, zone: str | None) -> str:
    """A moment in UTC and where the case's law applies, each saying its zone."""
    if at is None:
        return "—"
    shown = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if zone is None:
        return shown
    there = at.astimezone(ZoneInfo(zone))
    return shown if not there.utcoffset() else f"{shown} ({there:%Y-%m-%d %H:%M:%S %Z})"


def seen_together(sightings: Iterable[Sighting]) -> list[tuple[Sighting, ...]]:
    """Sightings of one thing: what several referrals say of the same moment stands once."""
    found: dict[tuple[datetime | None, int | None, str | None], list[Sighting]] = {}
    for each in sightings:
        found.setdefault((each.at, each.port, each.event), []).append(each)
    return [tuple(same) for same in found.values()]


def moment_sent(at: datetime | None) -> str:
    """A moment as a field for moments in UTC takes it."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
