"""The refusals of the law room."""

from tipbridge.foundation.base.errors import Invalid, NotFound


class NotALaw(Invalid):
    """A law file does not say what it must say; the program does not start with it."""


class NoLaw(NotFound):
    """No version of this jurisdiction's law is loaded for that day."""

    def __init__(self, jurisdiction: str, day: str) -> None:
        super().__init__("law loaded for", f"{jurisdiction} on {day}")
