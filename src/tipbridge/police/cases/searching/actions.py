"""The verb of searching: for a case and with a reason, or not at all."""

from dataclasses import replace

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, seeing
from tipbridge.police.cases.devices.rules import codes_in, mark_of
from tipbridge.police.cases.searching import rules, store
from tipbridge.police.cases.searching.model import Search, SearchResult, Sought
from tipbridge.police.cases.seeing import WORKING

LEAST_LIKENESS = 0.5
LINES = 100


@action("cases.search.made", roles=WORKING)
def search(work: Work, *, about: str, grounds: str, text: str) -> SearchResult:
    """Search over cases, people, identifiers, notes, facts, items, exhibits and demands.

    Shape: `about` is the case (id or number) or the received referral that it is for; the
    search is kept with that case, with its reason and its words. Children's own files are
    never searched.
    Errors: NotFound; Invalid without a reason, or for too few characters.
    """
    case = seeing.case_or_its_referral(work, about)
    grounds = checks.text("grounds", grounds)
    words = rules.sought_words(text)
    sought = Sought(
        words=words,
        squeezed=rules.squeezed(text),
        values=rules.sought_identifiers(text, case.jurisdiction),
        codes=(*codes_in(text, case.jurisdiction[:2].upper()), mark_of(words)),
    )
    found, counts = store.look_for(work.db, sought, least=LEAST_LIKENESS, lines=LINES)
    made = Search(
        id=work.ids.new(),
        case_id=case.id,
        grounds=grounds,
        sought=words,
        found_count=sum(counts.values()),
        searched_by=work.actor.id,
        searched_at=work.now,
    )
    store.insert_search(work.db, made)
    work.record(case.id, search=made.id)
    return SearchResult(search=made, number=case.number, found=tuple(found), counts=counts)


@action("cases.searches.read", roles=WORKING)
def list_searches(work: Work, case_id: str) -> list[Search]:
    """The searches made for a case, with their reasons; without a case, none.

    Shape: how much was found is told to who searched: others may see fewer cases, or more.

    Errors: NotFound.
    """
    if not case_id:
        work.record("none", count=0)
        return []
    case = seeing.case_seen(work, case_id)
    made = store.searches_of(work.db, case.id)
    work.record(case.id, count=len(made))
    mine = work.actor.id
    return [each if each.searched_by == mine else replace(each, found_count=None) for each in made]
