"""What is to be filed: a document and its files, checked and sealed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from lxml import etree

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.digests import Digester, Digests
from tipbridge.tips.filing.documents import FileDetails, Report
from tipbridge.tips.filing.model import FilingFile
from tipbridge.tips.filing.writing import file_details_bytes, report_bytes
from tipbridge.tips.report.compiling import compiled
from tipbridge.tips.report.errors import InvalidDocument
from tipbridge.tips.report.parse import parse_any, parse_file_details, parse_report
from tipbridge.tips.report.tree import Element, flat_values

_CHUNK_BYTES = 1024 * 1024
_NAME_CHARACTERS = 2056
_NUMBERS = frozenset({"fileDetails/reportId", "fileDetails/fileId"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file to be filed: its bytes or its path, what is said of it, its name if any."""

    source: bytes | Path = field(repr=False)
    details: FileDetails | bytes | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A report and its files, checked, in bytes."""

    document: bytes = field(repr=False)
    tree: Element = field(repr=False)
    files: tuple[Enclosure, ...] = field(repr=False)

    @property
    def batched(self) -> bool:
        """Whether one viral file is reported for many users."""
        return self.tree.first("batchedReport") is not None

    @property
    def incident_type(self) -> str:
        """What is said to have happened, of the closed list."""
        summary = self.tree.first("incidentSummary")
        return (summary.value("incidentType") if summary else None) or ""


def drafted(report: Report | bytes, files: Iterable[Enclosure]) -> Parcel:
    """A draft as it is kept: its form must hold, the rest is asked when it is to be filed.

    Errors: MalformedDocument, InvalidDocument; Invalid for a file that is none.
    """
    document = report if isinstance(report, bytes) else report_bytes(report)
    tree = parse_any(document, "report")
    enclosures = tuple(_in_bytes(number, one) for number, one in enumerate(files, 1))
    return Parcel(document=document, tree=tree, files=enclosures)


def checked(
    work: Work, report: Report | bytes, files: Iterable[Enclosure], *, schema: bytes | None = None
) -> Parcel:
    """A report and its files as they would be sent, checked by our schema and rules.

    Shape: with `schema`, the report is checked by that one too (a clearinghouse's own).
    Errors: MalformedDocument, InvalidDocument; Invalid for a batched report's files.
    """
    document = report if isinstance(report, bytes) else report_bytes(report)
    tree = parse_report(document, now=work.now)
    if schema is not None:
        check_by(schema, document)
    enclosures = tuple(_checked_file(work, number, one) for number, one in enumerate(files, 1))
    parcel = Parcel(document=document, tree=tree, files=enclosures)
    _check_count(parcel, len(enclosures))
    return parcel


def check_kept(work: Work, document: bytes, *, files: int) -> None:
    """A kept report with so many files, as it would be sent, by our schema and rules.

    Errors: MalformedDocument, InvalidDocument; Invalid for a batched report's files.
    """
    tree = parse_report(document, now=work.now)
    _check_count(Parcel(document=document, tree=tree, files=()), files)


def _check_count(parcel: Parcel, files: int) -> None:
    if parcel.batched and files != 1:
        raise Invalid(f"A batched report has exactly one file; {files} were given.")


def _in_bytes(number: int, file: Enclosure) -> Enclosure:
    if isinstance(file.source, Path) and not file.source.is_file():
        raise Invalid(f"File {number}: {file.source} is no file.")
    if file.details is None or isinstance(file.details, bytes):
        return file
    return replace(file, details=file_details_bytes(file.details))


def _checked_file(work: Work, number: int, file: Enclosure) -> Enclosure:
    file = _in_bytes(number, file)
    if isinstance(file.details, bytes):
        check_details(work, number, file.details)
    return file


def check_details(work: Work, number: int, details: bytes) -> None:
    """Check what is said of a file.

    Errors: MalformedDocument, InvalidDocument naming the file by its number.
    """
    try:
        parse_file_details(details, now=work.now)
    except InvalidDocument as error:
        raise InvalidDocument(f"Details of file {number}: {error.public}") from error


def said_of(details: bytes) -> tuple[tuple[str, str], ...]:
    """What details say of a file, value by value; its numbers are the clearinghouse's to give.

    Errors: MalformedDocument, InvalidDocument when they are no file details.
    """
    values = flat_values(parse_any(details, "fileDetails"))
    return tuple(one for one in values if one[0] not in _NUMBERS)


def check_by(schema: bytes, document: bytes) -> None:
    """Check a document by a schema that a clearinghouse serves.

    Errors: InvalidDocument with its words; Invalid when the schema is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        rule = compiled(etree.fromstring(schema, parser))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise Invalid("The clearinghouse's schema can't be read.") from error
    tree = etree.fromstring(document.removeprefix(b"\xef\xbb\xbf").lstrip(), parser)
    if not rule.validate(tree):
        first = next(iter(rule.error_log))
        raise InvalidDocument(f"By the clearinghouse's schema\n[{first.line}] - {first.message}")


def seal_document(work: Work, key_id: str, document: bytes) -> Sealed:
    """Make a group for a filing and seal its document in it; undone with the work."""
    work.on_rollback(partial(erase, work, key_id))
    work.node.vault.create_key(key_id)
    return work.node.vault.seal(key_id, work.ids.new(), document)


def seal_files(
    work: Work, key_id: str, files: Iterable[Enclosure], *, first: int = 0
) -> tuple[FilingFile, ...]:
    """Seal files with their details, in order from this position."""
    return tuple(_sealed(work, key_id, number, one) for number, one in enumerate(files, first))


def _sealed(work: Work, key_id: str, position: int, file: Enclosure) -> FilingFile:
    sealed, digests = _stream(work, key_id, pieces(file.source))
    details = None
    if isinstance(file.details, bytes):
        details = work.node.vault.seal(key_id, work.ids.new(), file.details)
    return FilingFile(
        position=position,
        sealed=sealed,
        digests=digests,
        name=name_of(file),
        details=details,
    )


def name_of(file: Enclosure) -> str | None:
    """Under which name a file is sent, if it has one."""
    name = file.name or (file.source.name if isinstance(file.source, Path) else None)
    return name[:_NAME_CHARACTERS] if name else None


def _stream(work: Work, key_id: str, source: Iterator[bytes]) -> tuple[Sealed, Digests]:
    digester = Digester()
    sealer = work.node.vault.sealer(key_id, work.ids.new())
    try:
        for piece in source:
            digester.update(piece)
            sealer.write(piece)
        return sealer.finish(), digester.result()
    except BaseException:
        sealer.abort()
        raise


def digests_of(file: Enclosure) -> Digests:
    """A file's digests, without keeping it."""
    digester = Digester()
    for piece in pieces(file.source):
        digester.update(piece)
    return digester.result()


def pieces(source: bytes | Path) -> Iterator[bytes]:
    """A file's bytes, in pieces.

    Errors: Invalid when it can't be read.
    """
    if isinstance(source, bytes):
        yield source
        return
    try:
        with source.open("rb") as stream:
            while piece := stream.read(_CHUNK_BYTES):
                yield piece
    except OSError as error:
        raise Invalid(f"Cannot read {source}: {error.strerror}.") from error


def erase(work: Work, key_id: str) -> None:
    """Destroy a filing's key and remove its files; again does nothing."""
    work.node.vault.destroy_key(key_id)
    try:
        work.node.vault.remove(key_id)
    except (OSError, NotFound):
        return  # without its key nothing of it can be read
