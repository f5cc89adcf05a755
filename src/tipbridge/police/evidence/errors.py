"""The evidence room's refusals."""

from collections.abc import Sequence

from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid
from tipbridge.police.evidence.model import CustodyFault


class CustodyBroken(Conflict):
    """The event would leave a gap or an overlap; it may stand with a stated reason."""

    def __init__(self, exhibit_id: str, faults: Sequence[CustodyFault]) -> None:
        super().__init__(
            f"The chain of custody would break ({', '.join(faults)}); state a reason to record it.",
            id=exhibit_id,
        )
        self.faults = tuple(faults)


class MarkTaken(Conflict):
    """Another exhibit of the case carries this mark."""

    def __init__(self, mark: str) -> None:
        super().__init__(f"The case has an exhibit marked {mark} already.")


class NoFolder(Invalid):
    """What was named can't be examined as a folder."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This can't be examined as a folder: {why}.")


class NoImage(Invalid):
    """What was named can't be examined as an image of a medium."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This can't be examined as an image: {why}.")


class NotAsFound(Conflict):
    """A file that was found is not, or can't be, read again from its source."""

    def __init__(self, why: str, sha256: str | None = None) -> None:
        which = "A source" if sha256 is None else f"The file with SHA-256 {sha256}"
        super().__init__(f"{which} can't be read again as it was examined: {why}.")


class SourceChanged(Conflict):
    """An image is not what it was when its examination began; it can't be gone on with."""

    def __init__(self, pass_id: str) -> None:
        super().__init__(
            "The image is not what it was when this examination began; give that examination up"
            " (exhibits give-up) and examine the image anew.",
            id=pass_id,
        )


class BegunOtherwise(Conflict):
    """An examination was begun under another statement, or by another program."""

    def __init__(self, pass_id: str, begun: str, now: str) -> None:
        super().__init__(
            f"This examination was begun {begun}, and this is {now}: go on with it as it was begun, or give it"
            " up (exhibits give-up) and examine the source anew.",
            id=pass_id,
        )


class NotAsStated(Conflict):
    """An image is not the one that its maker wrote down."""

    def __init__(self, name: str, stated: str, read: str) -> None:
        super().__init__(
            f"The image's {name.upper()} is {read}, and {stated} is stated. Give the digest that its"
            " maker wrote down, or the image that it is of."
        )


class OutOfTurn(Conflict):
    """A batch that does not follow the last one kept: another program examines the image too."""

    def __init__(self, pass_id: str) -> None:
        super().__init__(
            "This examination is finished, given up, or being gone on with elsewhere.", id=pass_id
        )


class ImageStands(Conflict):
    """A file stands at the image's name already that is no part of this acquisition."""

    def __init__(self) -> None:
        super().__init__(
            "A file stands at the image's name already; nothing is written over. Name another."
        )


class AcquiredElsewhere(Conflict):
    """Another program is making this image."""

    def __init__(self, acquisition_id: str) -> None:
        super().__init__("This image is being made by another program.", id=acquisition_id)


class OtherSource(Conflict):
    """The medium is not the one that the acquisition was begun with."""

    def __init__(self, offset: int) -> None:
        super().__init__(
            f"The medium is not what it was when this image was begun (seen at byte {offset});"
            " begin anew under another name."
        )


class SourceGone(Conflict):
    """The medium is not there any more; what was copied stands, and is gone on with."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The medium can't be read any more: {why}. What was copied stands; type the same"
            " again once it is back."
        )


class ImageBroken(IntegrityFailure):
    """An unfinished image is not what its journal says; it can't be gone on with."""

    def __init__(self, offset: int) -> None:
        super().__init__(
            f"The image is not what its journal says, in the segment at byte {offset};"
            " begin anew under another name."
        )


class ImageUnwritable(Conflict):
    """The image can't be written."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The image can't be written: {why}. Type the same again to go on.")


class NoEwfacquire(Invalid):
    """The program that writes E01 is not on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "E01 is written by ewfacquirestream, which is not on this machine (Debian has it in ewf-tools)."
            " Install it, or acquire a raw image (--form raw)."
        )


class EwfacquireFailed(Conflict):
    """The program that writes E01 did not write it whole."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(
            f"ewfacquirestream ended with {code} and no whole image: {words}. Take away what it left, or"
            " name another image, and type the same again."
        )
