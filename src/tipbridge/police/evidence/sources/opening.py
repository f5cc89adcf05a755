"""From a path to the files of an image, opened for reading only."""

import os
import re
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.sources.ewf_beside import segments_beside
from tipbridge.police.evidence.sources.sniffing import container_of, unsaid_container

_READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_UNTOUCHED = getattr(os, "O_NOATIME", 0)
_TEXT, _DESCRIPTOR_BYTES, _MOST_EXTENTS = b"# Disk DescriptorFile", 64 * 1024, 1000
_EXTENT = re.compile(
    r'^[ \t]*(?:RW|RDONLY)[ \t]+\d+[ \t]+(?:FLAT|SPARSE|VMFS|VMFSSPARSE)[ \t]+"(?P<name>[^"\n]*)"',
    re.MULTILINE,
)
"""An extent that lies in a file. Source: VMware, Virtual Disk Format 5.0, the extent description."""
_MOST_PARTS = 14_971
"""E01 to E99, then EAA to ZZZ; more names there are not."""
_FIRST_EWF, _FIRST_RAW = re.compile(r"\.[eE]01"), re.compile(r"\.0*[01]")
_FIRST_LETTERS = re.compile(r"\.a{2,4}")
"""As `split` names parts; a file of such a name that has none beside it is one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenImage:
    """An image's files in their order. Shape: a part that is not there has no descriptor."""

    kind: str
    parts: tuple[tuple[int | None, int], ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def handles(self) -> tuple[int, ...]:
        """The descriptors."""
        return tuple(handle for handle, _ in self.parts if handle is not None)


@contextmanager
def opened_image(path: Path, *, form: str | None = None) -> Generator[OpenImage]:
    """An image by its first file, of the form that is said, else of the kind that its bytes say.

    Shape: raw, it is taken as it lies; a note says where nothing but the bytes says what it is.
    Errors: NoImage, also where the bytes say two things.
    """
    raw = form == "raw"
    kind, paths = _parts(path, raw=raw)
    if not raw:
        kind, paths = _with_extents(kind, paths)
        if kind == "raw" and len(paths) == 1:
            paths = segments_beside(paths[0])
    handles: list[int | None] = []
    try:
        # One by one, so that those already open are closed should one refuse.
        handles.extend(_open(part) if part.exists() else None for part in paths)
        sizes = [0 if handle is None else _size(handle) for handle in handles]
        parts = tuple(
            (handle, sizes[0] if handle is None and kind == "raw" else size)
            for handle, size in zip(handles, sizes, strict=True)
        )
        if kind == "vmdk" and None in handles:
            missing = paths[handles.index(None)].name
            raise NoImage(f"its part {missing} is not beside it")
        kind, notes = _told(kind, path, parts, form)
        names = tuple(part.name for part in paths)
        yield OpenImage(kind=kind, parts=parts, names=names, notes=notes)
    finally:
        for handle in handles:
            if handle is not None:
                os.close(handle)


@contextmanager
def opened_medium(path: Path) -> Generator[tuple[int, int]]:
    """One device or file as it is: its descriptor for reading only, and its length.

    Errors: NoImage.
    """
    handle = _open(path)
    try:
        yield handle, _size(handle)
    finally:
        os.close(handle)


def _with_extents(kind: str, paths: list[Path]) -> tuple[str, list[Path]]:
    """A descriptor of a VMDK followed by the files that it names; anything else as it is.

    Errors: NoImage for a name that is not one of a file beside it.
    """
    text = _descriptor(paths[0]) if kind == "raw" and len(paths) == 1 else ""
    if not text:
        return kind, paths
    names = [found["name"] for found in _EXTENT.finditer(text)]
    if not 0 < len(names) <= _MOST_EXTENTS:
        raise NoImage(f"its descriptor names {len(names)} files; 1 to {_MOST_EXTENTS} can be read")
    for name in names:
        if name in {"", ".", ".."} or not name.isprintable() or set(name) & {"/", "\\"}:
            raise NoImage("its descriptor names a file that is not beside it")
    return "vmdk", [*paths, *(paths[0].parent / name for name in names)]


def _descriptor(path: Path) -> str:
    try:
        handle = _open(path)
    except NoImage:  # said when it is opened
        return ""
    try:
        begin = os.pread(handle, _DESCRIPTOR_BYTES, 0)
    except OSError:  # said when it is read
        return ""
    finally:
        os.close(handle)
    return begin.decode("utf-8", "replace") if begin.startswith(_TEXT) else ""


def _told(
    kind: str, path: Path, parts: tuple[tuple[int | None, int], ...], form: str | None
) -> tuple[str, tuple[str, ...]]:
    """What an image is, and a note where nobody but its bytes says so. Errors: NoImage."""
    handle, size = parts[0]
    if handle is None or _is_device(handle) or form == "raw":
        return kind, ()
    by_name = kind == "e01"
    if kind != "vmdk":
        said = container_of(handle, size) if form is None else form
        if kind == "raw" and (len(parts) == 1 or said == "e01"):
            kind = said
    if form not in {None, kind}:
        raise NoImage(f"it is {kind} and not {form}")
    if form is not None or by_name or kind == "raw":
        return kind, ()
    note = unsaid_container(handle, size, kind, path.suffix)
    return kind, () if note is None else (note,)


def _is_device(handle: int) -> bool:
    """Whether it is a disk, which is read as it lies whatever it begins with."""
    return stat.S_ISBLK(os.fstat(handle).st_mode)


def _parts(path: Path, *, raw: bool) -> tuple[str, list[Path]]:
    if not path.exists():
        raise NoImage("no such file")
    _check_kind(path.stat().st_mode)
    suffix = path.suffix
    if _FIRST_EWF.fullmatch(suffix) and not raw:
        names = {suffix: number for number, suffix in enumerate(_ewf_suffixes(suffix[1]))}
        return "e01", _present(path, names)
    if _FIRST_RAW.fullmatch(suffix) and len(suffix) >= 3:
        return "raw", _numbered(
            path, int(suffix[1:]), int, lambda number: f"{number:0{len(suffix) - 1}}"
        )
    if _FIRST_LETTERS.fullmatch(suffix):
        return "raw", _numbered(
            path, 0, _of_letters, lambda number: _letters(number, len(suffix) - 1)
        )
    return "raw", [path]


def _numbered(
    path: Path, first: int, read: Callable[[str], int], write: Callable[[int], str]
) -> list[Path]:
    """Every part from the first to the last of this name, by numbers in as many places.

    Errors: NoImage for a part of a number that no image reaches.
    """
    last, form = first, r"\.[0-9]+" if read is int else r"\.[a-z]+"
    for found in path.parent.iterdir():
        alike = found.stem == path.stem and len(found.suffix) == len(path.suffix)
        if not alike or re.fullmatch(form, found.suffix) is None:
            continue
        number = read(found.suffix[1:])
        if number - first >= _MOST_PARTS:
            raise NoImage(
                f"{found.name} would be part {number}, and no more than {_MOST_PARTS} are read;"
                " put the set in a folder"
            )
        last = max(last, number)
    return [path.with_suffix(f".{write(number)}") for number in range(first, last + 1)]


def _of_letters(text: str) -> int:
    """The number of a part as `split` names it: aa is 0, ab is 1."""
    number = 0
    for letter in text:
        number = number * len(ascii_lowercase) + ascii_lowercase.index(letter)
    return number


def _letters(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, place = divmod(number, len(ascii_lowercase))
        text = ascii_lowercase[place] + text
    return text


def _present(path: Path, names: dict[str, int]) -> list[Path]:
    """Every part from the first to the last that lies beside it, those between included."""
    suffixes = {
        found.suffix for found in path.parent.iterdir() if found.stem == path.stem and found.suffix
    }
    last = max(names[suffix] for suffix in suffixes if suffix in names)
    ordered = sorted(names, key=names.__getitem__)
    return [path.with_suffix(suffix) for suffix in ordered[: last + 1]]


def _ewf_suffixes(first: str) -> list[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if first.isupper() else "abcdefghijklmnopqrstuvwxyz"
    begin = letters.index(first)
    numbered = [f".{first}{number:02}" for number in range(1, 100)]
    lettered = [
        f".{one}{two}{three}" for one in letters[begin:] for two in letters for three in letters
    ]
    return (numbered + lettered)[:_MOST_PARTS]


def _open(path: Path) -> int:
    try:
        # Only the owner of a file may leave its access time alone; a mount read-only does too.
        with suppress(PermissionError):
            return os.open(path, _READING | _UNTOUCHED)
        return os.open(path, _READING)
    except OSError as error:
        raise NoImage(error.strerror or "it can't be opened") from error


def _size(handle: int) -> int:
    _check_kind(os.fstat(handle).st_mode)
    return os.lseek(handle, 0, os.SEEK_END)


def _check_kind(mode: int) -> None:
    """Errors: NoImage for what is neither a file nor a disk; a pipe would be waited for."""
    if not stat.S_ISREG(mode) and not stat.S_ISBLK(mode):
        raise NoImage("it is neither a file nor a disk")
