"""A hash list in effect that holds these files."""

from collections.abc import Iterable

from tests.knowledge.hashes.lists import listed
from tipbridge.foundation.node import Node
from tipbridge.knowledge.hashes.digests import digest_bytes

LIST, CLASS = "clearing-known", "A1"


def known_list(
    node: Node, files: Iterable[bytes], name: str = LIST, purpose: str = "known-material"
) -> None:
    """A list with the SHA-256 of these files, in the class CLASS."""
    lines = [f"{digest_bytes(data).sha256},{CLASS}" for data in files]
    listed(node, name, *lines, purpose=purpose)
