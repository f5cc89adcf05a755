"""The side that receives: the packages of a convoy are kept in one transaction, each with its receipt.

What is not let in at once, or is here already, is left to the way of a single package, which says why.
"""

import io
from collections.abc import Mapping, Sequence

from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import incoming
from tipbridge.sharing.exchange import store as packages
from tipbridge.sharing.exchange.convoying import store
from tipbridge.sharing.exchange.errors import NotCovered, NotYet
from tipbridge.sharing.exchange.trusting import checking


def take_together(
    work: Work, sealed: Sequence[bytes], *, caller: str | None = None
) -> dict[int, bytes]:
    """Take in the packages of a convoy that may be; their receipts, by place.

    Shape: a receipt counts once this work is committed.
    """
    checked = _checked(work, sealed)
    try:
        let_in = _let_in(work, checked, caller)
        kept = {
            place: incoming.keep_package(work, each, io.BytesIO(sealed[place]))
            for place, each in let_in.items()
        }
        packages.insert_together(work.db, kept.values())
        return {
            place: exchange.receive_package(work, io.BytesIO(), kept=each)
            for place, each in kept.items()
        }
    finally:
        for each in checked.values():
            each.ahead.abort()  # what was kept stays


def _checked(work: Work, sealed: Sequence[bytes]) -> dict[int, incoming.Checked]:
    """Those that are whole and verify; no id twice."""
    keys = checking.keys_pinned(work)
    found, ids = dict[int, incoming.Checked](), set[str]()
    for place, each in enumerate(sealed):
        try:
            checked = incoming.check_package(work, io.BytesIO(each), keys=keys)
        except IntegrityFailure:
            continue
        package_id = checked.verified.statement.package_id
        if package_id in ids:
            checked.ahead.abort()
        else:
            ids.add(package_id)
            found[place] = checked
    return found


def _let_in(
    work: Work, checked: Mapping[int, incoming.Checked], caller: str | None
) -> dict[int, incoming.Checked]:
    """Those of its sender that are covered and not here yet."""
    ids = [each.verified.statement.package_id for each in checked.values()]
    store.one_receipt_at_a_time(work.db, ids)
    here, agreements = store.received(work.db, ids), incoming.Agreements(work)
    let_in = dict[int, incoming.Checked]()
    for place, each in checked.items():
        statement = each.verified.statement
        if statement.package_id in here or caller not in {None, statement.sender}:
            continue
        try:
            exchange.check_covered(work, each, agreements)
        except (NotCovered, NotYet):
            continue
        let_in[place] = each
    return let_in
