"""What a bundle says of hash lists: one that is for named people only is told without its name."""

import re
from collections.abc import Iterable

from tipbridge.knowledge.hashes.model import HashList
from tipbridge.knowledge.hashes.rules import may_be_named
from tipbridge.police.disclosure.model import Json
from tipbridge.police.evidence.hits import FileHit
from tipbridge.police.evidence.searches import Searching
from tipbridge.tips.enrichment.sentences import read_back, without_names

UNNAMED = "a list that may not be named"


class ListsTold:
    """The node's lists as somebody outside may hear of them.

    Shape: that an unnamed list was looked into or has a hit is said, with its version and digest;
    not its name, its purpose, or the class that it gives.
    """

    def __init__(self, lists: Iterable[HashList]) -> None:
        kept = list(lists)
        closed = [each for each in kept if not may_be_named(each.handling)]
        self._ids, self._closed = {each.id for each in closed}, {each.name for each in closed}
        self._names = {each.id: UNNAMED if each in closed else each.name for each in kept}

    def names(self, ids: Iterable[str]) -> list[str]:
        """Lists by their ids."""
        return sorted(self._names.get(each, each) for each in ids)

    def sentence(self, text: str) -> str:
        """What favours somebody, without the names of lists if one of them may not be named."""
        told = read_back(text).facts.get("lists", "")
        closed = any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told) for name in self._closed)
        return (without_names(text) or text) if closed else text

    def hit(self, hit: FileHit) -> Json:
        """What a list says of a file."""
        closed = hit.list_id in self._ids or hit.list_name in self._closed
        unsaid: Json = {"list": UNNAMED, "purpose": None, "class": None} if closed else {}
        return {**hit.document(), **unsaid}

    def searched(self, told: Searching) -> Json:
        """Which lists were looked into."""
        document: Json = {**told.document()}
        unsaid: Json = {"list": UNNAMED, "purpose": None}
        return {
            **document,
            "lists": [
                {**each, **unsaid} if each["list"] in self._closed else each
                for each in document["lists"]
            ],
        }
