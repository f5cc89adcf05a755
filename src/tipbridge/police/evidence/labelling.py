"""Verbs on labels: an exhibit's own, or those of all exhibits of its case that the actor sees."""

from collections.abc import Callable

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.defanging import defang_text
from tipbridge.foundation.work import Work, action
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import exhibit_seen
from tipbridge.police.evidence.labels import Label, write_labels
from tipbridge.police.evidence.model import Exhibit


def _as_it_is(text: str) -> str:
    return text


@action("evidence.label.given", roles=(Role.INVESTIGATOR, Role.EXAMINER))
def label_exhibits(
    work: Work,
    exhibit_id: str,
    *,
    whole_case: bool = False,
    say: Callable[[str], str] = _as_it_is,
) -> bytes:
    """Labels as PDF, a page each: mark, case, kind, day of the seizure, and a QR code of the id.

    Shape: `say` gives words in the reader's language.
    Errors: NotFound.
    """
    exhibit, number = exhibit_seen(work, exhibit_id)
    chosen = [exhibit]
    if whole_case:
        of_case = [each for each, _ in store.exhibits_of(work.db, exhibit.case_id)]
        chosen = sorted(of_case, key=lambda each: each.mark)
    labels = [_label(work, each, number, say) for each in chosen]
    work.record(exhibit_id, case=exhibit.case_id, labels=len(labels))
    return write_labels(labels, work.now)


def _label(work: Work, exhibit: Exhibit, number: str, say: Callable[[str], str]) -> Label:
    return Label(
        exhibit_id=exhibit.id,
        mark=defang_text(exhibit.mark),
        words=(
            number,
            f"{say(exhibit.kind.value)} · {say('Seized')} {exhibit.seizure.at:%Y-%m-%d}",
            defang_text(exhibit.description),
        ),
        synthetic=work.node.synthetic,
    )
