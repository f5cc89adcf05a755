"""What makes law data contradict itself, and what it leaves open."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations, groupby, pairwise

from tipbridge.knowledge.law.jurisdiction import Dated, Jurisdiction
from tipbridge.knowledge.law.model import Mark, Offence, Reason, Stage, Words
from tipbridge.knowledge.law.shape import Band, Clock, Diversion, OutcomeRule, StageRule, Transition

_KEPT_SHORT = frozenset({Reason.BELOW_AGE, Reason.NO_SUSPICION})


def contradictions(found: Jurisdiction, terms: Mapping[str, Words]) -> Iterator[str]:
    """Everything for which a file is not loaded, each with its place and what is allowed."""
    broken = [*_versions(found), *_days(found), *_twice(found)]
    yield from broken
    if broken:  # what follows asks for the law on the first day of each version
        return
    for version in found.versions:
        for says in _on(found, version.id):
            yield f"{version.id}: {says}"
    missing = sorted(_codes(found) - terms.keys() - found.words.keys())
    if missing:
        yield f"no words in English and Korean (terms.toml or [words]) for: {', '.join(missing)}"
    unused = sorted(found.rules.keys() - found.used_rules)
    if unused:
        yield f"[rules] cites what nothing uses: {', '.join(unused)}"


def gaps(found: Jurisdiction) -> Iterator[str]:
    """What the data leaves open or unsure; shown, never refused."""
    for rule, source in sorted(found.rules.items()):
        if source.mark is not Mark.CONFIRMED and rule in found.used_rules:
            yield f"{rule} is {source.mark}: {source.citation}"
    for version in found.versions:
        given = {each.entry.offence for each in found.offences if each.on(version.since)}
        absent = [offence.value for offence in Offence if offence not in given]
        if absent:
            yield f"{version.id} has no text for: {', '.join(absent)} (no offence of its own)"
    for each in found.offences:
        if each.entry.limitation is None:
            yield f"{each.place} ({each.entry.offence}) has no limitation"
    for pending in found.pending:
        yield f"not loaded, since {pending.since}: {pending.says.en}"


def _versions(found: Jurisdiction) -> Iterator[str]:
    if not found.versions:
        yield "versions: at least one is needed"
    for earlier, later in pairwise(found.versions):
        if later.since <= earlier.since:
            yield f"versions: {later.id} must begin after {earlier.id} ({earlier.since})"
    ids = [version.id for version in found.versions]
    if len(set(ids)) < len(ids):
        yield "versions: an id stands twice"


def _days(found: Jurisdiction) -> Iterator[str]:
    begins = {version.since for version in found.versions}
    days = ", ".join(str(day) for day in sorted(begins))
    for each in found.dated():
        since, until = each.term.since, each.term.until
        if since is not None and since not in begins:
            yield f"{each.place}: since is {since}; allowed are the first days of versions: {days}"
        if until is not None and until + timedelta(days=1) not in begins:
            yield f"{each.place}: until is {until}; allowed are the days before: {days}"


def _twice(found: Jurisdiction) -> Iterator[str]:
    keyed: Iterable[tuple[Dated[object], Hashable]] = (
        *((each, each.entry.offence) for each in found.offences),
        *((each, each.entry.code) for each in found.duties),
        *((each, each.entry.outcome) for each in found.outcomes),
        *((each, each.entry.outcome) for each in found.at_risk),
        *((each, each.entry.stage) for each in found.stages),
        *((each, (each.entry.stage, each.entry.leads_to)) for each in found.transitions),
        *((each, (each.entry.code, each.entry.starts)) for each in found.clocks),
        *((each, each.entry.code) for each in found.bodies),
    )
    for (one, key), (other, same) in combinations(keyed, 2):
        alike = type(one.entry) is type(other.entry) and key == same
        if alike and one.term.meets(other.term):
            yield f"{one.place} and {other.place} hold on the same day; only one may"
    for first, second in combinations(found.diversions, 2):
        one, other = first.entry, second.entry
        apart = one.below_age <= other.from_age or other.below_age <= one.from_age
        if one.outcome is other.outcome and not apart and first.term.meets(second.term):
            yield f"{first.place} and {second.place} are open at one age on the same day; only one may"


def _on(found: Jurisdiction, version_id: str) -> Iterator[str]:
    """What is wrong in one version."""
    day = next(version.since for version in found.versions if version.id == version_id)
    bands = sorted(
        (b.entry for b in found.bands if b.on(day)),
        key=lambda band: (band.from_age, band.decided_from),
    )
    stages = {s.entry.stage: s.entry for s in found.stages if s.on(day)}
    outcomes = [o.entry for o in found.outcomes if o.on(day)]
    ways = [t.entry for t in found.transitions if t.on(day)]
    diversions = [d.entry for d in found.diversions if d.on(day)]
    yield from _ages(bands)
    yield from _stages(stages, outcomes, ways)
    yield from _clocks([c.entry for c in found.clocks if c.on(day)], stages)
    yield from _below(bands, outcomes, stages)
    yield from _named(found, day, bands, outcomes, diversions, ways=ways)
    yield from _ways_out(bands, diversions)
    yield from _kept(outcomes, stages)


def _ages(bands: list[Band]) -> Iterator[str]:
    if not _without_gap(sorted({(band.from_age, band.below_age) for band in bands}, key=_first)):
        yield "bands: each begins where the one before ends, from 0 without end"
    for (from_age, _), alike in groupby(bands, key=lambda band: (band.from_age, band.below_age)):
        if not _without_gap([(band.decided_from, band.decided_below) for band in alike]):
            yield (
                f"bands from {from_age}: at the decision each begins (decided_from) where the one"
                " before ends (decided_below), from 0 without end"
            )


def _first(ages: tuple[int, int | None]) -> int:
    return ages[0]


def _without_gap(ages: list[tuple[int, int | None]]) -> bool:
    """Whether ages follow each other from 0 without end."""
    ends: list[int | None] = [0, *(below for _, below in ages)]
    return [from_age for from_age, _ in ages] == ends[:-1] and ends[-1] is None


def _stages(
    stages: Mapping[Stage, StageRule], outcomes: list[OutcomeRule], ways: list[Transition]
) -> Iterator[str]:
    first = {way.leads_to for way in ways if way.stage is Stage.INQUIRY}
    named = {stage for way in ways for stage in (way.stage, way.leads_to)}
    if named - stages.keys():
        yield f"transitions: no stage here: {', '.join(sorted(named - stages.keys()))}"
    for outcome in outcomes:
        rule = stages.get(outcome.stage)
        if rule is None or outcome.custody not in rule.custody:
            yield f"outcome {outcome.outcome}: no stage {outcome.stage} with {outcome.custody} here"
        if outcome.stage not in first:
            yield f"outcome {outcome.outcome}: inquiry does not lead to {outcome.stage}"
    yield from _reached(stages, ways)


def _clocks(clocks: list[Clock], stages: Mapping[Stage, StageRule]) -> Iterator[str]:
    """A clock that no stage starts would never run."""
    for clock in clocks:
        if clock.starts not in {stage.value for stage in stages}:
            yield f"clock {clock.code}: no stage {clock.starts} here that could start it"


def _reached(stages: Mapping[Stage, StageRule], ways: list[Transition]) -> Iterator[str]:
    reached, leaving = {way.leads_to for way in ways}, {way.stage for way in ways}
    if Stage.INQUIRY in reached:
        yield "transitions: nothing leads back to inquiry"
    for stage, rule in stages.items():
        if stage is not Stage.INQUIRY and stage not in reached:
            yield f"stage {stage}: nothing leads there"
        if not rule.ends and stage not in leaving:
            yield f"stage {stage}: it does not end and leads nowhere"


def _below(
    bands: list[Band], outcomes: list[OutcomeRule], stages: Mapping[Stage, StageRule]
) -> Iterator[str]:
    """Who cannot be punished is never accused."""
    accusing = {
        outcome.outcome
        for outcome in outcomes
        if (rule := stages.get(outcome.stage)) is not None and rule.accused
    }
    for band in bands:
        missing = sorted(accusing - set(band.forbidden))
        if not band.punishable and missing:
            yield f"{band.source.rule}: not punishable, so forbidden must hold {', '.join(missing)}"


def _named(
    found: Jurisdiction,
    day: date,
    bands: list[Band],
    outcomes: list[OutcomeRule],
    diversions: list[Diversion],
    *,
    ways: list[Transition],
) -> Iterator[str]:
    known = {outcome.outcome for outcome in outcomes}
    named = {outcome for band in bands for outcome in (*band.permitted, *band.forbidden)}
    named |= {diversion.outcome for diversion in diversions}
    at_risk = [each.entry for each in found.at_risk if each.on(day)]
    named |= {each.outcome for each in at_risk}
    named |= {outcome.outcome for outcome in outcomes if outcome.on_grounds}
    named |= {o for body in found.bodies if body.on(day) for o in body.entry.outcomes} - known
    if named - known:
        yield f"outcomes not defined: {', '.join(sorted(named - known))}"
    if known - named:
        yield f"outcomes that no band and no diversion names: {', '.join(sorted(known - named))}"
    duties = {duty.entry.code for duty in found.duties if duty.on(day)}
    asked = {code for codes in found.triggers.values() for code in codes}
    asked |= {code for band in (*bands, *at_risk) for code in band.duties}
    asked |= {code for way in ways if (code := way.on_objection) is not None}
    asked |= {code for way in ways if (code := way.after_duty) is not None}
    if asked - duties:
        yield f"duties not defined: {', '.join(sorted(asked - duties))}"
    if duties - asked:
        yield f"duties that nothing asks for: {', '.join(sorted(duties - asked))}"


def _ways_out(bands: list[Band], diversions: list[Diversion]) -> Iterator[str]:
    for band in bands:
        if not band.permitted:
            yield f"{band.source.rule}: permitted is empty; what is left to decide?"
        for diversion in diversions:
            below = band.below_age
            meets = diversion.below_age > band.from_age and (
                below is None or diversion.from_age < below
            )
            if meets and diversion.outcome in band.forbidden:
                yield f"{diversion.outcome}: open by {diversion.source.rule}, forbidden by {band.source.rule}"


def _kept(outcomes: list[OutcomeRule], stages: Mapping[Stage, StageRule]) -> Iterator[str]:
    by = [(o.reason, o.kept_days) for o in outcomes if o.kept_days]
    cleared = [days for reason, days in by if reason is Reason.NO_SUSPICION]
    below = [days for reason, days in by if reason is Reason.BELOW_AGE]
    others = [days for reason, days in by if reason not in _KEPT_SHORT]
    rest = [*below, *others]
    if cleared and rest and max(cleared) > min(rest):
        yield f"kept_days: {max(cleared)} for no suspicion; allowed is {min(rest)} or less, as for no other"
    for stage, rule in stages.items():
        if rule.kept_days is not None and not rule.ends:
            yield f"stage {stage}: kept_days is of a stage that ends"
        elif rule.kept_days is not None and cleared and rule.kept_days > max(cleared):
            yield f"kept_days: {rule.kept_days} at {stage}; allowed is {max(cleared)} or less, as for no suspicion"
    if below and others and max(below) > min(others):
        yield (
            f"kept_days: {max(below)} below the age of responsibility; the shortest of all is"
            f" allowed, {min(others)} or less, but for who is cleared"
        )


def _codes(found: Jurisdiction) -> set[str]:
    """Every code that a reader meets in words."""
    codes = {code for duty in found.duties for code in (duty.entry.code, duty.entry.who)}
    codes |= {code for band in found.bands for code in (band.entry.decides, band.entry.forum)}
    for diversion in found.diversions:
        way = diversion.entry
        codes |= {way.decides, *way.conditions, *way.pupil_conditions}
    for outcome in found.outcomes:
        codes |= {outcome.entry.outcome, outcome.entry.reason, outcome.entry.custody}
    for each in found.at_risk:
        codes |= {each.entry.decides, each.entry.forum}
    for stage in found.stages:
        codes |= {stage.entry.stage, *stage.entry.reasons}
    codes |= {way.entry.by for way in found.transitions}
    codes |= {body.entry.code for body in found.bodies}
    codes |= {offence.entry.offence for offence in found.offences}
    return codes | {
        code for clock in found.clocks for code in (clock.entry.code, clock.entry.starts)
    }
