"""Why a document was refused, in words its sender can mend it by."""

from tipbridge.foundation.base.errors import Invalid


class MalformedDocument(Invalid):
    """Not a document at all: not XML, not UTF-8, too large, too deep, or with a DOCTYPE."""


class InvalidDocument(Invalid):
    """Well-formed, but not what the schema or a rule of the protocol allows."""
