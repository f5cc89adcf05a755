"""Asking the law again by itself: other facts, other data or a law that began since a decision.

It raises a task and changes nothing else: a named member of staff looks and decides.
"""

from collections.abc import Collection, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.differences import Difference, advice_differences
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import law_fingerprint, shipped_laws
from tipbridge.knowledge.law.model import Advice, Outcome, Source
from tipbridge.knowledge.law.rules import law_on
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import asking, clearing, rules, store
from tipbridge.police.outcomes.model import Decision

_OUTCOMES = frozenset({"permitted", "forbidden"})


@action("outcomes.law.watched", system=True, idle=True)
def watch_law(work: Work) -> int:
    """Ask again about everybody decided about when the law is another than at the last look.

    Shape: how many cases; 0, and nothing recorded, while the law is the same.
    """
    decided = store.cases_decided(work.db)
    now = law_fingerprint(work.now.date())
    if not decided or store.law_seen(work.db) == now:
        return 0
    store.note_law(work.db, now, work.now)
    for case_id in decided:
        work.emit("outcomes.law.changed", case_id=case_id)
    work.record("all", cases=len(decided))
    return len(decided)


def readvise(work: Work, case: Case, person: Person) -> None:
    """Raise one task about somebody whose standing decision the law would advise otherwise now.

    Shape: the same differences raise no second task, also after staff closed the first; when
    nothing differs any more, the task is closed.
    """
    found = store.standing_about(work.db, person.id)
    if found is None:
        return
    decision, document = found
    says = differing(work, case, person, decision, document, language="en")
    digest = sha256("\n".join(says).encode()).hexdigest() if says else None
    if digest is not None and digest == decision.differs:
        return
    if digest != decision.differs:
        store.note_differs(work.db, decision.id, digest, work.now)
    cases.ensure_task(work, person, TaskKind.ADVICE_CHANGED, wanted=digest is not None)


def differing(
    work: Work,
    case: Case,
    person: Person,
    decision: Decision,
    document: Mapping[str, Any],
    *,
    language: str,
) -> tuple[str, ...]:
    """What the law would advise otherwise, in words.

    Shape: as of the decision's own day, which shows other facts and other data; while the matter
    goes on, as of today too, of which only outcomes count: a law's name alone is no reason.
    Of who was corrected as the wrong person nothing counts but that they are not cleared yet.
    """
    why = _why_cleared(work, case, person)
    if why is not None and decision.outcome is Outcome.NO_SUSPICION:
        return ()
    if why is not None and why.rule == clearing.WRONG_PERSON:
        return (why.citation_ko if language == "ko" else why.citation,)
    acts = decision.acts
    found = differences_on(case, person, document, decision.decided_on, language, acts=acts)
    if found is not None and not _has_ended(work, case, person):
        day = asking.today(work, case)
        later = differences_on(case, person, document, day, language, acts=acts) or ()
        found = (*found, *(each for each in later if each.kind in _OUTCOMES))
    open_ = (_left_open(act.text, language) for act in asking.left_open(case, person, decision))
    return tuple(dict.fromkeys((*(each.said(language) for each in found or ()), *open_)))


def _left_open(act: str, language: str) -> str:
    says = "결정되지 않은 행위: {act}" if language == "ko" else "Nothing is decided about: {act}"
    return says.format(act=act)


def differences_on(
    case: Case,
    person: Person,
    document: Mapping[str, Any],
    day: date,
    language: str,
    *,
    acts: Collection[str] = (),
) -> tuple[Difference, ...] | None:
    """What differs from the advice a decision was made on; None without a law of that day."""
    now = advice_if_any(case, person, day, acts)
    if now is None:
        return None
    words = law_on(shipped_laws(), case.jurisdiction, day).words
    return tuple(advice_differences(document, rules.advice_document(now), words, language))


def advice_if_any(
    case: Case, person: Person, day: date, acts: Collection[str] = ()
) -> Advice | None:
    """The advice as of a day, about some acts or all; None without a law of that day."""
    try:
        return asking.advice_on(case, person, day, acts)
    except NoLaw:
        return None


def is_allowed(work: Work, case: Case, person: Person, outcome: Outcome, now: Advice) -> bool:
    """Whether an outcome that stands could still be decided."""
    if _why_cleared(work, case, person) is not None:
        return outcome is Outcome.NO_SUSPICION
    return outcome not in {each.outcome for each in now.forbidden}


def _why_cleared(work: Work, case: Case, person: Person) -> Source | None:
    try:
        return asking.only_cleared(work, case, person)
    except NoLaw:
        return None


def _has_ended(work: Work, case: Case, person: Person) -> bool:
    try:
        rule = asking.law_of(work, case).stage_of(person.stage)
    except NoLaw:
        return True
    return rule is not None and rule.ends
