"""Vectors of the package format: valid and invalid ones, each with what a reader must say.

`make vectors` makes 1,000 and compares the product's reader, the independent one under `tools/`
and what is known of how each was made; `--write FOLDER` keeps them for another vendor.
"""

import argparse
import base64
import hashlib
import io
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tools.package_bag as inside
import tools.read_package as independent
from tests.sharing.exchange import bags
from tests.sharing.exchange.packages import (
    CARDS,
    CLEARING,
    LIAISON,
    POLICE,
    Landing,
)
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.knowledge.agreements.model import DataClass, Form, Purpose
from tipbridge.sharing.exchange.model import STATEMENT_TYPE

COUNT = 1000
NODES = (("us.clearing", CLEARING), ("us.hsi", LIAISON), ("kr.knpa", POLICE))
STRANGER = NodeKeys.generate()
SIGNING = {node: card.signing_key for node, card in CARDS.items()}
WORDS = independent.Vocabulary(
    purposes=frozenset(each.value for each in Purpose),
    classes=frozenset(each.value for each in DataClass),
    forms=frozenset(each.value for each in Form),
)
_VALUES: tuple[object, ...] = (
    "x", "", '경찰 \u00e9 \U0001f9ff " \\ \n \x7f', 0, -7, 2**53 - 1, 1.5, 1e21, 1e-7, -0.25,
    333333333.3333333, True, None, [], {}, {"b": 1, "a": [1, {"\u20ac": "\U0001f9ff"}]},
    {"first": "P", "age": 9}, "\\u0000",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Vector:
    """A package, for whom it is read, and whether it must be taken."""

    name: str
    valid: bool
    node: str
    plain: bytes


class Maker:
    """One package in the making: its statements, parts and files, before they are signed."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.hops = draw.choice((1, 1, 2, 3)) if draw.random() < 0.9 else 2
        self.hops = min(self.hops, len(NODES) - 1)
        self.files = [
            draw.randbytes(draw.choice((0, 1, 50, 300))) for _ in range(draw.randrange(3))
        ]
        self.parts = [self._part(number) for number in range(draw.randrange(1, 7))]
        self.parts += [self._content(number, file) for number, file in enumerate(self.files)]
        self.parts.sort(key=lambda part: str(part["label"]))
        self.signers = [keys for _, keys in NODES[: self.hops]]
        self.node = NODES[self.hops][0]
        self.statements: list[dict[str, Any]] = []
        for hop in range(self.hops):
            self.statements.append(self._statement(hop))
        self.link()
        self.pieces = bags.pieces_of(self.statements, self.parts)

    def _part(self, number: int) -> dict[str, Any]:
        classes = [each.value for each in DataClass if each is not DataClass.CONTENT]
        return {
            "label": f"people/{number}/{self.draw.choice(('name', 'ips/0', '주소'))}",
            "value": self.draw.choice(_VALUES),
            "data_class": self.draw.choice(classes),
            "form": self.draw.choice([each.value for each in Form]),
            "salt": self.draw.randbytes(32).hex(),
            "hop": self.draw.randrange(self.hops),
        }

    def _content(self, number: int, file: bytes) -> dict[str, Any]:
        told = {"sha256": hashlib.sha256(file).hexdigest(), "size_bytes": len(file)}
        return {
            "label": f"files/{number}/content",
            "value": told,
            "data_class": DataClass.CONTENT.value,
            "form": Form.EXACT.value,
            "salt": self.draw.randbytes(32).hex(),
            "hop": self.draw.randrange(self.hops),
        }

    def _statement(self, hop: int) -> dict[str, Any]:
        return {
            "format": "tipbridge-statement/2",
            "kind": "referral",
            "package_id": self.draw.randbytes(16).hex(),
            "sender": NODES[hop][0],
            "recipient": NODES[hop + 1][0],
            "basis": {"kind": "agreement", "id": self.draw.randbytes(32).hex()},
            "purpose": self.draw.choice([each.value for each in Purpose]),
            "about": self.draw.choice((None, self.draw.randbytes(16).hex())),
            "sequence": self.draw.randrange(1, 10**6),
            "sent_at": f"2013-11-{self.draw.randrange(1, 29):02d}T03:04:05.{self.draw.randrange(10**6):06d}Z",
            "earlier": None,
            "commitments": [],
            "released": [],
            "markings": bags.markings(self.draw, self.statements[-1]["markings"] if hop else None),
        }

    def link(self) -> None:
        """Commit every part where it began, release it at every later hop, chain the hops."""
        commitments = [self._commitment(part) for part in self.parts]
        for hop, statement in enumerate(self.statements):
            pairs = list(zip(self.parts, commitments, strict=True))
            withheld = [self.draw.randbytes(32).hex()] if hop < self.hops - 1 else []
            own = [digest for part, digest in pairs if part["hop"] == hop]
            statement["commitments"] = sorted({*own, *withheld})
            statement["released"] = sorted(digest for part, digest in pairs if part["hop"] < hop)

    @staticmethod
    def _commitment(part: Mapping[str, Any]) -> str:
        told = {name: part[name] for name in ("label", "value", "data_class", "form")}
        salted = b"tipbridge part commitment v1\0" + bytes.fromhex(part["salt"])
        return hashlib.sha256(salted + canonical_json(told)).hexdigest()

    def header(self) -> dict[str, Any]:
        """Sign what is stated, hop by hop, and put the front together."""
        envelopes: list[str] = []
        before: bytes | None = None
        for statement, keys in zip(self.statements, self.signers, strict=True):
            if before is not None and statement["earlier"] is None:
                statement["earlier"] = hashlib.sha256(before).hexdigest()
            before = canonical_json(statement)
            envelopes.append(keys.sign(STATEMENT_TYPE, before).decode())
        return {"envelopes": envelopes, "parts": self.parts}

    def bytes_of(self, header: object) -> bytes:
        """The package before it is sealed."""
        front = header if isinstance(header, bytes) else canonical_json(header)
        return self.pieces(front, self.files)

    def plain(self) -> bytes:
        """The package as it stands."""
        return self.bytes_of(self.header())


Spoil = Callable[[Maker], bytes | None]
"""Makes an invalid package of a valid one; None where this one has nothing to spoil so."""


def _stated(name: str, value: object, hop: int = -1) -> Spoil:
    def spoil(maker: Maker) -> bytes:
        maker.statements[hop][name] = value
        return maker.plain()

    return spoil


def _in_part(name: str, value: object) -> Spoil:
    def spoil(maker: Maker) -> bytes:
        header = maker.header()
        part = maker.draw.choice(header["parts"])
        part[name] = value(part[name]) if callable(value) else value
        return maker.bytes_of(header)

    return spoil


def _text_swap(old: bytes, new: bytes) -> Spoil:
    def spoil(maker: Maker) -> bytes:
        front = canonical_json(maker.header()).replace(old, new, 1)
        return maker.bytes_of(front)

    return spoil


def _hopped(least: int, change: Callable[[Maker], None]) -> Spoil:
    def spoil(maker: Maker) -> bytes | None:
        if maker.hops < least:
            return None
        change(maker)
        return maker.plain()

    return spoil


def _signed_by_stranger(maker: Maker) -> bytes:
    maker.signers[-1] = STRANGER
    return maker.plain()


def _signed_by_another(maker: Maker) -> bytes:
    maker.signers[-1] = POLICE if maker.hops == 1 else CLEARING
    return maker.plain()


def _other_type(maker: Maker) -> bytes:
    header = maker.header()
    envelope = maker.signers[-1].sign("application/other", canonical_json(maker.statements[-1]))
    header["envelopes"][-1] = envelope.decode()
    return maker.bytes_of(header)


def _spaced_payload(maker: Maker) -> bytes:
    header = maker.header()
    payload = json.dumps(maker.statements[-1]).encode()
    header["envelopes"][-1] = maker.signers[-1].sign(STATEMENT_TYPE, payload).decode()
    return maker.bytes_of(header)


def _moved_signature(maker: Maker) -> bytes:
    header = maker.header()
    envelope = json.loads(header["envelopes"][-1])
    other = dict(maker.statements[-1], sequence=maker.statements[-1]["sequence"] + 1)
    envelope["payload"] = base64.b64encode(canonical_json(other)).decode()
    header["envelopes"][-1] = canonical_json(envelope).decode()
    return maker.bytes_of(header)


def _two_signatures(maker: Maker) -> bytes:
    header = maker.header()
    envelope = json.loads(header["envelopes"][-1])
    envelope["signatures"] *= 2
    header["envelopes"][-1] = canonical_json(envelope).decode()
    return maker.bytes_of(header)


def _dropped_part(maker: Maker) -> bytes:
    header = maker.header()
    header["parts"] = [part for part in header["parts"] if part["data_class"] != "content"][1:]
    maker.files = []
    return maker.bytes_of(header)


def _doubled_part(maker: Maker) -> bytes:
    header = maker.header()
    header["parts"] = [header["parts"][0], *header["parts"]]
    return maker.bytes_of(header)


def _unsorted(maker: Maker) -> bytes | None:
    header = maker.header()
    if len(header["parts"]) < 2:
        return None
    header["parts"] = header["parts"][::-1]
    return maker.bytes_of(header)


def _foreign_part(maker: Maker) -> bytes:
    header = maker.header()
    foreign = dict(header["parts"][-1], label="zz", salt="00" * 32)
    header["parts"] = [*header["parts"], foreign]
    return maker.bytes_of(header)


def _with_files(change: Callable[[list[bytes]], list[bytes]]) -> Spoil:
    def spoil(maker: Maker) -> bytes | None:
        if not any(maker.files):
            return None
        header = maker.header()
        maker.files = change(maker.files)
        return maker.bytes_of(header)

    return spoil


def _flipped_file(files: list[bytes]) -> list[bytes]:
    place = next(number for number, file in enumerate(files) if file)
    spoiled = bytes([files[place][0] ^ 1]) + files[place][1:]
    return [*files[:place], spoiled, *files[place + 1 :]]


def _no_chain(maker: Maker) -> None:
    maker.statements[1]["earlier"] = "0" * 64


def _released_too_much(maker: Maker) -> None:
    part = dict(maker.parts[0], hop=0, label="zz/never/given", salt="11" * 32)
    digest = Maker._commitment(part)
    maker.statements[-1]["released"] = sorted([*maker.statements[-1]["released"], digest])


def _not_the_receiver(maker: Maker) -> None:
    maker.statements[0]["recipient"] = "xx.other"


def _laxer_marking(maker: Maker) -> None:
    maker.statements[0]["markings"]["handling"] = ["H0", "H1", "H2", "H3"]
    maker.statements[1]["markings"]["handling"] = ["H1"]


def _in_bag(change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(maker: Maker) -> bytes:
        return change(maker.plain())

    return spoil


def _unsorted_digests(maker: Maker) -> bytes | None:
    found = maker.statements[-1]["commitments"]
    if len(found) < 2:
        return None
    maker.statements[-1]["commitments"] = found[::-1]
    return maker.plain()


SPOILS: Mapping[str, Spoil] = {
    "unknown-kind": _stated("kind", "order"),
    "unknown-basis": _stated("basis", {"kind": "favour", "id": "x"}),
    "basis-with-more": _stated("basis", {"kind": "agreement", "id": "x", "more": 1}),
    "unknown-purpose": _stated("purpose", "advertising"),
    "other-format": _stated("format", "tipbridge-statement/1"),
    "sequence-zero": _stated("sequence", 0),
    "sequence-true": _stated("sequence", True),
    "sequence-text": _stated("sequence", "1"),
    "short-package-id": _stated("package_id", "ab"),
    "upper-case-id": _stated("package_id", "A" * 32),
    "about-is-number": _stated("about", 7),
    "time-without-zone": _stated("sent_at", "2013-11-02T03:04:05.000678"),
    "time-in-short": _stated("sent_at", "2013-11-02T03:04:05.6Z"),
    "for-another-node": _stated("recipient", "xx.other"),
    "to-itself": _hopped(1, lambda m: m.statements[-1].update(recipient=m.statements[-1]["sender"])),
    "digest-twice": _hopped(
        1, lambda m: m.statements[-1].update(commitments=["0" * 64, "0" * 64])
    ),
    "commitment-missing": _stated("commitments", []),
    "commitment-of-nothing": _hopped(
        1,
        lambda m: m.statements[-1].update(
            commitments=sorted([*m.statements[-1]["commitments"], "0" * 64])
        ),
    ),
    "first-passes-on": _stated("earlier", "0" * 64, 0),
    "name-missing": _hopped(1, lambda m: m.statements[-1].pop("about")),
    "name-more": _stated("colour", "red"),
    "marking-unknown": _stated("markings", dict(bags.UNSTATED, tlp="TLP:PINK")),
    "marking-missing": _stated("markings", {}),
    "markings-unsorted": _stated("markings", dict(bags.UNSTATED, handling=["H2", "H1"])),
    "marking-twice": _stated("markings", dict(bags.UNSTATED, handling=["H2", "H2"])),
    "marked-less-than-before": _hopped(2, _laxer_marking),
    "digests-unsorted": _unsorted_digests,
    "chain-broken": _hopped(2, _no_chain),
    "not-the-receiver-passes-on": _hopped(2, _not_the_receiver),
    "kind-changes-on-the-way": _hopped(2, lambda m: m.statements[0].update(kind="feedback")),
    "releases-what-it-was-not-given": _hopped(2, _released_too_much),
    "signed-by-stranger": _signed_by_stranger,
    "signed-by-another-peer": _signed_by_another,
    "other-payload-type": _other_type,
    "payload-not-canonical": _spaced_payload,
    "signature-of-another-payload": _moved_signature,
    "two-signatures": _two_signatures,
    "part-changed": _in_part("value", "changed on the way"),
    "part-relabelled": _in_part("label", "zz/other"),
    "class-changed": _in_part("data_class", "no-such-class"),
    "form-changed": _in_part("form", "no-such-form"),
    "salt-changed": _in_part("salt", "ff" * 32),
    "salt-short": _in_part("salt", "ff"),
    "hop-beyond": _in_part("hop", 9),
    "hop-negative": _in_part("hop", -1),
    "hop-true": _in_part("hop", True),
    "part-with-more": _in_part("more", 1) if False else _text_swap(b'"salt":', b'"more":1,"salt":'),
    "part-dropped": _dropped_part,
    "part-doubled": _doubled_part,
    "parts-unsorted": _unsorted,
    "part-nobody-committed": _foreign_part,
    "name-twice": _text_swap(b'{"envelopes":', b'{"envelopes":[],"envelopes":'),
    "front-spaced": _text_swap(b'"parts":', b'"parts": '),
    "front-with-more": _text_swap(b'"parts":', b'"more":1,"parts":'),
    "not-a-number": _text_swap(b'"hop":0', b'"hop":NaN'),
    "not-utf8": _text_swap(b'"parts"', b'"p\xffrts"'),
    "file-changed": _with_files(_flipped_file),
    "file-cut": _with_files(lambda files: [b"".join(files)[:-1]]),
    "file-missing": _with_files(lambda _: []),
    "bytes-after-the-end": lambda m: m.plain() + b"\0",
    "front-cut": lambda m: m.plain()[:40],
    "header-cut": lambda m: m.plain()[:1700],
    "end-cut": lambda m: m.plain()[:-512],
    "empty": lambda _: b"",
    **{name: _in_bag(change) for name, change in bags.SPOILS.items()},
}  # fmt: skip
"""How a package is spoiled; every one of them must be refused."""


def vector(seed: int, number: int) -> Vector:
    """The vector of that number: every other one is valid, the others go through all spoils."""
    draw = random.Random(f"{seed}/{number}")
    if number % 2 == 0:
        maker = Maker(draw)
        return Vector(name="valid", valid=True, node=maker.node, plain=maker.plain())
    names = sorted(SPOILS)
    name = names[(number // 2) % len(names)]
    while True:
        maker = Maker(draw)
        sound, node = maker.plain(), maker.node
        plain = SPOILS[name](maker)
        if plain is not None and plain != sound:
            return Vector(name=name, valid=False, node=node, plain=plain)


def by_product(found: Vector) -> object:
    """What the product makes of it; None when it refuses."""
    landing = Landing(found.node)
    try:
        digest = landing.read(found.plain)
    except IntegrityFailure:
        return None
    assert landing.verified is not None
    parts = sorted((each.part.label, each.part.value, each.hop) for each in landing.verified.parts)
    return (digest, parts, {label: sink.getvalue() for label, sink in landing.files.items()})


def by_independent(found: Vector) -> object:
    """What the independent reader makes of it; None when it refuses."""
    try:
        read = independent.read_package(found.plain, found.node, SIGNING, WORDS)
    except inside.Bad:
        return None
    parts = sorted((each["label"], each["value"], each["hop"]) for each in read.parts)
    return (read.content_sha256, parts, read.files)


def differences(vectors: Sequence[Vector]) -> list[str]:
    """Every vector of which one of the two says something else than is known of it."""
    found: list[str] = []
    for number, each in enumerate(vectors):
        ours, theirs = by_product(each), by_independent(each)
        if ours != theirs or (ours is not None) != each.valid:
            found.append(
                f"{number} {each.name}: product {ours is not None}, other {theirs is not None}"
            )
    return found


def sealed(found: Vector) -> bytes:
    """A vector as it travels."""
    sink = io.BytesIO()
    seal_stream(dict(NODES)[found.node].exchange_recipient, [found.plain], sink)
    return sink.getvalue()


def write(vectors: Sequence[Vector], folder: Path) -> None:
    """Keep vectors for another vendor: packages, pinned cards, the receivers' keys, a list."""
    folder.mkdir(parents=True, exist_ok=True)
    for node, keys in NODES:
        (folder / f"{node}.card").write_bytes(keys.sign_card(CARDS[node]))
        (folder / f"{node}.identity").write_text(f"{keys.exchange_identity}\n", "ascii")
    lines: list[dict[str, object]] = []
    for number, each in enumerate(vectors):
        (folder / f"{number:04d}.tbpackage").write_bytes(sealed(each))
        lines.append({"number": number, "node": each.node, "valid": each.valid, "why": each.name})
    (folder / "vectors.json").write_text(json.dumps(lines, indent=1) + "\n", "utf-8")


def main() -> int:
    """Make the vectors, compare, and keep them if asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    vectors = [vector(given.seed, number) for number in range(given.count)]
    wrong = differences(vectors)
    for line in wrong:
        print(line)
    if given.write is not None:
        write(vectors, given.write)
    kinds = len({each.name for each in vectors})
    print(f"{len(vectors)} vectors of {kinds} kinds, seed {given.seed}: {len(wrong)} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
