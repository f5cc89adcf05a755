"""The inside of a package by docs/package-format.md: canonical JSON, the bag, the graph.

Belongs to read_package.py, beside which it lies; like that, it shares no line with the product.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import uuid
from collections.abc import Callable
from typing import Any, cast

HEX32, HEX64 = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{64}")
CASE, UCO = (
    "https://ontology.caseontology.org/case/",
    "https://ontology.unifiedcyberontology.org/uco/",
)
FACETS = {
    ("ip", "address"): ("IPv4AddressFacet", "addressValue"),
    ("contact", "address"): ("EmailAddressFacet", "addressValue"),
    ("contact", "number"): ("PhoneAccountFacet", "phoneNumber"),
    ("account", "account"): ("AccountFacet", "accountIdentifier"),
    ("material-address", "url"): ("URLFacet", "fullValue"),
}


class Bad(Exception):
    """Not a package for this node from nodes that it knows."""


# Canonical JSON (RFC 8785)


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if not math.isfinite(value):
        raise Bad
    sign, digits = ("-", repr(-value)) if value < 0 else ("", repr(value))
    mantissa, _, exponent = digits.partition("e")
    whole, _, rest = mantissa.partition(".")
    rest = "" if rest == "0" else rest
    place = len(whole) + int(exponent or 0)
    figures = whole + rest
    shift = len(figures) - len(figures.lstrip("0"))
    figures, place = figures[shift:].rstrip("0"), place - shift
    if 0 < place <= 21:
        if len(figures) <= place:
            return sign + figures + "0" * (place - len(figures))
        return f"{sign}{figures[:place]}.{figures[place:]}"
    if -6 < place <= 0:
        return f"{sign}0.{'0' * -place}{figures}"
    power = place - 1
    tail = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{sign}{figures[0]}{tail}e{'+' if power > 0 else '-'}{abs(power)}"


def listed(value: Any) -> list[Any]:
    """A JSON array."""
    if not isinstance(value, list):
        raise Bad
    return cast("list[Any]", value)


def named(value: Any) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Bad
    return cast("dict[str, Any]", value)


def _by_utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def canonical(value: Any) -> str:
    """The one text of a JSON value."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise Bad
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        value.encode("utf-8")
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{','.join(canonical(item) for item in listed(value))}]"
    if isinstance(value, dict):
        found = named(value)
        pairs = (
            f"{canonical(name)}:{canonical(found[name])}" for name in sorted(found, key=_by_utf16)
        )
        return "{" + ",".join(pairs) + "}"
    raise Bad


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Bad
    return dict(pairs)


def strict(data: bytes) -> Any:
    """A JSON value from exactly its canonical bytes."""
    value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    if canonical(value).encode("utf-8") != data:
        raise Bad
    return value


def fields(value: Any, *names: str) -> list[Any]:
    """The values of an object that has exactly these names."""
    found = named(value)
    if set(found) != set(names):
        raise Bad
    return [found[name] for name in names]


def text(value: Any, form: re.Pattern[str] | None = None) -> str:
    """A text, of a form if one is given."""
    if not isinstance(value, str) or (form is not None and not form.fullmatch(value)):
        raise Bad
    return value


# The bag: made again from the header, and compared


def unpacked(
    plain: bytes,
    header: bytes,
    statements: list[dict[str, Any]],
    parts: list[Any],
    slots: list[tuple[str, str, int]],
) -> dict[str, bytes]:
    """The files by label, once everything around them stands as the header demands."""
    package_id = statements[-1]["package_id"]
    at, files = 0, dict[str, bytes]()
    for name, data in _ahead(header, statements, parts, slots).items():
        at = _expect(plain, at, _head(f"{package_id}/{name}", len(data)) + data)
    for number, (label, sha256, size) in enumerate(slots):
        at = _expect(plain, at, _head(f"{package_id}/data/files/{number}", size))
        files[label] = plain[at : at + size]
        if sha256_of(files[label]) != sha256:
            raise Bad
        at = _expect(plain, at, files[label])
    if plain[at:] != bytes(1024):
        raise Bad
    return files


def packed(header: bytes, statements: list[dict[str, Any]], parts: list[Any]) -> bytes:
    """The whole bag of a package without files."""
    out = b""
    for name, data in _ahead(header, statements, parts, []).items():
        whole = _head(f"{statements[-1]['package_id']}/{name}", len(data)) + data
        out += whole + bytes(-len(whole) % 512)
    return out + bytes(1024)


def _ahead(
    header: bytes,
    statements: list[dict[str, Any]],
    parts: list[Any],
    slots: list[tuple[str, str, int]],
) -> dict[str, bytes]:
    """All that stands before the files, by name."""
    last, graph = statements[-1], _graph(statements, parts, [label for label, _, _ in slots])
    sums = {"data/header.json": sha256_of(header), "data/case.jsonld": sha256_of(graph)}
    sums |= {f"data/files/{number}": slot[1] for number, slot in enumerate(slots)}
    total = len(header) + len(graph) + sum(size for _, _, size in slots)
    info = (
        f"Source-Organization: {last['sender']}\nExternal-Identifier: {last['package_id']}\n"
        f"Bagging-Date: {last['sent_at'][:10]}\nPayload-Oxum: {total}.{len(sums)}\n"
    )
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": info.encode(),
        "manifest-sha256.txt": _manifest(sums),
    }
    sealed = _manifest({name: sha256_of(data) for name, data in tags.items()})
    ahead = {"bagit.txt": tags["bagit.txt"], "data/header.json": header, **tags}
    return ahead | {"tagmanifest-sha256.txt": sealed, "data/case.jsonld": graph}


def _expect(plain: bytes, at: int, due: bytes) -> int:
    """Where `due` ends, filled up with zeros to a whole block."""
    due += bytes(-len(due) % 512)
    if plain[at : at + len(due)] != due:
        raise Bad
    return at + len(due)


def _head(name: str, size: int, kind: bytes = b"0") -> bytes:
    if size >= 8**11:  # ustar has no room for it: a pax record stands before
        record = b"%d size=%d\n" % (len(str(size)) + 9, size)
        longer = _head("././@PaxHeader", len(record), b"x") + record
        return longer + bytes(-len(longer) % 512) + _head(name, 0)
    block = bytearray(512)
    block[: len(name)] = name.encode()
    block[100:136] = b"0000644\x000000000\x000000000\x00%011o\x00" % size
    block[136:157] = b"00000000000\0        " + kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def _manifest(sums: dict[str, str]) -> bytes:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def sha256_of(data: bytes) -> str:
    """A digest, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


# The graph: CASE/UCO, made again too


def _id(kind: str, *names: str) -> str:
    named = "/".join(("urn:tipbridge:package:", kind, *names))
    return f"kb:{kind}-{uuid.uuid5(uuid.NAMESPACE_URL, named)}"


Add = Callable[..., dict[str, str]]


def _graph(statements: list[dict[str, Any]], parts: list[Any], files: list[str]) -> bytes:
    nodes: dict[str, dict[str, Any]] = {}

    def add(name: str, kind: str, **more: Any) -> dict[str, str]:
        told = {key.replace("__", ":").replace("_", "-"): value for key, value in more.items()}
        nodes.setdefault(name, {"@id": name, "@type": kind} | told)
        return {"@id": name}

    made = _part_nodes(statements, parts, files, add)
    for statement, own in zip(statements, made, strict=True):
        _sending(statement, own, add)
    names = ("action", "core", "identity", "marking", "observable", "tool", "types")
    context = {f"uco-{name}": f"{UCO}{name}/" for name in names} | {
        "kb": "urn:tipbridge:package:",
        "case-investigation": f"{CASE}investigation/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    return canonical({"@context": context, "@graph": list(nodes.values())}).encode()


def _part_nodes(
    statements: list[dict[str, Any]], parts: list[Any], files: list[str], add: Add
) -> list[list[dict[str, str]]]:
    """The nodes of each hop's parts; those of the people come behind them."""
    first, marked = statements[0]["package_id"], _marked(statements[-1], add)
    made: list[list[dict[str, str]]] = [[] for _ in statements]
    people: dict[str, list[dict[str, str]]] = {}
    for part in map(named, parts):
        name, said = commitment(part), canonical(part["value"])
        facets = _facets(part, name, files)
        more: dict[str, Any] = {"uco_core__tag": [part["data_class"], part["form"]], **marked}
        if facets:
            kind = "uco-observable:ObservableObject"
            more |= {"uco_core__hasFacet": facets, "uco_core__description": [said]}
        else:
            kind, more["uco_core__statement"] = "uco-core:Assertion", [said]
        node = add(_id("part", name), kind, uco_core__name=part["label"], **more)
        made[int(part["hop"])].append(node)
        if about := re.match("people/[0-9]+(?=/)", text(part["label"])):
            people.setdefault(about[0], []).append(node)
    for label, about_it in people.items():
        person = add(_id("person", first, label), "uco-identity:Person", uco_core__name=label)
        add(
            _id("about", first, label),
            "uco-core:Relationship",
            uco_core__source=about_it,
            uco_core__target=person,
            uco_core__kindOfRelationship="Related_To",
            uco_core__isDirectional=True,
        )
    return made


def _sending(statement: dict[str, Any], own: list[dict[str, str]], add: Add) -> None:
    name, basis = statement["package_id"], statement["basis"]
    sender, receiver = (
        add(_id("organization", node), "uco-identity:Organization", uco_core__name=node)
        for node in (statement["sender"], statement["recipient"])
    )
    marked = _marked(statement, add)
    record = add(
        _id("provenance", name),
        "case-investigation:ProvenanceRecord",
        uco_core__description=["What the sender's statement commits to"],
        case_investigation__exhibitNumber=name,
        uco_core__object=[sender, *own],
        **marked,
    )
    add(
        _id("action", name),
        "case-investigation:InvestigativeAction",
        uco_core__name=statement["kind"],
        uco_core__description=[
            f"purpose: {statement['purpose']}",
            f"basis: {basis['kind']} {basis['id']}".rstrip(),
        ],
        uco_action__startTime={"@type": "xsd:dateTime", "@value": statement["sent_at"]},
        uco_action__performer=sender,
        uco_action__participant=[receiver],
        uco_action__result=[record],
        **marked,
    )


def _marked(statement: dict[str, Any], add: Add) -> dict[str, Any]:
    found, name = statement["markings"], statement["package_id"]
    words = [found[each] for each in ("tlp", "pap") if found[each]] + found["handling"]
    words += [f"{each} {found[each]}" for each in ("source", "information") if found[each]]
    if not words:
        return {}
    plain = {"uco-marking:definitionType": "statement"}
    told = [
        {
            "@id": _id("marking-word", name, word),
            "@type": "uco-marking:StatementMarking",
            "uco-marking:statement": word,
        }
        | plain
        for word in words
    ]
    node = add(
        _id("marking", name),
        "uco-marking:MarkingDefinition",
        uco_marking__definitionType="statement",
        uco_marking__definition=told,
    )
    return {"uco_core__objectMarking": [node]}


def _facets(part: dict[str, Any], name: str, files: list[str]) -> list[dict[str, Any]]:
    value, data_class = part["value"], part["data_class"]
    if part["form"] != "exact" or not isinstance(value, dict):
        return []
    found: list[dict[str, Any]] = []
    hashes_ = _hashes(named(value))
    if part["label"] in files:
        path = f"data/files/{files.index(part['label'])}"
        found.append(
            {
                "@id": _id("file-facet", name),
                "@type": "uco-observable:FileFacet",
                "uco-observable:filePath": path,
            }
        )
    if found or (data_class == "content-hash" and hashes_):
        size = named(value).get("size_bytes")
        sized = {"@type": "xsd:integer", "@value": str(size)}
        found.append(
            {
                "@id": _id("content-facet", name),
                "@type": "uco-observable:ContentDataFacet",
                "uco-observable:hash": hashes_,
            }
            | ({"uco-observable:sizeInBytes": sized} if type(size) is int and size >= 0 else {})
        )
        return found
    for (class_, key), (kind, property_) in FACETS.items():
        said = named(value).get(key)
        if class_ == data_class and isinstance(said, str):
            sort = "IPv6AddressFacet" if class_ == "ip" and ":" in said else kind
            found.append(
                {
                    "@id": _id("facet", name, property_),
                    "@type": f"uco-observable:{sort}",
                    f"uco-observable:{property_}": said,
                }
            )
    return found


def _hashes(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "@id": _id("hash", method, value[key]),
            "@type": "uco-types:Hash",
            "uco-types:hashMethod": method,
            "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": value[key].upper()},
        }
        for key, method, digits in (
            ("md5", "MD5", 32),
            ("sha1", "SHA1", 40),
            ("sha256", "SHA256", 64),
        )
        if isinstance(value.get(key), str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", value[key])
    ]


def commitment(part: dict[str, Any]) -> str:
    """The salted digest to which a statement commits."""
    told = {name: part[name] for name in ("label", "value", "data_class", "form")}
    salt = bytes.fromhex(text(part["salt"], HEX64))
    tagged = b"tipbridge part commitment v1\0" + salt + canonical(told).encode("utf-8")
    return sha256_of(tagged)
