"""Small packages, built as the product builds them, for tests to damage."""

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.knowledge.agreements.model import DataClass, Form, Part, Purpose
from tipbridge.sharing.exchange.model import (
    STATEMENT_TYPE,
    Basis,
    BasisKind,
    FileSlot,
    Header,
    PackageKind,
    SaltedPart,
    Statement,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.package import (
    header_bytes,
    package_chunks,
    read_header,
    verify_header,
)
from tipbridge.sharing.exchange.statement import commitments_of, statement_payload
from tipbridge.sharing.exchange.unpacking import PackageReader

AT = datetime(2013, 11, 2, 3, 4, 5, 678, tzinfo=UTC)
CLEARING, LIAISON, POLICE = (NodeKeys.generate() for _ in range(3))
CARDS: dict[str, NodeCard] = {
    node_id: keys.card(node_id, node_id, ["police"], synthetic=True)
    for node_id, keys in {"us.clearing": CLEARING, "us.hsi": LIAISON, "kr.knpa": POLICE}.items()
}
FILE = b"not a picture" * 7
PARTS = (
    Part(label="incident/type", value="sexual-abuse-material", data_class=DataClass.INCIDENT),
    Part(label="people/0/name", value={"first": "P", "age": 9}, data_class=DataClass.NAME),
    Part(label="people/0/ips/0", value={"address": "192.0.2.7"}, data_class=DataClass.IP),
    Part(
        label="people/0/ips/0~prefix",
        value={"prefix": "192.0.2.0/24"},
        data_class=DataClass.IP,
        form=Form.PREFIX,
    ),
    Part(
        label="files/0/content",
        value={"sha256": hashlib.sha256(FILE).hexdigest(), "size_bytes": len(FILE)},
        data_class=DataClass.CONTENT,
    ),
    Part(
        label="files/1/content",
        value={"sha256": hashlib.sha256(b"").hexdigest(), "size_bytes": 0},
        data_class=DataClass.CONTENT,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Built:
    """A package and what went into it."""

    statement: Statement
    header: Header
    plain: bytes
    sealed: bytes


def salt_for(label: str) -> bytes:
    """A fixed salt, so that tests are repeatable."""
    return hashlib.sha256(b"salt" + label.encode()).digest()


def salted(parts: Iterable[Part], hop: int = 0) -> tuple[SaltedPart, ...]:
    """The parts with their salts."""
    return tuple(SaltedPart(part=part, salt=salt_for(part.label), hop=hop) for part in parts)


def statement_of(parts: Sequence[SaltedPart], **changes: object) -> Statement:
    """A first sender's statement over `parts`."""
    first = Statement(
        kind=PackageKind.REFERRAL,
        package_id="0" * 31 + "1",
        sender="us.clearing",
        recipient="us.hsi",
        basis=Basis(kind=BasisKind.AGREEMENT, id="a" * 64),
        purpose=Purpose.INVESTIGATION,
        about=None,
        sequence=1,
        sent_at=AT,
        earlier=None,
        commitments=commitments_of(parts),
    )
    return replace(first, **changes)  # pyright: ignore[reportArgumentType]


def build(
    statement: Statement,
    parts: Sequence[SaltedPart],
    files: Sequence[bytes] = (FILE, b""),
    *,
    signer: NodeKeys = CLEARING,
    to: NodeKeys = LIAISON,
    earlier: Sequence[bytes] = (),
) -> Built:
    """Sign, pack and seal."""
    envelope = signer.sign(STATEMENT_TYPE, statement_payload(statement))
    header = Header(envelopes=(*earlier, envelope), parts=tuple(parts))
    plain = b"".join(package_chunks(header_bytes(header), [[file] for file in files]))
    sink = io.BytesIO()
    seal_stream(to.exchange_recipient, [plain], sink)
    return Built(statement=statement, header=header, plain=plain, sealed=sink.getvalue())


def first_package() -> Built:
    """Everything, from the clearinghouse to the liaison."""
    parts = salted(PARTS)
    return build(statement_of(parts), parts)


class Landing:
    """Where a test receives: counts every byte a sink was given."""

    def __init__(self, recipient: str, cards: dict[str, NodeCard] | None = None) -> None:
        self.recipient, self.cards = recipient, CARDS if cards is None else cards
        self.files: dict[str, io.BytesIO] = {}
        self.verified: VerifiedHeader | None = None

    def verify(self, data: bytes) -> VerifiedHeader:
        """Verify the header and answer what it says."""
        self.verified = verify_header(read_header(data), recipient=self.recipient, cards=self.cards)
        return self.verified

    def sink_for(self, slot: FileSlot) -> io.BytesIO:
        """A sink for one file."""
        self.files[slot.label] = io.BytesIO()
        return self.files[slot.label]

    def read(self, plain: bytes, step: int = 1 << 20) -> str:
        """Feed a plain package in steps; the content digest."""
        reader = PackageReader(self.verify, self.sink_for)
        for start in range(0, len(plain), step):
            reader.write(plain[start : start + step])
        return reader.finish()

    def open(self, sealed: bytes, keys: NodeKeys = LIAISON) -> str:
        """Open a sealed package and feed it; the content digest."""
        reader = PackageReader(self.verify, self.sink_for)
        keys.open(io.BytesIO(sealed), reader)
        return reader.finish()


def refused(built: Built, recipient: str = "us.hsi") -> bool:
    """Whether the plain bytes of `built` are refused with IntegrityFailure."""
    try:
        Landing(recipient).read(built.plain)
    except IntegrityFailure:
        return True
    return False
