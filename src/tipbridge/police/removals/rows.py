"""Rows of the removal tables as the room's types."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tipbridge.foundation.base.defanging import defang
from tipbridge.police.cases.redated import to_days
from tipbridge.police.removals.mistaken.model import Mistake
from tipbridge.police.removals.model import (
    Basis,
    Channel,
    Check,
    CheckOutcome,
    FormerWords,
    Host,
    Life,
    Notice,
    NoticeLanguage,
    NoticeState,
    NoticeStep,
    PlaceForm,
    Removal,
    RemovalState,
    RemovalStep,
    Reply,
    ReplyKind,
    StepSource,
)
from tipbridge.sharing.referral.consent.model import Hold

Row = Mapping[Any, Any]


def to_removal(row: Row) -> Removal:
    """A row as a removal; here the exact address ends."""
    return Removal(
        id=row["id"],
        case_id=row["case_id"],
        referral_id=row["referral_id"],
        held_by=None if row["held_by"] is None else Hold(row["held_by"]),
        label=row["label"],
        address=defang(row["address"]),
        form=PlaceForm(row["form"]),
        host=row["host"],
        country=row["country"] or row["host_country"],
        basis=Basis(row["basis"]),
        own_material=row["own_material"],
        state=RemovalState(row["state"]),
        noted_at=row["noted_at"],
        changed_at=row["changed_at"],
        next_check_at=row["next_check_at"],
        moved_from=row["moved_from"],
        moved_to=row["moved_to"],
        contradicted=row["contradicted"],
        moved_nowhere=row["moved_nowhere"],
        mistake=to_mistake(row),
        former_words=to_words(row["former_words"]),
    )


def to_words(kept: Sequence[Mapping[str, Any]]) -> tuple[FormerWords, ...]:
    """Former words of a place as its table keeps them."""
    return tuple(
        FormerWords(
            form=PlaceForm(each["form"]),
            host=each["host"],
            country=each["country"],
            corrected_at=datetime.fromisoformat(each["corrected_at"]),
            corrected_by=each["corrected_by"],
            because=each["because"],
        )
        for each in kept
    )


def words_kept(words: Iterable[FormerWords]) -> list[dict[str, str | None]]:
    """Former words for their table, oldest first."""
    return [
        {
            "form": each.form.value,
            "host": each.host,
            "country": each.country,
            "corrected_at": each.corrected_at.astimezone(UTC).isoformat(),
            "corrected_by": each.corrected_by,
            "because": each.because,
        }
        for each in words
    ]


def to_mistake(row: Row) -> Mistake | None:
    """Who took an entry back and why; nothing where it stands."""
    if row["taken_back_at"] is None:
        return None
    return Mistake(
        at=row["taken_back_at"], by=row["taken_back_by"], because=row["taken_back_because"]
    )


def to_step(row: Row) -> RemovalStep:
    """A row as a change of state."""
    return RemovalStep(
        id=row["id"],
        state=RemovalState(row["state"]),
        source=StepSource(row["source"]),
        at=row["at"],
        by=row["by"],
        cause_id=row["cause_id"],
        recorded_at=row["recorded_at"],
        mistake=to_mistake(row),
    )


def to_notice(row: Row) -> Notice:
    """A row as a notice."""
    return Notice(
        id=row["id"],
        removal_id=row["removal_id"],
        case_id=row["case_id"],
        host=row["host"],
        step=NoticeStep(row["step"]),
        channel=Channel(row["channel"]),
        recipient=row["recipient"],
        language=NoticeLanguage(row["language"]),
        subject=row["subject"],
        body=row["body"],
        state=NoticeState(row["state"]),
        made_at=row["made_at"],
        made_by=row["made_by"],
        sent_at=row["sent_at"],
        sent_recorded_at=row["sent_recorded_at"],
        tries=row["tries"],
        problem=row["problem"],
        package_id=row["package_id"],
        carried_by=row["carried_by"],
        former_days=to_days(row["former_days"]),
    )


def to_reply(row: Row) -> Reply:
    """A row as a host's answer."""
    return Reply(
        id=row["id"],
        removal_id=row["removal_id"],
        kind=ReplyKind(row["kind"]),
        at=row["at"],
        by=row["by"],
        said=row["said"],
        left_out=row["left_out"],
        recorded_at=row["recorded_at"],
        mistake=to_mistake(row),
    )


def to_check(row: Row) -> Check:
    """A row as a check."""
    return Check(
        id=row["id"],
        removal_id=row["removal_id"],
        at=row["at"],
        outcome=CheckOutcome(row["outcome"]),
        status=row["status"],
        contradicts=row["contradicts"],
        by=row["by"],
        recorded_at=row["recorded_at"],
        mistake=to_mistake(row),
    )


def to_host(row: Row) -> Host:
    """A row as a host."""
    return Host(
        id=row["id"],
        name=row["name"],
        country=row["country"],
        channel=Channel(row["channel"]),
        contact=row["contact"],
        language=NoticeLanguage(row["language"]),
        may_check=row["may_check"],
    )


def to_life(row: Row) -> Life:
    """A row as how long a place stayed up."""
    seen = [row["noticed_at"], row["seen_up_at"], row["moved_at"]]
    gone_at = row["gone_at"]
    backs = [each for each in row["backs"] or () if gone_at is not None and each > gone_at]
    return Life(
        host=row["host"],
        country=row["country"],
        noticed_at=row["noticed_at"],
        gone_at=gone_at,
        last_known_at=max(each for each in seen if each is not None),
        escalated_at=row["escalated_at"],
        reappeared=row["reappeared"],
        back_at=min(backs, default=None),
        gone_seen_at=row["gone_seen_at"],
        back_on_host=row["back_on_host"],
        back_on_other_host=row["back_on_other_host"],
    )
