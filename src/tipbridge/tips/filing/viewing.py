"""What a person says that they viewed, in a viewer of their own: no media is ever shown here."""

from functools import partial

from lxml import etree

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.tips.filing import parcels, store
from tipbridge.tips.filing.actions import FILERS
from tipbridge.tips.filing.documents import FileDetails
from tipbridge.tips.filing.drafts import held_draft
from tipbridge.tips.filing.model import Viewing
from tipbridge.tips.filing.writing import file_details_bytes
from tipbridge.tips.report.parse import parse_any

VIEWED = "fileViewedByEsp"
_BEFORE = (
    "reportId",
    "fileId",
    "fileName",
    "originalFileName",
    "uploadedToEspTimestamp",
    "locationOfFile",
)
"""The elements that the schema has before it."""


@action("filing.file.viewed", roles=FILERS)
def state_viewed(
    work: Work, filing_id: str, number: int, *, viewed: bool, sha256: str = ""
) -> None:
    """A person states whether they viewed the whole of a draft's file, numbered from 1.

    Shape: with `sha256`, of what was viewed, it must be this file.
    Errors: NoSuchFiling; WrongState; InvalidDocument; Invalid for another file or none.
    """
    standing = held_draft(work, filing_id)
    if not 1 <= number <= len(standing.files):
        raise Invalid(f"This draft has {len(standing.files)} files, and no file {number}.")
    file = standing.files[number - 1]
    if sha256 and sha256.strip().lower() != file.digests.sha256:
        raise Invalid(f"What was viewed is not file {number}: its SHA-256 is another.")
    vault = work.node.vault
    details = with_viewed(vault.read(file.details) if file.details else None, viewed=viewed)
    parcels.check_details(work, number, details)
    sealed = vault.seal(standing.key_id, work.ids.new(), details)
    work.on_rollback(partial(vault.remove_file, sealed))
    if file.details is not None:
        work.after_commit(partial(vault.remove_file, file.details))
    said = Viewing(viewed=viewed, by=work.actor.id, at=work.now)
    store.set_viewing(work.db, filing_id, file.position, sealed, said)
    work.record(filing_id, file=number, viewed=viewed)


def with_viewed(details: bytes | None, *, viewed: bool) -> bytes:
    """The details of a file, with this said and nothing else changed.

    Errors: MalformedDocument, InvalidDocument when they are no file details.
    """
    if details is None:
        return file_details_bytes(FileDetails(file_viewed_by_esp=viewed))
    parse_any(details, "fileDetails")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(details.removeprefix(b"\xef\xbb\xbf").lstrip(), parser)
    found = root.find(VIEWED)
    if found is None:
        found = etree.Element(VIEWED)
        before = [each for name in _BEFORE if (each := root.find(name)) is not None]
        root.insert(max((root.index(each) + 1 for each in before), default=0), found)
    found.text = "true" if viewed else "false"
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def viewed_in(details: bytes) -> bool | None:
    """What the details of a file say; None when they say nothing of it."""
    said = parse_any(details, "fileDetails").value(VIEWED)
    return None if said is None else said.strip() in {"true", "1"}
