"""Pure decisions about a referral's life: what may be said next, and who still owes an answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tipbridge.foundation.base.errors import Invalid
from tipbridge.sharing.referral.life.model import (
    ACKNOWLEDGEMENTS,
    REASONS,
    STAGES,
    WITHDRAWALS,
    Saying,
    Why,
    Withdrawal,
    Word,
)

_NEXT: Mapping[Word | None, tuple[Word, ...]] = {
    None: (Word.ACCEPTED, Word.REFUSED, Word.RETURNED),
    Word.ACCEPTED: (Word.WORKED, Word.RETURNED, Word.CLOSED),
    Word.WORKED: (Word.RETURNED, Word.CLOSED),
    Word.RETURNED: (Word.ACCEPTED, Word.REFUSED),
    Word.REFUSED: (),
    Word.CLOSED: (),
}
"""From what a receiver said last to what it may say; returned may be mended by a new referral."""

_FAILED = frozenset({"refused", "lapsed"})
"""How a message ends that its receiver never took."""
_PERSON_STEPS = 2


def check_reason(word: Word, why: Why | None, labels: Iterable[str] = ()) -> None:
    """Whether a word comes with its reason, and a correction with what it takes back.

    Errors: Invalid, which names what is allowed.
    """
    allowed = REASONS.get(word, frozenset())
    if (why in allowed) != bool(allowed) or (why is not None and not allowed):
        words = ", ".join(sorted(allowed)) or "none"
        raise Invalid(f"{word} comes with one of these reasons: {words}.")
    if bool(tuple(labels)) != (word is Word.CORRECTION):
        raise Invalid("A correction names the parts it takes back; no other word names parts.")


def stages_of(said: Iterable[Saying]) -> tuple[Saying, ...]:
    """The last stage that each holder on the road said, whoever spoke last first."""
    last: dict[str, Saying] = {}
    for each in sorted(said, key=lambda each: (each.at, each.id)):
        if each.word in STAGES:
            last[each.node_id] = each
    return tuple(sorted(last.values(), key=lambda each: (each.at, each.id), reverse=True))


def stage_of(said: Iterable[Saying], node_id: str) -> Word | None:
    """The last stage that a node said; None before its first."""
    return next((each.word for each in stages_of(said) if each.node_id == node_id), None)


def next_stages(stage: Word | None, *, recalled: bool) -> tuple[Word, ...]:
    """What a receiver may say after a stage; nothing more of what was recalled."""
    return () if recalled else _NEXT[stage]


def is_recalled(said: Iterable[Saying]) -> bool:
    """Whether a recall is among the words."""
    return any(each.word is Word.RECALL for each in said)


def withdrawals(
    said: Iterable[Saying],
    *,
    holders: Iterable[str],
    days: int,
    now: datetime,
    where: tuple[str, str],
    states: Mapping[str, str],
) -> tuple[Withdrawal, ...]:
    """Each recall and correction that went out, with who has acknowledged it and who has not.

    Shape: `holders` are the nodes known to hold the referral; `where` is its id and peer;
    `states` say how far each message that went out came, by the saying's id.
    """
    every, holding = list(said), set(holders)
    found: list[Withdrawal] = []
    for each in every:
        if each.word not in WITHDRAWALS or each.id not in states:
            continue
        about = [a for a in every if a.about == each.id]
        answers = [a for a in about if a.word in ACKNOWLEDGEMENTS]
        there = {answer.whose for answer in answers}
        lost = {a.whose for a in about if a.word is Word.NOT_REACHED}
        if states[each.id] in _FAILED:
            lost.add(where[1])
        owing = (holding | lost | {node for a in answers for node in a.told}) - there
        waiting = tuple(sorted(owing - lost))
        due_at = each.at + timedelta(days=days)
        found.append(
            Withdrawal(
                referral_id=where[0],
                peer_id=where[1],
                saying=each,
                acknowledged=tuple(answers),
                waiting=waiting,
                due_at=due_at,
                overdue=bool(owing) and now > due_at,
                package_state=states[each.id],
                failed=tuple(sorted(owing & lost)),
            )
        )
    return tuple(found)


def about_the_same(labels: Iterable[str], wrong: Iterable[str]) -> tuple[str, ...]:
    """Those of these labels that speak of the persons, or are the parts, that `wrong` names.

    Shape: a person's parts may be other ones in each package: less of them, or in another form.
    """
    meant = {_subject(label) for label in wrong}
    return tuple(sorted({label for label in labels if _subject(label) in meant}))


def corrected(labels: Iterable[str], said: Iterable[Saying]) -> frozenset[str]:
    """Those of these labels, without their forms, that stand corrected: what was said last counts.

    Shape: a wrong person takes all that is about them along, until somebody says that they were
    the right one; of a wrong value its own label alone.
    """
    persons, values = set[str](), set[str]()
    for each in sorted(said, key=lambda each: (each.at, each.id)):
        if each.word is not Word.CORRECTION:
            continue
        subjects = {_subject(label) for label in each.labels}
        if each.why is Why.WRONG_VALUE:
            values |= {_plain(label) for label in each.labels}
        elif each.why is Why.WRONG_PERSON:
            persons |= subjects
        else:
            persons -= subjects
    plain = {_plain(label) for label in labels}
    return frozenset(each for each in plain if each in values or _subject(each) in persons)


def _plain(label: str) -> str:
    return label.partition("~")[0]


def _subject(label: str) -> str:
    """`people/0` of what is about a person; else the part's own label without its form."""
    plain = _plain(label)
    steps = plain.split("/")
    of_person = steps[0] == "people" and len(steps) > _PERSON_STEPS
    return "/".join(steps[:_PERSON_STEPS]) if of_person else plain
