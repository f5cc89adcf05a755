"""Verbs on disclosures: propose, approve by two people, write, look."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tipbridge.foundation.access.approvals.store import (
    Bound,
    approvals_of,
    approve,
    people_who_may,
)
from tipbridge.foundation.access.store import person_of, staff_by_id
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import telling
from tipbridge.police.cases.fairness.actions import corrected
from tipbridge.police.cases.fairness.model import Target
from tipbridge.police.cases.model import Case, TaskKind
from tipbridge.police.cases.seeing import case_seen, referrals_seen
from tipbridge.police.disclosure import store
from tipbridge.police.disclosure.bag import Leaving, bundle_of, content_digest, payload_of
from tipbridge.police.disclosure.errors import ContentChanged, NotApproved, OtherSealed, OwnProposal
from tipbridge.police.disclosure.gathering import gather
from tipbridge.police.disclosure.limits import KNOWN_LIMITS
from tipbridge.police.disclosure.model import (
    APPROVAL_KIND,
    APPROVERS,
    PEOPLE_NEEDED,
    Approval,
    Content,
    Disclosure,
    DisclosureLine,
    LaidFile,
    Purpose,
    Written,
)
from tipbridge.police.disclosure.sealing import (
    NOTHING_TO_SEAL,
    Sealable,
    ToSeal,
    at_new_places,
    sealing_of,
    sources_again,
)
from tipbridge.police.evidence.model import Exhibit
from tipbridge.police.evidence.telling import exhibits_in
from tipbridge.sharing.referral.consent.leaves import check_court

_RECIPIENT_CHARACTERS = 200


@action("disclosure.bundle.proposed", roles=APPROVERS)
def propose_disclosure(
    work: Work,
    case: str,
    *,
    recipient: str,
    purpose: str,
    marks: Sequence[str] = (),
    seal: ToSeal = NOTHING_TO_SEAL,
) -> Disclosure:
    """Propose to disclose a case's evidence: its content is fixed by its digest from now on.

    Shape: `case` is a case's id or number; without `marks` all its exhibits are meant. What is to
    be sealed is read once the bundle is written, and by nobody here.
    Errors: NotFound (case); Invalid for another purpose, recipient or mark, or no exhibit;
    NoCourtLeave while an originator's leave for a referral of the case is missing. What a leave
    does not cover stays out, named by its labels.
    """
    case_id = case_seen(work, case).id
    if purpose not in set(Purpose):
        raise Invalid(f"A disclosure's purpose is one of: {', '.join(Purpose)}.")
    named = recipient.strip()
    if not 0 < len(named) <= _RECIPIENT_CHARACTERS or not named.isprintable():
        raise Invalid(f"A recipient has 1 to {_RECIPIENT_CHARACTERS} printable characters.")
    exhibits = _marked(work, case_id, marks)
    _check_court(work, case_id)
    checkpoint = audit_store.checkpoint_at(work.db)
    sealed = sealing_of(work, exhibits, seal)
    new = Disclosure(
        id=work.ids.new(),
        case_id=case_id,
        recipient=named,
        purpose=Purpose(purpose),
        exhibit_ids=tuple(exhibit.id for exhibit in exhibits),
        audit_size=0 if checkpoint is None else checkpoint.size,
        content_sha256="",
        proposed_by=work.actor.id,
        proposed_at=work.now,
        sealed=sealed,
    )
    _, payload = _content_of(work, new)
    new = replace(new, content_sha256=content_digest(payload))
    store.insert_disclosure(work.db, new)
    work.record(
        new.id,
        case=new.case_id,
        content=new.content_sha256,
        exhibits=len(new.exhibit_ids),
        sealed=0 if sealed is None else len(sealed.files),
    )
    return new


def _marked(work: Work, case_id: str, marks: Sequence[str]) -> list[Exhibit]:
    by_mark = {exhibit.mark: exhibit for exhibit in exhibits_in(work, case_id)}
    for mark in marks:
        if mark not in by_mark:
            known = ", ".join(sorted(by_mark)) or "none"
            raise Invalid(f"The case has no exhibit marked {mark}; it has: {known}.")
    chosen = [by_mark[mark] for mark in sorted(set(marks) or by_mark)]
    if not chosen:
        raise Invalid("The case has no exhibit; there is nothing to disclose.")
    return chosen


def _check_court(work: Work, case_id: str) -> None:
    check_court(work, [each.referral_id for each in referrals_seen(work, case_id)])


def _content_of(work: Work, disclosure: Disclosure) -> tuple[Content, dict[str, bytes]]:
    case = case_seen(work, disclosure.case_id)
    content = gather(work, case, _exhibits(work, case, disclosure), disclosure)
    return content, payload_of(content, KNOWN_LIMITS)


def _exhibits(work: Work, case: Case, disclosure: Disclosure) -> list[Exhibit]:
    by_id = {exhibit.id: exhibit for exhibit in exhibits_in(work, case.id)}
    return [by_id[each] for each in disclosure.exhibit_ids if each in by_id]


def _unchanged(work: Work, disclosure_id: str) -> tuple[Disclosure, Content, dict[str, bytes]]:
    disclosure = store.disclosure_by_id(work.db, disclosure_id)
    if disclosure is None:
        raise NotFound("disclosure", disclosure_id)
    _check_court(work, disclosure.case_id)
    content, payload = _content_of(work, disclosure)
    if content_digest(payload) != disclosure.content_sha256:
        raise ContentChanged(disclosure_id)
    return disclosure, content, payload


def _bound(disclosure: Disclosure) -> Bound:
    return Bound(
        kind=APPROVAL_KIND, subject=disclosure.id, content_sha256=disclosure.content_sha256
    )


@action("disclosure.bundle.approved", roles=APPROVERS)
def approve_disclosure(work: Work, disclosure_id: str) -> DisclosureLine:
    """Approve exactly what would leave; two different people have to, neither of them the proposer.

    Errors: NotFound; Invalid for who is no member of staff; OwnProposal; ContentChanged.
    """
    disclosure, _, _ = _unchanged(work, disclosure_id)
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("Only a named member of staff can approve.")
    if person_of(work.db, work.actor.id) == person_of(work.db, disclosure.proposed_by):
        raise OwnProposal(disclosure_id)
    bound = _bound(disclosure)
    approve(work.db, bound, staff_id=work.actor.id, at=work.now)
    approved = len(people_who_may(work.db, bound, APPROVERS))
    work.record(
        disclosure_id, content=bound.content_sha256, approved=approved, needed=PEOPLE_NEEDED
    )
    return _line(work, disclosure)


@action("disclosure.files.read-again", roles=APPROVERS)
def begin_sealing(
    work: Work, disclosure_id: str, *, moved: Mapping[str, str] | None = None
) -> Sealable:
    """From where the files that leave sealed are read, to which key: on record before they are.

    Shape: no source where nothing leaves sealed; `moved` has the place where a source is now by
    the one where it was examined.
    Errors: NotFound; NotApproved; ContentChanged; Invalid for what is no source of these files.
    """
    disclosure, _, _ = _approved(work, disclosure_id)
    sealed = disclosure.sealed
    exhibits = _exhibits(work, case_seen(work, disclosure.case_id), disclosure)
    sources = at_new_places(sources_again(work, exhibits, sealed), moved or {})
    work.record(
        disclosure_id,
        case=disclosure.case_id,
        files=0 if sealed is None else len(sealed.files),
        content=disclosure.content_sha256,
        moved=len(moved or {}),
    )
    return Sealable(recipient="" if sealed is None else sealed.recipient, sources=tuple(sources))


def _approved(work: Work, disclosure_id: str) -> tuple[Disclosure, Content, dict[str, bytes]]:
    disclosure, content, payload = _unchanged(work, disclosure_id)
    approved = len(people_who_may(work.db, _bound(disclosure), APPROVERS))
    if approved < PEOPLE_NEEDED:
        raise NotApproved(disclosure_id, approved=approved, needed=PEOPLE_NEEDED)
    return disclosure, content, payload


@action("disclosure.bundle.written", roles=APPROVERS)
def write_disclosure(
    work: Work, disclosure_id: str, sealed: Mapping[str, LaidFile] | None = None
) -> dict[str, bytes]:
    """The files of the approved bundle, by path; that it left is recorded.

    Shape: `sealed` says what the files are that were sealed already; they are not given back.
    Errors: NotFound; NotApproved; ContentChanged; OtherSealed.
    """
    disclosure, content, payload = _approved(work, disclosure_id)
    laid = dict(sealed or {})
    if laid.keys() != {each["file"] for each in content.sealed["files"]}:
        raise OtherSealed(disclosure_id)
    node = work.node
    leaving = Leaving(
        proposed_by=disclosure.proposed_by,
        approvals=_approvals(work, disclosure),
        written_at=work.now,
        card=node.keys.sign_card(node.card()),
        signing_key=node.keys.public_signing_key,
        sign=node.keys.sign,
    )
    files = bundle_of(content, payload, leaving, laid)
    done = Written(
        id=work.ids.new(),
        disclosure_id=disclosure.id,
        written_at=work.now,
        written_by=work.actor.id,
        content_sha256=disclosure.content_sha256,
    )
    store.insert_written(work.db, disclosure.case_id, done)
    size = sum(len(data) for data in files.values()) + sum(
        each.size_bytes for each in laid.values()
    )
    work.record(
        disclosure_id,
        case=disclosure.case_id,
        files=len(files) + len(laid),
        sealed=len(laid),
        size_bytes=size,
    )
    return files


@action("disclosure.receivers.told", system=True)
def tell_receivers(work: Work, *, correction_id: str) -> int:
    """Open a task to tell each who got a bundle of a case that somebody in it was the wrong person.

    Shape: how many tasks; again opens none. Errors: NotFound.
    """
    correction = corrected(work, correction_id)
    told = 0
    for disclosure, _ in store.disclosures_of(work.db, correction.case_id):
        if store.written_of(work.db, disclosure.id):
            given = (Target.BUNDLE, disclosure.id, disclosure.recipient)
            told += telling.tell(work, correction, *given) is not None
    work.record(correction.case_id, correction=correction_id, tasks=told)
    return told


@action("disclosure.change.told", system=True)
def tell_change(work: Work, *, change_id: str) -> int:
    """Open a task to tell each who got a bundle before that a fact of somebody in it changed.

    Shape: how many tasks; a receiver who is still to be told gets no second one. Doing the task
    says that they acknowledged it.
    """
    found = changing.corrected_by(work, change_id)
    if found is None:
        work.record(change_id, tasks=0)
        return 0
    person, at = found
    waiting = {
        task.title
        for task in diary.tasks_of(work, person.case_id)
        if (task.kind, task.person_id) == (TaskKind.TELL_CHANGE_BUNDLE, person.id)
        and task.done_at is None
    }
    given = {
        disclosure.recipient
        for disclosure, _ in store.disclosures_of(work.db, person.case_id)
        if any(done.written_at <= at for done in store.written_of(work.db, disclosure.id))
    }
    for receiver in sorted(given - waiting):
        kind = TaskKind.TELL_CHANGE_BUNDLE
        diary.open_task(work, person.case_id, kind, person.id, title=receiver)
    work.record(person.case_id, change=change_id, tasks=len(given - waiting))
    return len(given - waiting)


@action("disclosure.bundle.previewed", roles=APPROVERS)
def preview_disclosure(work: Work, disclosure_id: str) -> dict[str, bytes]:
    """The files that a bundle would disclose, unsigned: what approvers look at.

    Errors: NotFound; ContentChanged.
    """
    disclosure, _, payload = _unchanged(work, disclosure_id)
    work.record(disclosure_id, case=disclosure.case_id, content=disclosure.content_sha256)
    return payload


@action("disclosure.bundle.read", roles=APPROVERS)
def read_disclosure(
    work: Work, disclosure_id: str
) -> tuple[DisclosureLine, dict[str, bytes] | None]:
    """A disclosure, and the files that would leave now; none once the case says something else.

    Errors: NotFound.
    """
    disclosure = store.disclosure_by_id(work.db, disclosure_id)
    if disclosure is None:
        raise NotFound("disclosure", disclosure_id)
    _, payload = _content_of(work, disclosure)
    is_current = content_digest(payload) == disclosure.content_sha256
    work.record(disclosure_id, case=disclosure.case_id, current=is_current)
    return _line(work, disclosure), payload if is_current else None


@action("disclosure.list.read", roles=APPROVERS)
def list_disclosures(work: Work, *, case: str | None = None) -> list[DisclosureLine]:
    """The disclosures that the actor sees, of one case (id or number) or of all.

    Errors: NotFound (case).
    """
    case_id = None if case is None else case_seen(work, case).id
    rows = store.disclosures_of(work.db, case_id)
    work.record(case_id or "all", count=len(rows))
    return [_line(work, disclosure, number) for disclosure, number in rows]


def _approvals(work: Work, disclosure: Disclosure) -> tuple[Approval, ...]:
    found = approvals_of(work.db, _bound(disclosure))
    return tuple(Approval(staff_id=staff_id, at=at) for staff_id, at in found)


def _line(work: Work, disclosure: Disclosure, number: str | None = None) -> DisclosureLine:
    if number is None:
        number = case_seen(work, disclosure.case_id).number
    return DisclosureLine(
        disclosure=disclosure,
        case_number=number,
        approvals=_approvals(work, disclosure),
        written=tuple(store.written_of(work.db, disclosure.id)),
    )
