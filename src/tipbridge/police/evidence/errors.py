"""The evidence room's refusals."""

from collections.abc import Sequence

from tipbridge.foundation.base.errors import Conflict, Invalid
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


class SourceChanged(Conflict):
    """An image is not what it was when its examination began; it can't be gone on with."""

    def __init__(self, pass_id: str) -> None:
        super().__init__(
            "The image is not what it was when this examination began; examine it anew under"
            " another name.",
            id=pass_id,
        )


class OutOfTurn(Conflict):
    """A batch that does not follow the last one kept: another program examines the image too."""

    def __init__(self, pass_id: str) -> None:
        super().__init__("This examination is being gone on with elsewhere.", id=pass_id)
