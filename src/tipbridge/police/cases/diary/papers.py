"""Which documents of a case may be kept and given out: writing, never media. Pure.

A document is what somebody wrote: a warrant, a letter, a statement. Pictures, sound and films
are exhibits, whatever they are called; a node gives none of them out (house law 4).
"""

from collections.abc import Mapping

from tipbridge.foundation.base.errors import Conflict, Invalid

START_BYTES = 512
_NAME_AT = 30
"""Where a ZIP's first entry says its name, behind a header that says its length at 26."""
_MEDIA_TYPES = ("image/", "video/", "audio/")
_ZIP = (b"PK\x03\x04",)
_COMPOUND = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)

WRITTEN: Mapping[str, tuple[str, tuple[bytes, ...]]] = {
    "application/pdf": (".pdf", (b"%PDF-",)),
    "application/rtf": (".rtf", (b"{\\rtf",)),
    "application/msword": (".doc", _COMPOUND),
    "application/x-hwp": (".hwp", _COMPOUND),
    "application/vnd.hancom.hwpx": (".hwpx", _ZIP),
    "application/vnd.oasis.opendocument.text": (".odt", _ZIP),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx", _ZIP),
    "text/plain": (".txt", ()),
    "text/csv": (".csv", ()),
}
"""The types that are given out: the ending of the file, and how its bytes begin."""

ENDINGS = tuple(ending for ending, _ in WRITTEN.values())

_MIMETYPE = (b"mimetype",)
_FIRST_ENTRIES: Mapping[str, tuple[bytes, ...]] = {
    "application/vnd.hancom.hwpx": _MIMETYPE,
    "application/vnd.oasis.opendocument.text": _MIMETYPE,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        b"[content_types].xml", b"_rels/.rels", b"docprops/", b"customxml/", b"word/",
    ),
}  # fmt: skip
"""How the names of the first entry in a ZIP begin that is a document and no heap of files."""

_MEDIA_STARTS = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"RIFF",
    b"\x1a\x45\xdf\xa3", b"OggS", b"ID3", b"fLaC", b"\0\0\1\xba", b"\0\0\1\xb3", b"FLV\1",
    b"8BPS", b"\xff\xfb", b"\xff\xf1", b"0&\xb2u\x8ef\xcf\x11",
)  # fmt: skip
_BOXES = (b"ftyp", b"moov", b"mdat", b"jP  ")
"""What a film or picture made of boxes says behind the length of its first one."""


def is_media(media_type: str, start: bytes) -> bool:
    """Whether something is a picture, sound or film, by its name or by how its bytes begin."""
    named = media_type.lower().startswith(_MEDIA_TYPES)
    return named or start.startswith(_MEDIA_STARTS) or start[4:8] in _BOXES


def check_kept(media_type: str, start: bytes) -> None:
    """Refuse media as a document.

    Errors: Invalid.
    """
    if is_media(media_type, start):
        raise Invalid("Pictures, sound and films are exhibits, never documents of a case.")


def ending_of(media_type: str, start: bytes) -> str:
    """The ending of the file as which a document is given out.

    Errors: Conflict for media, for a type that is not on the list, and for bytes that do not
    begin as their type does.
    """
    if is_media(media_type, start):
        raise Conflict("This is a picture, sound or film; a node never gives one out.")
    if media_type not in WRITTEN:
        allowed = ", ".join(sorted(WRITTEN))
        raise Conflict(f"A document of type {media_type} is not given out; these are: {allowed}.")
    ending, _ = WRITTEN[media_type]
    if not _begins_as(media_type, start):
        raise Conflict(f"The bytes of this document are not {media_type}; it is not given out.")
    return ending


def type_named(file_name: str) -> str:
    """The type that a file's ending says. Errors: Invalid for an ending that is not listed."""
    ending = "." + file_name.rpartition(".")[2].lower()
    found = next((each for each, (known, _) in WRITTEN.items() if known == ending), None)
    if found is None:
        raise Invalid(f"A document's file ends in one of: {', '.join(sorted(ENDINGS))}.")
    return found


def type_of(file_name: str, start: bytes) -> str:
    """The type of a file by its ending, when its bytes begin as that type does.

    Errors: Invalid for media, for an ending that is not listed and for bytes of another type.
    """
    found = type_named(file_name)
    check_kept(found, start)
    if not _begins_as(found, start):
        raise Invalid(f"The file's bytes are not {found}, as its ending says.")
    return found


def _begins_as(media_type: str, start: bytes) -> bool:
    starts = WRITTEN[media_type][1]
    if not starts:
        return b"\0" not in start
    return start.startswith(starts) and _holds_writing(media_type, start)


def _holds_writing(media_type: str, start: bytes) -> bool:
    """Whether a ZIP's first entry is one with which a document of this type begins.

    Shape: pictures inside a document are behind it (ADR 0036); a ZIP of media begins with one.
    """
    wanted = _FIRST_ENTRIES.get(media_type)
    if wanted is None:
        return True
    end = _NAME_AT + int.from_bytes(start[26:28], "little")
    first = start[_NAME_AT:end].lower()
    return first.startswith(wanted) and b"/media/" not in first


def may_open(media_type: str) -> bool:
    """Whether a page offers a document of this type: what its bytes are is asked when it opens."""
    return media_type in WRITTEN
