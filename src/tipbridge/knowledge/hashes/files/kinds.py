"""What sort of file begins like this: which task of the box, if any, has to look at it. Pure."""

import re
from enum import StrEnum

from tipbridge.foundation.box.archives.walk import SNIFFED_BYTES, closed_kind, kind_of_start

START_BYTES = SNIFFED_BYTES
SPENT = "archive-time"
"""The detail of a member that was not decoded because others had taken its archive's time."""


class Content(StrEnum):
    """What a file is taken for by its first bytes. Closed."""

    PICTURE = "picture"
    VIDEO = "video"
    ARCHIVE = "archive"
    OTHER = "other"
    """Nothing that is decoded here: its digests are all that can be compared."""


_PICTURES = re.compile(
    rb"\xff\xd8\xff"  # JPEG
    rb"|\x89PNG\r\n\x1a\n"
    rb"|GIF8[79]a"
    rb"|RIFF....WEBP"
    rb"|II\*\0|MM\0\*|II\+\0|MM\0\+"  # TIFF
    rb"|BM.{4}\0\0\0\0"
    rb"|\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"  # JPEG 2000
    rb"|....ftyp(avi[fs]|m[is]f1|he[iv][cxms])"  # AVIF and HEIF
    rb"|\0\0[\1\2]\0[\1-\xff]\0"  # ICO
    rb"|P[1-7][\s#]",
    re.DOTALL,
)
_VIDEOS = re.compile(
    rb"....(ftyp|moov|mdat|wide|free|skip)"  # MP4, QuickTime, 3GP
    rb"|\x1aE\xdf\xa3"  # Matroska, WebM
    rb"|RIFF....AVI "
    rb"|\0\0\1[\xb3\xba]"  # MPEG
    rb"|\0\0(\0\1|\1)[\x06\x09\x27\x40\x42\x67]"  # H.264 and H.265 without a container
    rb"|FLV\1"
    rb"|\x30\x26\xb2\x75\x8e\x66\xcf\x11"  # ASF, WMV
    rb"|OggS"
    rb"|\x47.{187}\x47.{187}\x47"  # MPEG transport stream
    rb"|.{4}\x47.{191}\x47.{191}\x47"  # the same with time stamps
    rb"|\.RMF"
    rb"|YUV4MPEG2 ",
    re.DOTALL,
)
_AVIF = frozenset({b"avif", b"avis"})
_HEIF = re.compile(rb"....ftyp(m[is]f1|he[iv][cxms])", re.DOTALL)
_PROGRAM = b"MZ"
"""A program may be an archive that unpacks itself: its directory stands at its end."""


def closed_picture(start: bytes) -> str | None:
    """The name of a sort of picture that is known but not decoded here.

    Shape: HEIF holds frames of HEVC, often in tiles and with a thumbnail beside; a decoder of films
    would take one of those for the picture. `mif1` alone does not say what is in it.
    """
    if not _HEIF.match(start):
        return None
    end = min(int.from_bytes(start[:4], "big"), len(start))
    compatible = {start[at : at + 4] for at in range(16, end, 4)}
    return None if compatible & _AVIF else "heic"


def content_of(start: bytes) -> Content:
    """What a file whose first bytes are `start` is taken for.

    Shape: START_BYTES of it are enough. A task of the box still decides whether it is one.
    """
    if _PICTURES.match(start):
        return Content.PICTURE
    if kind_of_start(start) is not None or closed_kind(start) or start.startswith(_PROGRAM):
        return Content.ARCHIVE
    return Content.VIDEO if _VIDEOS.match(start) else Content.OTHER
