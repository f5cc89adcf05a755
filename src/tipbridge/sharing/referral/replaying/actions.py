"""Make every kept decision again, by the rules of now, and say what comes out otherwise."""

import functools
import hashlib
from collections.abc import Iterator
from typing import cast

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.decisions import RULE_VERSION
from tipbridge.sharing.referral import rules
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.replaying import store
from tipbridge.sharing.referral.replaying.inputs import changes, read_inputs, result_document
from tipbridge.sharing.referral.replaying.keeping import approvers_of
from tipbridge.sharing.referral.replaying.model import (
    Changed,
    Inputs,
    KeptDecision,
    Replay,
    Replayed,
    Unread,
)

REPLAYERS = (Role.ANALYST, Role.LIAISON, Role.AUDITOR)
_AT_ONCE = 200


@action("referral.decisions.replayed", roles=REPLAYERS)
def replay_decisions(work: Work) -> Replay:
    """Make every decision that the actor sees again from its own inputs.

    Shape: a decision whose inputs were erased, or do not fit their digest, is named apart.
    """
    found = [_again(work, kept) for kept in _all_kept(work)]
    replay = Replay(
        decisions=len(found),
        referrals=tuple(sorted({each.referral_id for each in found})),
        same=sum(not each.changed and each.unread is None for each in found),
        different=tuple(each for each in found if each.changed),
        unread=tuple(each for each in found if each.unread is not None),
        rule_version=RULE_VERSION,
        other_versions=sum(each.rule_version != RULE_VERSION for each in found),
    )
    work.record(
        "all",
        decisions=replay.decisions,
        same=replay.same,
        different=len(replay.different),
        unread=len(replay.unread),
        rule=RULE_VERSION,
    )
    return replay


@action("referral.decisions.read", roles=REPLAYERS)
def read_decisions(work: Work, referral_id: str) -> list[Replayed]:
    """Every decision about one referral, each made again, oldest first.

    Errors: NotFound; another unit's looks the same.
    """
    if referral_store.referral_by_id(work.db, referral_id) is None:
        raise NotFound("referral", referral_id)
    found = [_again(work, kept) for kept in store.decisions_of(work.db, referral_id)]
    work.record(referral_id, decisions=len(found))
    return found


def is_suspect(replayed: Replayed) -> bool:
    """Whether a decision could not be made again for another reason than that its data ended."""
    return replayed.unread not in (None, Unread.ERASED)


def _all_kept(work: Work) -> Iterator[KeptDecision]:
    after = ""
    while page := store.decisions_after(work.db, after, limit=_AT_ONCE):
        yield from page
        after = page[-1].id


def _again(work: Work, kept: KeptDecision) -> Replayed:
    inputs, unread = _inputs(work, kept)
    changed: tuple[Changed, ...] = ()
    if inputs is not None:
        decision, _, _ = rules.decide(
            inputs.agreements,
            inputs.granted,
            inputs.parts,
            inputs.facts,
            inputs.at,
            keyed=inputs.keyed,
        )
        changed = changes(kept.result, result_document(decision))
    parts = cast("list[dict[str, object]]", kept.result["parts"])
    return Replayed(
        id=kept.id,
        referral_id=kept.referral_id,
        moment=kept.moment,
        decided_at=kept.decided_at,
        decided_by=kept.decided_by,
        people=approvers_of(work, kept),
        rule_version=kept.rule_version,
        inputs_sha256=kept.inputs_sha256,
        fields=len(parts),
        released=sum(part["released"] is True for part in parts),
        unread=unread,
        changed=changed,
    )


def _inputs(work: Work, kept: KeptDecision) -> tuple[Inputs | None, Unread | None]:
    """What a decision was made from, or why that can't be known."""
    try:
        data = work.node.vault.open_words(kept.key_id, kept.inputs)
    except NotFound:
        return None, Unread.ERASED
    except IntegrityFailure:
        return None, Unread.CHANGED_INPUTS
    if hashlib.sha256(data).hexdigest() != kept.inputs_sha256:
        return None, Unread.CHANGED_INPUTS
    try:
        inputs = read_inputs(data, functools.partial(agreement_held, work))
    except Invalid:
        return None, Unread.UNREADABLE
    return inputs, None if inputs is not None else Unread.AGREEMENT_GONE
