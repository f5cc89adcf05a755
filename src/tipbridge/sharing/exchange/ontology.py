"""The nodes of a CASE/UCO graph in JSON-LD: names that follow from what they name, and digests."""

import hashlib
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_PREFIXES = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": f"{_UCO}action/",
    "uco-core": f"{_UCO}core/",
    "uco-identity": f"{_UCO}identity/",
    "uco-marking": f"{_UCO}marking/",
    "uco-observable": f"{_UCO}observable/",
    "uco-tool": f"{_UCO}tool/",
    "uco-types": f"{_UCO}types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_OF_NAMES = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The name space of addresses. Source: RFC 9562 section 6.6."""
_HASHES = (("md5", "MD5"), ("sha1", "SHA1"), ("sha256", "SHA256"))


class Nodes:
    """The nodes of one graph, each once, in the order in which they came."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._nodes: dict[str, Json] = {}

    @property
    def known(self) -> list[str]:
        """The names of all nodes, sorted."""
        return sorted(self._nodes)

    def id(self, kind: str, *names: object) -> str:
        """The name of a node, always the same for the same thing."""
        return f"kb:{kind}-{identifier('/'.join((self.base, kind, *map(str, names))))}"

    def add(self, node: Json) -> Json:
        """Take a node unless it is here; what refers to it."""
        self._nodes.setdefault(node["@id"], node)
        return {"@id": node["@id"]}

    def content_facet(
        self, names: tuple[object, ...], size: int | None, digests: Mapping[str, Any]
    ) -> Json:
        """A content's size and digests, as far as they are known."""
        sized = {} if size is None else {"@type": "xsd:integer", "@value": str(size)}
        return {
            "@id": self.id("content-facet", *names),
            "@type": "uco-observable:ContentDataFacet",
            **({"uco-observable:sizeInBytes": sized} if sized else {}),
            "uco-observable:hash": self._hashes(digests),
        }

    def _hashes(self, digests: Mapping[str, Any]) -> list[Json]:
        return [
            {
                "@id": self.id("hash", method, digests[key]),
                "@type": "uco-types:Hash",
                "uco-types:hashMethod": method,
                "uco-types:hashValue": {
                    "@type": "xsd:hexBinary",
                    "@value": digests[key].upper(),
                },
            }
            for key, method in _HASHES
            if digests.get(key)
        ]

    def whole(self) -> Json:
        """The graph."""
        context = {"kb": self.base, **_PREFIXES}
        return {"@context": context, "@graph": list(self._nodes.values())}


def moment(text: str) -> Json:
    """A time as graphs have it."""
    return {"@type": "xsd:dateTime", "@value": text}


def identifier(name: str) -> str:
    """A UUID that follows from a name. Source: RFC 9562 section 5.5 (version 5)."""
    digest = hashlib.sha1(_OF_NAMES + name.encode(), usedforsecurity=False)
    data = bytearray(digest.digest()[:16])
    data[6], data[8] = data[6] & 0x0F | 0x50, data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
