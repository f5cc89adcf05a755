"""E-mails in files: one in a file, many in an mbox, or the folders of a Maildir."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import BinaryIO

from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.removals.mailed.decoding import MOST_BYTES

_SEPARATOR = b"From "
_INBOXES = ("new", "cur")


def mails_at(paths: Iterable[Path]) -> Generator[tuple[str, bytes]]:
    """Every e-mail at these paths, with its file's name and its number in it.

    Shape: of one that is too long one byte more than may be read comes, and no more.
    Errors: Invalid for a path that is not there, cannot be read, or holds no e-mail.
    """
    for path in paths:
        count = 0
        for file in _files_of(path):
            for where, raw in _mails_in(file):
                yield where, raw
                count += 1
        if count == 0:
            raise Invalid(f"{path} holds no e-mail: an .eml file, an mbox, or a Maildir.")


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    inboxes = [path / name for name in _INBOXES if (path / name).is_dir()]
    return sorted(
        file for folder in inboxes or [path] for file in folder.iterdir() if file.is_file()
    )


def _mails_in(file: Path) -> Generator[tuple[str, bytes]]:
    try:
        with file.open("rb") as opened:
            yield from mails_of(file.name, opened)
    except OSError as error:
        raise Invalid(f"{file} can't be read: {error.strerror}.") from error


def mails_of(name: str, opened: BinaryIO) -> Generator[tuple[str, bytes]]:
    """Every e-mail of one open file, with its name and its number in it; an empty one has none."""
    first = opened.read(len(_SEPARATOR))
    opened.seek(0)
    if first != _SEPARATOR:
        if raw := opened.read(MOST_BYTES + 1):
            yield name, raw
        return
    for number, raw in enumerate(_split(opened), 1):
        yield f"{name}:{number}", raw


def _split(opened: BinaryIO) -> Generator[bytes]:
    """The e-mails of an mbox; a line `>From ` of a text is given back as it was."""
    lines: list[bytes] = []
    size, blank = 0, True
    for line in opened:
        if blank and line.startswith(_SEPARATOR):
            if lines:
                yield b"".join(lines)
            lines, size = [], 0
        elif size <= MOST_BYTES:
            whole = line[1:] if line.lstrip(b">").startswith(_SEPARATOR) else line
            lines.append(whole[: MOST_BYTES + 1 - size])
            size += len(lines[-1])
        blank = line in {b"\n", b"\r\n"}
    if lines:
        yield b"".join(lines)
