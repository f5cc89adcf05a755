"""What the law says of a person, there and then: advice with reasons, never a verdict."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tipbridge.knowledge.law import at_risk, diversions, limitation
from tipbridge.knowledge.law.ages import days_after
from tipbridge.knowledge.law.inputs import inputs_of
from tipbridge.knowledge.law.lenient import as_applied
from tipbridge.knowledge.law.model import (
    Advice,
    Duty,
    Forbidden,
    Outcome,
    Part,
    Permitted,
    PersonFacts,
    Reason,
    Source,
)
from tipbridge.knowledge.law.question import Question, aged_as_at_the_act, ask
from tipbridge.knowledge.law.shape import AtRisk, Band, Diversion, LawVersion, Topic
from tipbridge.knowledge.law.versions import (
    counts_as_child,
    is_juvenile,
    law_on,
    laws_between,
    local_day,
)

__all__ = ["advise", "counts_as_child", "is_juvenile", "law_on", "laws_between", "local_day"]

_FOR_AN_OFFENCE = frozenset({Reason.MINOR_VIOLATION, Reason.PUBLIC_INTEREST, Reason.LIMITATION})
Outcomes = tuple[tuple[Permitted, ...], tuple[Forbidden, ...]]


def advise(
    laws: Iterable[LawVersion],
    jurisdiction: str,
    facts: PersonFacts,
    act_on: date | None,
    decided_on: date,
) -> Advice:
    """Permitted outcomes in order, forbidden ones with their rule, duties, and what is unknown.

    The age bands are those of the day of the act, the ways out of booking and the duties those of
    the decision, the offence the more lenient of both where the jurisdiction says so; how old
    somebody is at the decision counts where a band or a way out has a limit there.
    Errors: NoLaw.
    """
    versions = tuple(laws)
    question = ask(versions, jurisdiction, facts, act_on, decided_on)
    permitted, forbidden = _outcomes(question)
    text = question.text
    return Advice(
        jurisdiction=jurisdiction,
        edition=question.law.edition,
        law_of_act=question.act_law.id,
        law_of_decision=question.law.id,
        applied=None if text is None else as_applied(text, question.law, question.no_offence),
        permitted=permitted,
        forbidden=forbidden,
        duties=_duties(question),
        unknowns=_unknowns(question),
        inputs=tuple(f"{name}={value}" for name, value in inputs_of(question).items()),
        drivers=_drivers(versions, question, (permitted, forbidden)),
        cautions=_cautions(question),
        began=tuple(dict.fromkeys((question.act_law.began, question.law.began))),
        age_resolved=question.resolved,
        punishable=question.bands[0].punishable if question.resolved else None,
        ages_at_act=question.ages,
        ages_at_decision=question.ages_now,
        minor=question.minor,
        limitation=limitation.limitation_of(question),
        fine_only=question.fine_only,
        no_fine=question.no_fine,
        forums=_forums(question),
    )


def _forums(question: Question) -> tuple[str, ...]:
    """Before whom a suspect's matter goes: by age, and where it is no offence, as of who is at risk."""
    if Part.SUSPECT not in question.facts.parts or not question.resolved:
        return ()
    by_age = () if question.is_no_offence else (question.bands[0].forum,)
    return tuple(dict.fromkeys((*(rule.forum for rule in at_risk.advised(question)), *by_age)))


def gist(
    laws: tuple[LawVersion, ...],
    jurisdiction: str,
    facts: PersonFacts,
    act_on: date | None,
    decided_on: date,
) -> tuple[object, ...]:
    """What of the advice matters from one day to the next, told from another by `==`; cheaper than it.

    Errors: NoLaw.
    """
    question = ask(laws, jurisdiction, facts, act_on, decided_on)
    permitted, forbidden = _outcomes(question)
    return (
        tuple(each.outcome for each in permitted),
        frozenset(each.outcome for each in forbidden),
        frozenset(duty.code for duty in _duties(question)),
        question.resolved,
    )


def _outcomes(question: Question) -> Outcomes:
    if Part.SUSPECT not in question.facts.parts:
        return (), ()
    forbidden = _closed(question)
    for outcome, refusal in diversions.refused(question).items():
        forbidden.setdefault(outcome, refusal)
    open_ = [each for each in diversions.advised(question) if each.outcome not in forbidden]
    ways_out = [_permitted(question, each.outcome, each) for each in open_]
    likely = [_permitted(question, rule.outcome, rule) for rule in at_risk.advised(question)]
    permitted = _in_time(question, [*likely, *ways_out, *_by_band(question, forbidden)])
    return tuple(permitted), tuple(
        Forbidden(outcome=outcome, source=forbidden[outcome])
        for outcome in Outcome
        if outcome in forbidden
    )


def _in_time(question: Question, permitted: list[Permitted]) -> list[Permitted]:
    """What is permitted; once limitation has run out, that first, and nothing that accuses.

    Shape: to accuse after all is outside the advice, for who can say what had stopped the clock.
    """
    found = limitation.limitation_of(question)
    if found is None or not limitation.has_run_out(question, found):
        return permitted
    rules = {rule.outcome: rule for rule in question.law.outcomes}
    for_it = {outcome for outcome, rule in rules.items() if rule.reason in _FOR_AN_OFFENCE}
    closed = [
        replace(_permitted(question, outcome, question.bands[0]), source=found.sources[-1])
        for outcome in limitation.closing(question.law)
    ]
    accusing = question.law.accusing | for_it
    return [*closed, *(each for each in permitted if each.outcome not in accusing)]


def _closed(question: Question) -> dict[Outcome, Source]:
    """What is forbidden before any way out is looked at."""
    forbidden: dict[Outcome, Source] = {}
    if not question.resolved:
        forbidden = dict.fromkeys(sorted(question.law.accusing), question.law.unresolved)
    forbidden |= at_risk.refused(question)
    forbidden |= limitation.refusal_while_it_runs(question.law, limitation.limitation_of(question))
    for band in question.bands:
        for outcome in band.forbidden:
            forbidden.setdefault(outcome, band.source)
    if question.is_no_offence:
        for rule in question.law.outcomes:
            if (
                rule.outcome in question.law.accusing
                or rule.reason in _FOR_AN_OFFENCE
                or rule.outcome is Outcome.JUVENILE_DIVISION
            ):
                forbidden.setdefault(rule.outcome, question.no_offence)
    return forbidden


def _by_band(question: Question, forbidden: dict[Outcome, Source]) -> list[Permitted]:
    """What every possible band permits; no booking before the offence is known."""
    first, *others = question.bands
    accusing = question.law.accusing
    return [
        _permitted(question, outcome, first)
        for outcome in first.permitted
        if outcome not in forbidden
        and all(outcome in band.permitted for band in others)
        and not (outcome in accusing and not question.is_offence)
    ]


def _permitted(question: Question, outcome: Outcome, by: Band | Diversion | AtRisk) -> Permitted:
    rule = question.law.outcome_of(outcome)
    return Permitted(
        outcome=outcome,
        source=by.source,
        conditions=diversions.conditions_of(by, question.facts)
        if isinstance(by, Diversion)
        else (),
        decides=by.decides,
        kept_days=None if rule is None else rule.kept_days,
        kept=None if rule is None else rule.kept,
    )


def _duties(question: Question) -> tuple[Duty, ...]:
    law, facts = question.law, question.facts
    codes: list[str] = []
    if Part.SUSPECT in facts.parts:
        codes += [code for rule in at_risk.advised(question) for code in rule.duties]
        if not question.resolved:
            codes += law.unresolved_duties
        elif not question.is_no_offence:
            codes += _of_offence(question)
    if question.minor:
        codes += law.minor_duties
    if facts.self_produced and (question.minor, question.child_depicted) != (False, False):
        codes += law.self_produced_duties
    if Part.DEPICTED in facts.parts and question.child_depicted is not False:
        codes += law.depicted_duties
    rules = {rule.code: rule for rule in law.duties}
    return tuple(
        Duty(
            code=code,
            source=rules[code].source,
            due_on=days_after(question.decided_on, rules[code].due_days),
            who=rules[code].who,
        )
        for code in dict.fromkeys(codes)
    )


def _of_offence(question: Question) -> list[str]:
    """The duties of the band that the offence brings, under any text that may apply."""
    texts = [each.text for each in question.texts] or [None]
    asked = {rule.code for rule in question.law.duties if any(rule.is_for(text) for text in texts)}
    return [code for code in question.bands[0].duties if code in asked]


def _unknowns(question: Question) -> tuple[str, ...]:
    facts = question.facts
    is_suspect = Part.SUSPECT in facts.parts
    known = facts.birth is not None and is_suspect
    undecided = known and not question.of_one_band
    open_ = diversions.left_open(question)
    missing = {
        "birth-date": facts.birth is None,
        "age-at-act": undecided and not question.of_one_age_at_act,
        "age-at-decision": undecided and question.of_one_age_at_act,
        "age-when-depicted": known and question.picture_open,
        "act-date": question.act_on is None,
        "offence": facts.offence is None and is_suspect,
        "school-level": "school-level" in open_ and is_suspect,
        "exploitation": "exploitation" in open_ and is_suspect,
        "self-produced": facts.self_produced is None and question.minor is not False,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)


def _drivers(laws: tuple[LawVersion, ...], question: Question, found: Outcomes) -> tuple[str, ...]:
    """The inputs without which other outcomes would be permitted or forbidden."""
    facts = question.facts
    without: dict[str, tuple[PersonFacts, date | None]] = {
        "act-date": (facts, None),
        "age-at-act": (replace(facts, birth=None), question.act_on),
        "offence": (replace(facts, offence=None), question.act_on),
        "school-level": (replace(facts, school_level=None), question.act_on),
        "prepared-sales-site": (replace(facts, prepared_sales_site=False), question.act_on),
        "self-produced": (replace(facts, self_produced=None), question.act_on),
        "exploitation": (replace(facts, exploitation=None), question.act_on),
        "coerced": (replace(facts, coerced=False), question.act_on),
        "at-risk": (replace(facts, at_risk=False), question.act_on),
        "depicted-on": (replace(facts, depicted_on=None), question.act_on),
        "depicted-birth-certainty": (replace(facts, depicted_born=None), question.act_on),
    }
    given = inputs_of(question)
    jurisdiction, decided_on = question.law.jurisdiction, question.decided_on
    grown = _outcomes(aged_as_at_the_act(question)) != found
    return (
        *(("age-at-decision",) if grown else ()),
        *(
            name
            for name, (less, act_on) in without.items()
            if name in given
            and _outcomes(ask(laws, jurisdiction, less, act_on, decided_on)) != found
        ),
    )


def _cautions(question: Question) -> tuple[Source, ...]:
    """Believed changes that would touch what was asked."""
    day = question.act_on or question.decided_on
    asked = {Topic.OFFENCES, Topic.OUTCOMES}
    if Part.DEPICTED in question.facts.parts or question.facts.self_produced:
        asked.add(Topic.AGES)
    return tuple(
        each.source for each in question.law.pending if each.topic in asked and each.since <= day
    )
