"""What the interface answers: documents of one namespace (protocol notes, section 7)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from tipbridge.knowledge.hashsharing.model import (
    Classification,
    EntryKind,
    FingerprintType,
    Listed,
    Member,
    Outcome,
    Page,
    Submitted,
    Vote,
)
from tipbridge.knowledge.hashsharing.reading import NAMESPACE
from tipbridge.knowledge.hashsharing.rules import (
    BY_REFERENCE,
    REASONS,
    link_of,
    written_time,
    written_value,
)

_CLASSES = {
    each: f"7b1d9a52-0000-4000-9000-{number:012x}" for number, each in enumerate(Classification, 1)
}
_UNPRINTABLE = {code: "?" for code in range(32) if code not in (9, 10)} | {127: "?"}


def status(me: Member, *, username: str, address: str) -> bytes:
    """`<status>`: who asks, and from where."""
    return _document(
        "status",
        f"<ipAddress>{_text(address)}</ipAddress><username>{_text(username)}</username>"
        f"{_member(me)}",
    )


def members(found: Iterable[Member]) -> bytes:
    """`<members>`: everybody who shares here."""
    return _document("members", "".join(map(_member, found)))


def reasons(type_: FingerprintType) -> bytes:
    """`<availableFeedbackReasons>` of one type."""
    found = (reason for reason in REASONS.values() if reason.type is type_)
    return _document("availableFeedbackReasons", "".join(_reason(each.guid) for each in found))


def categorizations() -> bytes:
    """`<availableCategorizations>`: the one scale that entries are classified by."""
    inside = "".join(
        f'<categorization guid="{guid}" name="{each}"/>' for each, guid in _CLASSES.items()
    )
    group = f'<group name="Classification" allowMultiple="false">{inside}</group>'
    return _document("availableCategorizations", group)


def submission_result(result: Submitted) -> bytes:
    """`<submissionResult>` of a submission: each entry with what became of it."""
    at = "" if result.stamp is None else f' timestamp="{written_time(result.stamp)}"'
    inside = "".join(
        f'<entry id={quoteattr(each.entry_id)} outcome="{each.outcome}"/>' for each in result.done
    )
    return _document("submissionResult", inside, at)


def vote_result(outcome: Outcome) -> bytes:
    """`<submissionResult>` of a vote."""
    return _document("submissionResult", f"<outcome>{outcome}</outcome>")


def refusal(kind: str, told: str) -> bytes:
    """`<error>`: what was refused, and why."""
    return _document("error", f"<kind>{_text(kind)}</kind><description>{_text(told)}</description>")


def query_result(page: Page) -> bytes:
    """`<queryResult>`: one page of entries, images and videos apart, each in order of time."""
    groups = "".join(
        _group(kind, [each for each in page.entries if each.kind is kind]) for kind in EntryKind
    )
    following = "" if page.following is None else f"<next>{_text(link_of(page.following))}</next>"
    return _document("queryResult", f"{groups}<paging>{following}</paging>")


def _group(kind: EntryKind, entries: Sequence[Listed]) -> str:
    if not entries:
        return f'<{kind}s count="0"/>'
    newest = written_time(max(each.stamp for each in entries))
    inside = "".join(map(_entry, entries))
    return f'<{kind}s count="{len(entries)}" maxTimestamp="{newest}">{inside}</{kind}s>'


def _entry(entry: Listed) -> str:
    at, id_ = written_time(entry.stamp), _text(entry.entry_id)
    if entry.deleted:
        name = f"deleted{entry.kind.title()}"
        return f"<{name}>{_member(entry.member)}<id>{id_}</id><timestamp>{at}</timestamp></{name}>"
    known = entry.classification
    said = "" if known is None else f"<classification>{_text(known)}</classification>"
    return (
        f"<{entry.kind}>{_member(entry.member)}<timestamp>{at}</timestamp><id>{id_}</id>{said}"
        f"<fingerprints>{''.join(_fingerprints(entry))}</fingerprints>"
        f"{_feedback(entry.votes)}</{entry.kind}>"
    )


def _fingerprints(entry: Listed) -> Iterator[str]:
    for each in entry.fingerprints:
        name = each.type.element
        if each.type in BY_REFERENCE:
            href = f"/v2/entries/{entry.member.id}/{entry.entry_id}/fingerprints/{each.type}"
            yield f'<{name} rel="self" href={quoteattr(href)}/>'
        else:
            yield f"<{name}>{_text(written_value(each.type, each.value))}</{name}>"


def _feedback(votes: Sequence[Vote]) -> str:
    if not votes:
        return ""
    said = ""
    for type_ in FingerprintType:
        of_type = [vote for vote in votes if vote.type is type_]
        said += _affirmative(type_, [vote for vote in of_type if vote.affirmative])
        said += _negative(type_, [vote for vote in of_type if not vote.affirmative])
    return f'<feedback lastUpdateTimestamp="{_newest(votes)}">{said}</feedback>'


def _affirmative(type_: FingerprintType, votes: Sequence[Vote]) -> str:
    if not votes:
        return ""
    return (
        f'<affirmativeFeedback type="{type_.label}" lastUpdateTimestamp="{_newest(votes)}">'
        f"{_voters(votes)}</affirmativeFeedback>"
    )


def _negative(type_: FingerprintType, votes: Sequence[Vote]) -> str:
    if not votes:
        return ""
    given = sorted({guid for vote in votes for guid in vote.reasons})
    pairs = "".join(
        _reason(guid) + _voters([vote for vote in votes if guid in vote.reasons]) for guid in given
    )
    return (
        f'<negativeFeedback type="{type_.label}" lastUpdateTimestamp="{_newest(votes)}">'
        f"<reasons>{pairs}</reasons></negativeFeedback>"
    )


def _voters(votes: Sequence[Vote]) -> str:
    inside = "".join(_member(vote.member) for vote in votes)
    return f'<members timestamp="{_newest(votes)}">{inside}</members>'


def _newest(votes: Sequence[Vote]) -> str:
    newest: datetime = max(vote.at for vote in votes)
    return written_time(newest)


def _reason(guid: str) -> str:
    reason = REASONS[guid]
    return f'<reason guid="{guid}" name={quoteattr(reason.name)} type="{reason.type.label}"/>'


def _member(member: Member) -> str:
    return f'<member id="{member.id}">{_text(member.name)}</member>'


def _text(words: str) -> str:
    return escape(words.translate(_UNPRINTABLE))


def _document(root: str, inside: str, attributes: str = "") -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<{root} xmlns="{NAMESPACE}"{attributes}>{inside}</{root}>'.encode()
