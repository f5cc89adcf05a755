"""What was asked about a place in this round, and at the places it moved from."""

from tipbridge.foundation.work import Work
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.mistaken.rules import standing
from tipbridge.police.removals.model import Notice, Removal, RemovalState, Reply


def round_of(work: Work, *noted: Removal) -> tuple[tuple[Notice, ...], tuple[Reply, ...]]:
    """What was asked and answered about a place since it last came back, with its earlier ones.

    Shape: what was recorded by mistake, or went to a host that was corrected, counts no more; `noted` is one place, as each of several
    cases noted it; earlier ones are those it moved from, as long as the host stayed the same.
    """
    line = [each for removal in noted for each in _line(work, removal)]
    steps = [each for one in line for each in standing(store.steps_of(work.db, one.id))]
    notices = [
        each
        for one in line
        for each in store.notices_of(work.db, one.id)
        if rules.asked_of(each, one.host)
    ]
    answered = [each for one in line for each in store.replies_of(work.db, one.id)]
    replies = [each for each in answered if each.mistake is None]
    return rules.this_round(
        steps,
        sorted(notices, key=lambda each: (each.made_at, each.id)),
        sorted(replies, key=lambda each: (each.at, each.id)),
    )


def _line(work: Work, removal: Removal) -> list[Removal]:
    line = [removal]
    while (before := line[-1].moved_from) is not None:
        earlier = store.removal_by_id(work.db, before)
        if earlier is None or earlier.host != removal.host or not _moved(work, earlier):
            break
        line.append(earlier)
    return line


def _moved(work: Work, removal: Removal) -> bool:
    steps = standing(store.steps_of(work.db, removal.id))
    return any(each.state is RemovalState.MOVED for each in steps)
