"""The serialised bag of a test's package, spoiled in every way that a bag can be."""

import hashlib
import io
import json
import random
import tarfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.knowledge.agreements.clauses import InformationGrade, Pap, SourceGrade
from tipbridge.knowledge.agreements.model import DataClass, Form, HandlingCode, Tlp
from tipbridge.sharing.exchange.bag import bag_pieces
from tipbridge.sharing.exchange.model import FileSlot, SaltedPart
from tipbridge.sharing.exchange.statement import parse_statement, read_part

Members = list[tuple[tarfile.TarInfo, bytes]]
UNSTATED: Mapping[str, Any] = {
    "tlp": None, "pap": None, "handling": [], "source": None, "information": None,
}  # fmt: skip
_ORDERS: Mapping[str, Sequence[str | None]] = {
    "tlp": [*Tlp, None],
    "pap": [*Pap, None],
    "source": [*tuple(SourceGrade)[::-1], None],
    "information": [*tuple(InformationGrade)[::-1], None],
}
"""Each from strict to lax."""


def markings(draw: random.Random, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Any markings, none of them less strict than those before."""
    found: dict[str, Any] = {}
    for name, order in _ORDERS.items():
        last = len(order) - 1 if before is None else order.index(before[name])
        found[name] = order[draw.randint(0, last)]
    codes = {code.value for code in HandlingCode if draw.random() < 0.3}
    return found | {"handling": sorted(codes | set(before["handling"] if before else ()))}


def pieces_of(
    statements: Sequence[Mapping[str, Any]], parts: Sequence[dict[str, Any]]
) -> Callable[[bytes, Sequence[bytes]], bytes]:
    """What packs a header and files as the sound statements and parts demand."""
    stated = [parse_statement(canonical_json(each)) for each in statements]
    salted = [_salted(each) for each in parts]
    slots = [
        FileSlot(label=each["label"], **each["value"])
        for each in parts
        if (each["data_class"], each["form"]) == (DataClass.CONTENT, Form.EXACT)
    ]

    def pack(header: bytes, files: Sequence[bytes]) -> bytes:
        contents = iter(files)
        return b"".join(
            piece if isinstance(piece, bytes) else next(contents, b"")
            for piece in bag_pieces(header, stated, salted, slots)
        )

    return pack


def _salted(part: Mapping[str, Any]) -> SaltedPart:
    told = {name: part[name] for name in ("label", "value", "data_class", "form")}
    return SaltedPart(part=read_part(told), salt=bytes.fromhex(part["salt"]), hop=part["hop"])


def members(plain: bytes) -> Members:
    """What lies in a bag, as the standard library reads it."""
    with tarfile.open(fileobj=io.BytesIO(plain)) as bag:
        return [(each, _content(bag, each)) for each in bag.getmembers()]


def _content(bag: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = bag.extractfile(member)
    assert found is not None
    return found.read()


def packed(found: Members, **how: Any) -> bytes:
    """A bag written by the standard library, streamed, and cut behind the two last blocks."""
    sink, written = io.BytesIO(), 0
    with tarfile.open(fileobj=sink, mode="w|", **how) as bag:
        for member, data in found:
            member.size = len(data)
            bag.addfile(member, io.BytesIO(data))
        written = bag.offset
    return sink.getvalue()[: written + 1024]


def sealed_again(found: Members) -> Members:
    """The members with manifests and counts that fit what lies there: a valid bag, but not ours."""
    whole = {member.name.partition("/")[2]: data for member, data in found}
    payload = {path: data for path, data in whole.items() if path.startswith("data/")}
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    head = whole["bag-info.txt"].partition(b"Payload-Oxum")[0]
    whole["bag-info.txt"] = head + f"Payload-Oxum: {oxum}\n".encode()
    whole["manifest-sha256.txt"] = _manifest(payload)
    tags = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
    whole["tagmanifest-sha256.txt"] = _manifest({path: whole[path] for path in tags})
    return [(member, whole[member.name.partition("/")[2]]) for member, _ in found]


def _manifest(found: Mapping[str, bytes]) -> bytes:
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in found.items()}
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


Spoil = Callable[[bytes], bytes]


def _member(name: str, change: Callable[[tarfile.TarInfo], None]) -> Spoil:
    def spoil(plain: bytes) -> bytes:
        found = members(plain)
        change(next(member for member, _ in found if member.name.endswith(name)))
        return packed(found)

    return spoil


def _data(name: str, change: Callable[[bytes], bytes], *, again: bool = False) -> Spoil:
    def spoil(plain: bytes) -> bytes:
        found = [
            (member, change(data) if member.name.endswith(name) else data)
            for member, data in members(plain)
        ]
        return packed(sealed_again(found) if again else found)

    return spoil


def _order(change: Callable[[Members], Members], *, again: bool = False) -> Spoil:
    def spoil(plain: bytes) -> bytes:
        found = change(members(plain))
        return packed(sealed_again(found) if again else found)

    return spoil


def _more_said(graph: bytes) -> bytes:
    """A graph that says what no part does."""
    document = json.loads(graph)
    document["@graph"][0]["uco-core:description"] = ["what no part says"]
    return canonical_json(document)


def _less_said(graph: bytes) -> bytes:
    document = json.loads(graph)
    return canonical_json(document | {"@graph": document["@graph"][1:]})


def _added(found: Members) -> Members:
    folder = found[0][0].name.partition("/")[0]
    return [*found, (tarfile.TarInfo(f"{folder}/data/files/9"), b"more")]


def _linked(member: tarfile.TarInfo) -> None:
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"


def _in_another_folder(found: Members) -> Members:
    for member, _ in found:
        member.name = "f" * 32 + member.name[32:]
    return found


def _attribute(name: str, value: object) -> Callable[[tarfile.TarInfo], None]:
    return lambda member: setattr(member, name, value)


SPOILS: Mapping[str, Spoil] = {
    "bag-graph-says-more": _data("case.jsonld", _more_said, again=True),
    "bag-graph-says-less": _data("case.jsonld", _less_said, again=True),
    "bag-graph-spaced": _data("case.jsonld", lambda data: data + b"\n", again=True),
    "bag-manifest-changed": _data("manifest-sha256.txt", lambda data: data[::-1]),
    "bag-version-changed": _data("bagit.txt", lambda data: data.replace(b"1.0", b"0.9")),
    "bag-info-changed": _data("bag-info.txt", lambda data: data + b"Contact-Name: x\n"),
    "bag-member-added": _order(_added),
    "bag-member-added-and-listed": _order(_added, again=True),
    "bag-member-missing": _order(lambda found: found[:4] + found[5:]),
    "bag-members-in-another-order": _order(lambda found: [*found[:2], *found[2:6][::-1], *found[6:]]),
    "bag-member-twice": _order(lambda found: [*found, found[-1]]),
    "bag-in-another-folder": _order(_in_another_folder),
    "bag-mode-changed": _member("case.jsonld", _attribute("mode", 0o777)),
    "bag-owner-named": _member("bagit.txt", _attribute("uname", "root")),
    "bag-time-stated": _member("bag-info.txt", _attribute("mtime", 1_383_361_445)),
    "bag-link": _member("tagmanifest-sha256.txt", _linked),
    "bag-pax-record": _member("bag-info.txt", _attribute("pax_headers", {"comment": "x"})),
    "bag-header-sized-in-another-form": lambda plain: (
        plain[:1148] + b"%10o " % int(plain[1148:1159], 8) + plain[1159:]
    ),
    "bag-header-too-large": lambda plain: plain[:1148] + b"7" * 11 + plain[1159:],
    "bag-only-one-last-block": lambda plain: plain[:-512],
    "bag-filled-up": lambda plain: plain + bytes(512),
    "package-of-version-1": lambda plain: b"tipbridge-package/1\n" + plain[1536:],
}  # fmt: skip
"""How a bag is spoiled; most stay a bag that other tools read."""
