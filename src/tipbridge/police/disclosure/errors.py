"""The disclosure room's refusals."""

from tipbridge.foundation.base.errors import Conflict, Invalid


class NotApproved(Conflict):
    """Too few people approved exactly this content."""

    def __init__(self, disclosure_id: str, *, approved: int, needed: int) -> None:
        super().__init__(
            f"{needed} people must approve exactly this content; {approved} did.", id=disclosure_id
        )


class OwnProposal(Conflict):
    """Who proposed a disclosure is none of the people who approve it."""

    def __init__(self, disclosure_id: str) -> None:
        super().__init__(
            "Whoever proposed a disclosure does not approve it; two other people have to.",
            id=disclosure_id,
        )


class ContentChanged(Conflict):
    """The case says something else than when the disclosure was proposed."""

    def __init__(self, disclosure_id: str) -> None:
        super().__init__(
            "The case is not what it was when this was proposed; propose it again.",
            id=disclosure_id,
        )


class OtherSealed(Conflict):
    """The files that were sealed are not those that people approved."""

    def __init__(self, disclosure_id: str) -> None:
        super().__init__(
            "The sealed files are not those that were approved; write the bundle again.",
            id=disclosure_id,
        )


class FolderTaken(Invalid):
    """A bundle is written into a folder that is not there yet."""

    def __init__(self) -> None:
        super().__init__("Name a folder that does not exist yet; nothing is written over.")


class FolderUnwritable(Invalid):
    """The bundle can't be written there."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The bundle can't be written there: {why}.")


class NoBundle(Invalid):
    """What was named is no folder."""

    def __init__(self) -> None:
        super().__init__("A bundle is a folder; this is none.")
