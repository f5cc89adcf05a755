"""Which other cases of the node hold what a case holds, and who is told of it."""

from collections.abc import Iterable, Sequence

from tipbridge.foundation.work import Work
from tipbridge.police.cases import rules, store
from tipbridge.police.cases.demands import rules as asking
from tipbridge.police.cases.demands import store as demands
from tipbridge.police.cases.devices import store as devices
from tipbridge.police.cases.devices.rules import codes_in, codes_of, marks_in
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import Case, IdentifierKind, Link, LinkState, Notice
from tipbridge.police.cases.referred import Match


def others_knowing(work: Work, case: Case) -> list[Match]:
    """Every other case with one of this one's identifiers or files; for system actors.

    Shape: files are those reported and those found on exhibits; what a demand asks about counts
    too: an address anywhere, an account at the same desk. A case's own whole and parts,
    by merging, are no others.
    """
    keys = [key for known in store.identifiers_of(work.db, case.id).values() for key in known]
    for asked in demands.asked_in(work.db, case.id):
        keys += asking.identifiers_asked(asked, case.jurisdiction[:2].upper())
    files = items.digests_of(work.db, case.id)
    matches = store.cases_knowing(work.db, keys) if keys else []
    matches += items.cases_with_items(work.db, files) if files else []
    borne = devices.codes_of(work.db, case.id)
    matches += devices.cases_bearing(work.db, [*borne, *codes_of(keys)])
    matches += devices.cases_naming(work.db, borne)
    matches += demands.cases_asking(work.db, asking.values_asked(keys))
    own = set(joining.wholes_of(work, case.id))
    own |= {part.case.id for part in joining.joined_in(work, case.id)}
    return [match for match in matches if match.case_id not in own]


def hold_seized(work: Work, case_id: str, exhibit_id: str, digests: Sequence[str]) -> None:
    """Hold what was found on an exhibit against other cases, from now on; for another room's action.

    Shape: the SHA-256 of findings only: nobody's own files are looked for anywhere.
    """
    items.hold_seized(work.db, case_id, exhibit_id, digests, work.now)


def hold_written(work: Work, case: Case, exhibit_id: str, *, mark: str, text: str) -> None:
    """Hold the numbers that are written on an exhibit against other cases; for another room's action.

    Shape: who holds the same in another case hears of it as of the same device. The mark, and
    what is too short to be compared, is found by a search.
    """
    codes = codes_in(text, case.jurisdiction[:2].upper())
    devices.hold(work.db, case.id, exhibit_id, codes, work.now)
    marks = [each for each in marks_in(mark, text) if each not in codes]
    devices.hold(work.db, case.id, exhibit_id, marks, work.now, compared=False)
    if codes:
        work.emit("cases.identifier.added", case_id=case.id)


def tell_of(work: Work, case: Case, matches: Iterable[Match]) -> None:
    """Propose links between open cases; a restricted one alone hears, and is never named."""
    placement = rules.decide_telling(matches, restricted=case.restricted)
    tell(work, case.id, placement)


def tell(work: Work, case_id: str, placement: rules.Placement) -> None:
    """Propose the links and give the notices of a placement."""
    for match in placement.links:
        link = Link(
            id=work.ids.new(),
            case_id=case_id,
            other_id=match.case_id,
            kind=match.kind,
            state=LinkState.PROPOSED,
            proposed_at=work.now,
        )
        joining.propose_link(work, link)
    for match in placement.notices:
        _notify(work, match.case_id, about=case_id, kind=match.kind)
    for match in placement.own_notices:
        _notify(work, case_id, about=match.case_id, kind=match.kind)


def _notify(work: Work, case_id: str, *, about: str, kind: IdentifierKind) -> None:
    notice = Notice(id=work.ids.new(), case_id=case_id, about_case_id=about, kind=kind, at=work.now)
    joining.tell(work, notice)
