"""An examination's report: every entry of the source with what became of it, line by line.

It holds nothing that another run over the same source with the same lists would not say again:
no id of the run, no time of the clock. So two runs give the same bytes, and anybody can compare.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import exhibit_seen
from tipbridge.police.evidence.model import Examination, FoundFile, SkippedEntry
from tipbridge.police.evidence.searches import Searching

_ALL = 2**31 - 1
_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp() * 10**9
TIMES_CAVEAT = (
    "Times are as the file system has them. FAT and exFAT keep local time, often without a zone;"
    " they are read here as if it were UTC."
)
FOLDER_TIMES_CAVEAT = (
    "Times are when a file was last changed, as the folder has it where it was examined: whoever copied it"
    " there may have changed them, and a source that keeps local time was read as this machine reads it."
    " Members of archives have none."
)
NEAR_CAVEAT = (
    "A near hit says that pictures resemble each other by so many bits of 256; it is no finding, and"
    " says nothing of anybody by itself."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as lines of JSON, the first of which sums the others up."""

    lines: tuple[str, ...]
    known_since: int = 0
    """Findings that another case had earlier, as is known since: beside the report, which stays as it was given."""


@action("evidence.report.read", roles=(Role.INVESTIGATOR, Role.EXAMINER))
def read_report(work: Work, exhibit_id: str, *, examination: str | None = None) -> Report:
    """The report of an examination of an exhibit, or of its last one.

    Errors: NotFound.
    """
    exhibit_seen(work, exhibit_id)
    found = store.examinations_of(work.db, [exhibit_id]).get(exhibit_id, [])
    chosen = [each for each in found if examination in {None, each.id}]
    if not chosen:
        raise NotFound("examination", examination or exhibit_id)
    done = chosen[-1]
    files = store.files_of(work.db, exhibit_id, _ALL, findings_only=False, examination=done.id)
    skipped = store.skipped_of(work.db, exhibit_id, _ALL, examination=done.id)
    earlier = store.seen_before(work.db, exhibit_id, done.id)
    names = hashes.list_names(work)
    lines = [_line(_summary(work, done, files, names))]
    lines += [_line(_file(each, names, earlier)) for each in files]
    lines += [_line(_left_out(each)) for each in skipped]
    lines += [_line({"is": "moment", **each}) for each in timeline(files)]
    work.record(exhibit_id, examination=done.id, lines=len(lines))
    since = store.seen_since(work.db, exhibit_id, done.id)
    return Report(lines=tuple(lines), known_since=len(since))


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _summary(
    work: Work, done: Examination, files: list[FoundFile], names: Mapping[str, str]
) -> dict[str, object]:
    copies = Counter(each.digests.sha256 for each in files if each.finding is not None)
    return {
        "is": "examination",
        "tool": done.tool,
        "medium_bytes": done.medium_bytes,
        "sha256_before": done.sha256_before,
        "sha256_after": done.sha256_after,
        "verdict": done.verdict,
        "doubts": [asdict(each) for each in done.doubts],
        "entries": done.total,
        "listed": done.listed,
        "answered": done.answered,
        "image": _image(work, done),
        "processed": done.processed,
        "unprocessed": done.unprocessed,
        "findings": done.findings,
        "items": done.items,
        "near": done.near,
        "not_compared": done.not_compared,
        "looked": dict(sorted(Counter(each.looked.value for each in files).items())),
        "hits": _counted(files),
        "copies": {digest: number for digest, number in sorted(copies.items()) if number > 1},
        "lists": sorted(names.get(each, each) for each in done.lists),
        "searched": [each.document() for each in _searched(work, done)],
        "read_bytes": None if done.medium_bytes is None else done.medium_bytes - done.unread_bytes,
        "unread_bytes": done.unread_bytes,
        "unread": [asdict(each) for each in store.unread_of(work.db, done.id)],
        "times": FOLDER_TIMES_CAVEAT if done.medium_bytes is None else TIMES_CAVEAT,
        "near_hits": NEAR_CAVEAT,
    }


def _searched(work: Work, done: Examination) -> tuple[Searching, ...]:
    return store.searched_by(work.db, [done.id]).get(done.id, ())


def _image(work: Work, done: Examination) -> dict[str, object] | None:
    """What the image's maker wrote down of it, beside what was read."""
    begun = store.pass_by_id(work.db, done.id)
    if begun is None or begun.facts.of_folder:
        return None
    facts = asdict(begun.facts)
    names = ("source_kind", "md5", "sha1", "stored_md5", "stored_sha1", "notes", "header")
    return {name: facts[name] for name in names}


def _file(
    file: FoundFile, names: Mapping[str, str], earlier: Mapping[str, str]
) -> dict[str, object]:
    digests = file.digests
    return {
        "is": "processed",
        "number": file.number,
        "path": file.path,
        "place": file.place,
        "state": file.state,
        "may_be_overwritten": file.may_be_overwritten,
        "first_byte": file.start_byte,
        **asdict(digests),
        "looks_like": file.looks,
        "finding": file.finding,
        "lists": sorted(names.get(each, each) for each in file.list_ids),
        "hits": [each.document() for each in file.hits],
        "looked": file.looked,
        "look_reasons": file.look_reasons,
        "first_seen_in": earlier.get(digests.sha256) if file.finding else None,
    }


def _counted(files: list[FoundFile]) -> list[dict[str, object]]:
    """How many files each list and class has, exactly or near, by confidence."""
    counts = Counter(
        (hit.list_name, hit.mark or "", hit.confidence, "near" if hit.is_near else "exact")
        for file in files
        for hit in file.hits
    )
    return [
        {"list": name, "class": mark or None, "confidence": confidence, "is": is_, "files": number}
        for (name, mark, confidence, is_), number in sorted(counts.items())
    ]


def _left_out(entry: SkippedEntry) -> dict[str, object]:
    return {
        "is": "unprocessed",
        "path": entry.path,
        "place": entry.place,
        "state": entry.state,
        "reason": entry.reason,
        "detail": entry.detail,
        "first_byte": entry.start_byte,
        "size_bytes": entry.size_bytes,
    }


def timeline(files: list[FoundFile]) -> Iterator[dict[str, object]]:
    """Every time of every finding, oldest first."""
    moments = sorted(
        (at, what, file.number)
        for file in files
        if file.finding is not None
        for what, at in asdict(file.times).items()
        if 0 < at < _LATEST
    )
    for at, what, number in moments:
        moment = datetime.fromtimestamp(at // 10**9, UTC)
        yield {"at": moment.isoformat(), "what": what, "number": number}
