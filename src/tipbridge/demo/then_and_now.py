"""What the law of another year would advise to the operation's people, beside its own: counts."""

from collections.abc import Iterator

from tipbridge.knowledge.law.model import Words
from tipbridge.knowledge.law.terms import said, shipped_terms
from tipbridge.knowledge.law.words import cited
from tipbridge.police.outcomes.model import Comparison

PAGE = "/outcomes/compared"
_HEAD = Words(
    en="The same facts dated {year}: first choice of the advice, people",
    ko="같은 사실, {year}년의 법: 조언의 첫 순위, 인원",
)
_SAME = Words(en="as before", ko="변동 없음")


def told(found: Comparison, language: str) -> str:
    """The comparison as lines of text, one for each way that advice went."""
    return "\n".join(_lines(found, language)) + "\n"


def _lines(found: Comparison, language: str) -> Iterator[str]:
    words = shipped_terms()
    head = _HEAD.ko if language == "ko" else _HEAD.en
    laws = f"{', '.join(found.before_laws)} → {', '.join(found.after_laws)}"
    yield f"{head.format(year=found.year)} ({laws})"
    for each in found.shifts:
        before = said(words, each.before, language)
        same = _SAME.ko if language == "ko" else _SAME.en
        after = same if each.before is each.after else said(words, each.after, language)
        rules = " → ".join(
            cited(source, words, language) for source in (each.before_source, each.after_source)
        )
        yield f"  {each.people:>4}  {before} → {after}; {rules}"
    for reason, people in found.left_out:
        yield f"  {people:>4}  {said(words, reason, language)}: ?"
