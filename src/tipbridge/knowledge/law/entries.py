"""Reads the entries of a law file, one function for each kind."""

from tipbridge.knowledge.law.model import (
    Custody,
    Offence,
    Outcome,
    Reason,
    Source,
    Stage,
)
from tipbridge.knowledge.law.reading import Reader
from tipbridge.knowledge.law.shape import (
    AtRisk,
    Band,
    Body,
    By,
    Clock,
    Diversion,
    DutyRule,
    LimitationRule,
    OffenceText,
    OutcomeRule,
    Pending,
    StageRule,
    Topic,
    Transition,
)


def offence(item: Reader) -> OffenceText:
    """An offence's text; a limitation comes with its rule.

    Errors: NotALaw.
    """
    shortest, longest = item.optional_number("min_months"), item.optional_number("max_months")
    if shortest is not None and longest is not None and longest < shortest:
        raise item.refuse("max_months", f"must be {shortest} (min_months) or more")
    years, source = (
        item.optional_number("limitation_years"),
        item.optional_source("limitation_rule"),
    )
    if (years is None) != (source is None):
        raise item.refuse("limitation_years", "and limitation_rule come together or not at all")
    return OffenceText(
        offence=item.choice("offence", Offence),
        source=item.source(),
        text=item.words("text"),
        min_months=shortest or 0,
        max_months=longest,
        life=item.flag("life", default=False),
        fine_possible=item.flag("fine_possible"),
        serious=item.flag("serious"),
        limitation_years=years,
        limitation=source,
    )


def band(item: Reader) -> Band:
    """A band of ages; no outcome is both permitted and forbidden.

    Errors: NotALaw.
    """
    found = Band(
        source=item.source(),
        from_age=item.number("from_age"),
        below_age=item.optional_number("below_age"),
        decided_from=item.optional_number("decided_from") or 0,
        decided_below=item.optional_number("decided_below"),
        punishable=item.flag("punishable"),
        forum=item.text("forum"),
        permitted=item.choices("permitted", Outcome),
        forbidden=item.choices("forbidden", Outcome),
        duties=item.codes("duties"),
        decides=item.text("decides"),
    )
    both = sorted(set(found.permitted) & set(found.forbidden))
    if both:
        raise item.refuse("forbidden", f"holds {', '.join(both)}, which permitted holds too")
    if found.below_age is not None and found.below_age <= found.from_age:
        raise item.refuse("below_age", f"must be more than from_age ({found.from_age})")
    if found.decided_below is not None and found.decided_below <= found.decided_from:
        raise item.refuse("decided_below", f"must be more than decided_from ({found.decided_from})")
    return found


def diversion(item: Reader) -> Diversion:
    """A way out of booking.

    Errors: NotALaw.
    """
    return Diversion(
        source=item.source(),
        outcome=item.choice("outcome", Outcome),
        from_age=item.number("from_age"),
        below_age=item.number("below_age"),
        decided_below=item.optional_number("decided_below"),
        offences=frozenset(item.choices("offences", Offence)),
        needs_fine=item.flag("needs_fine", default=False),
        needs_self_produced=item.flag("needs_self_produced", default=False),
        needs_no_exploitation=item.flag("needs_no_exploitation", default=False),
        max_minimum_months=item.optional_number("max_minimum_months"),
        conditions=item.codes("conditions"),
        pupil_conditions=item.codes("pupil_conditions") if item.has("pupil_conditions") else (),
        decides=item.text("decides"),
    )


def at_risk(item: Reader) -> AtRisk:
    """Young people likely to offend.

    Errors: NotALaw.
    """
    found = AtRisk(
        source=item.source(),
        outcome=item.choice("outcome", Outcome),
        from_age=item.number("from_age"),
        below_age=item.number("below_age"),
        forum=item.text("forum"),
        duties=item.codes("duties"),
        decides=item.text("decides"),
    )
    if found.below_age <= found.from_age:
        raise item.refuse("below_age", f"must be more than from_age ({found.from_age})")
    return found


def limitation(item: Reader) -> LimitationRule:
    """What counts for the limitation of some offences: its beginning, or that there is none.

    Errors: NotALaw.
    """
    found = LimitationRule(
        source=item.source(),
        since=item.optional_day("since"),
        offences=frozenset(item.optional_choices("offences", Offence)),
        adult_at=item.optional_number("adult_at"),
        adult_since=item.optional_day("adult_since"),
        never=item.flag("never", default=False),
    )
    if found.never == (found.adult_at is not None):
        raise item.refuse("adult_at", "is given, or never = true; one of them, not both")
    if found.never and found.since is None:
        raise item.refuse("since", "is needed with never: what had run out before stays so")
    return found


def duty(item: Reader) -> DutyRule:
    """Something that must be done.

    Errors: NotALaw.
    """
    return DutyRule(
        code=item.text("code"),
        source=item.source(),
        due_days=item.number("due_days"),
        who=item.text("who"),
        keeps_open=item.flag("keeps_open"),
        min_months=item.optional_number("min_months"),
    )


def outcome(item: Reader) -> OutcomeRule:
    """What an outcome is; how long records are kept comes with its rule.

    Errors: NotALaw.
    """
    days, source = _kept(item)
    return OutcomeRule(
        outcome=item.choice("outcome", Outcome),
        source=item.source(),
        stage=item.choice("stage", Stage),
        custody=item.choice("custody", Custody),
        reason=item.choice("reason", Reason),
        on_grounds=item.flag("on_grounds", default=False),
        kept_days=days,
        kept=source,
    )


def _kept(item: Reader) -> tuple[int | None, Source | None]:
    days, source = item.optional_number("kept_days"), item.optional_source("kept_rule")
    if (days is None) != (source is None):
        raise item.refuse("kept_days", "and kept_rule come together or not at all")
    return days, source


def stage(item: Reader) -> StageRule:
    """A stage; how long records of who ends there are kept comes with its rule.

    Errors: NotALaw.
    """
    days, source = _kept(item)
    reasons = item.optional_choices("reasons", Reason)
    kept_reasons = item.optional_choices("kept_reasons", Reason)
    if set(kept_reasons) - set(reasons) or (kept_reasons and days is None):
        allowed = ", ".join(reasons) or "none"
        raise item.refuse(
            "kept_reasons", f"are some of reasons ({allowed}), and come with kept_days"
        )
    return StageRule(
        stage=item.choice("stage", Stage),
        source=item.source(),
        accused=item.flag("accused"),
        ends=item.flag("ends"),
        custody=item.choices("custody", Custody),
        reasons=reasons,
        kept_days=days,
        kept=source,
        kept_reasons=kept_reasons,
    )


def transitions(item: Reader) -> tuple[Transition, ...]:
    """The stages that may follow one.

    Errors: NotALaw.
    """
    source, before, by = item.source(), item.choice("stage", Stage), item.choice("by", By)
    below, duty = item.optional_number("still_below"), item.optional_text("on_objection")
    within = item.flag("within_limitation", default=False)
    after, fine = item.optional_text("after_duty"), item.flag("fine_only", default=False)
    needs_fine = item.flag("needs_fine", default=False)
    return tuple(
        Transition(
            stage=before,
            leads_to=leads_to,
            by=by,
            still_below=below,
            on_objection=duty,
            within_limitation=within,
            after_duty=after,
            fine_only=fine,
            needs_fine=needs_fine,
            source=source,
        )
        for leads_to in item.choices("leads_to", Stage)
    )


def clock(item: Reader) -> Clock:
    """A clock.

    Errors: NotALaw.
    """
    return Clock(
        code=item.text("code"),
        starts=item.text("starts"),
        days=item.number("days"),
        source=item.source(),
    )


def body(item: Reader) -> Body:
    """Who may have decided, what, and about whom.

    Errors: NotALaw.
    """
    from_age, below = item.optional_number("from_age") or 0, item.optional_number("below_age")
    if below is not None and below <= from_age:
        raise item.refuse("below_age", f"must be {from_age + 1} (from_age and one) or more")
    return Body(
        code=item.text("code"),
        source=item.source(),
        outcomes=item.optional_choices("outcomes", Outcome),
        from_age=from_age,
        below_age=below,
    )


def pending(item: Reader) -> Pending:
    """A change that is believed and not loaded.

    Errors: NotALaw.
    """
    return Pending(
        source=item.source(),
        topic=item.choice("topic", Topic),
        since=item.day("since"),
        says=item.words("says"),
    )
