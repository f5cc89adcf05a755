"""The entries of a medium, though something in it ends the process that lists them."""

from collections.abc import Sequence
from contextlib import suppress

from tipbridge.police.evidence.readers import Reader, ReaderKilled
from tipbridge.police.evidence.reading.listing import unlisted
from tipbridge.police.evidence.reading.model import Entry, Place

_MOST_AROUND, _MOST_AROUND_OF_ONE = 32, 8
"""Places that end a reader: so many are gone around on a medium, so many folders of a volume."""


def every_entry(reader: Reader) -> list[Entry]:
    """Every entry of the medium, whatever in it ends the reader.

    Shape: should it end, the medium is listed anew around the folder it ended in, or around its
    file system where many do; what can't be listed even so is searched as free space is.
    Errors: NoImage, ReaderKilled when no reader stays alive over it.
    """
    with suppress(ReaderKilled):
        return list(reader.walk())
    around: list[Place] = []
    while len(around) <= _MOST_AROUND:
        reader.restart()
        try:
            return list(reader.walk(around, carefully=True))
        except ReaderKilled:
            if reader.at is None or reader.at in around:
                break
            around.append(_whole_or_folder(reader.at, around))
    reader.restart()
    return list(unlisted(reader.about().size_bytes))


def _whole_or_folder(place: Place, around: Sequence[Place]) -> Place:
    """The folder, or its file system once so many of its folders are gone around."""
    many = sum(each.volume == place.volume for each in around) >= _MOST_AROUND_OF_ONE
    return Place(volume=place.volume) if many else place
