"""That somebody was the wrong person, said by who received them: to all who hold the same."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.life import messages, rules, store, travelling
from tipbridge.sharing.referral.life.model import WITHDRAWALS, Saying, Why, Word
from tipbridge.sharing.referral.model import Direction, Referral, Source, SourceKind
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.sources import sent_of_report
from tipbridge.sharing.referral.taking import before_of, report_of


def say_wrong_person(
    work: Work,
    referral_id: str,
    person: str,
    *,
    saying_id: str,
    at: datetime,
    why: Why = Why.WRONG_PERSON,
) -> bool:
    """Say of a received referral that this label's person was the wrong one; false when said.

    Shape: or, by `why`, that they were not after all; for a police room's own action. Goes to the sender, and to those this node sent it on
    to; each of them tells everyone else who got the same, and answers.
    Errors: NotFound.
    """
    referral = referral_store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None or referral.direction is not Direction.IN:
        raise NotFound("received referral", referral_id)
    said = {each.saying.id for each in store.sayings_of(work.db, referral_id)}
    labels = rules.about_the_same(_labels_of(work, referral), [f"{person}/"])
    if saying_id in said or not labels:
        return False
    saying = Saying(
        id=saying_id,
        word=Word.CORRECTION,
        why=why,
        labels=labels,
        about=None,
        node_id=work.node.id,
        at=at,
    )
    _tell(work, [referral, *_sent_on(work, referral)], saying)
    return True


def is_of_person(saying: Saying) -> bool:
    """Whether a receiver may say this too, not only who sent the referral."""
    of_persons = (Why.WRONG_PERSON, Why.RIGHT_PERSON)
    return saying.word is Word.CORRECTION and saying.why in of_persons


def spread(work: Work, referral: Referral, saying: Saying) -> tuple[str, ...]:
    """Tell all others here who sent or got the same as a sent referral; which nodes."""
    before = before_of(work, referral)
    if before is not None:
        same = [before, *_sent_on(work, before)]
    else:
        report_id = report_of(work, referral)
        same = [] if report_id is None else sent_of_report(work, report_id)
    return _tell(work, [each for each in same if each.id != referral.id], saying)


def note_failed(work: Work, package_id: str) -> None:
    """Tell whoever said a withdrawal that its message to somebody failed for good; once."""
    sent, package = store.saying_in(work.db, package_id), exchange.sent_package(work, package_id)
    if sent is None or package is None or sent.saying.word not in WITHDRAWALS:
        return
    if package.state not in (OutboxState.REFUSED, OutboxState.LAPSED):
        return
    if _is_told(work, sent.saying.id, package.recipient):
        return
    lost = Saying(
        id=work.ids.new(),
        word=Word.NOT_REACHED,
        why=None,
        labels=(),
        about=sent.saying.id,
        node_id=work.node.id,
        at=work.now,
        by=package.recipient,
    )
    travelling.tell_back(work, sent.saying.id, lost)


def _is_told(work: Work, saying_id: str, lost: str) -> bool:
    """Whether it was told back already that a withdrawal did not reach somebody."""
    return any(
        (each.saying.word, each.saying.about, each.saying.by) == (Word.NOT_REACHED, saying_id, lost)
        for place in store.sayings_by_id(work.db, saying_id)
        for each in store.sayings_of(work.db, place.referral_id)
    )


def _tell(work: Work, referrals: list[Referral], saying: Saying) -> tuple[str, ...]:
    """Say it in this node's name about each referral that holds the same; to which nodes.

    Shape: in its own name, because receivers on other branches pin no cards of each other.
    """
    told: list[str] = []
    for referral in referrals:
        labels = rules.about_the_same(_labels_of(work, referral), saying.labels)
        known = {each.saying.id for each in store.sayings_of(work.db, referral.id)}
        if labels and saying.id not in known:
            own = replace(saying, node_id=work.node.id, labels=labels, instead=None)
            parts = tuple(salted(work, [messages.saying_part(own)]))
            travelling.withdraw_from(work, referral, own, parts)
            told.append(referral.peer_id)
    return tuple(sorted(set(told)))


def _sent_on(work: Work, referral: Referral) -> list[Referral]:
    """The referrals by which a received one went on."""
    source = Source(kind=SourceKind.REFERRAL, id=referral.id)
    found = referral_store.referrals_of_source(work.db, source)
    return [each for each in found if each.state in travelling.GONE]


def _labels_of(work: Work, referral: Referral) -> tuple[str, ...]:
    """The labels of what a referral brought here, or took away."""
    if referral.direction is Direction.IN:
        return tuple(item.part.label for item in referral_store.parts_of(work.db, referral.id))
    return released_labels(referral)


def released_labels(referral: Referral) -> tuple[str, ...]:
    """The labels of the parts that left with a sent referral."""
    decision = cast("dict[str, Any]", referral.decision or {"parts": []})
    parts = cast("list[dict[str, Any]]", decision["parts"])
    return tuple(str(part["label"]) for part in parts if part["released"])
