"""Every byte of 50 packages flipped: refused before any write, in one and the same way.

`make flips` flips every byte; the suite flips every so-manieth one of each package.
"""

import hashlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.sharing.exchange.packages import (
    LIAISON,
    PARTS,
    Built,
    Landing,
    build,
    salted,
    statement_of,
)
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.exchange.model import VerifiedHeader
from tipbridge.sharing.exchange.unpacking import PackageReader

PACKAGES = 50
_CONTENT = DataClass.CONTENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Flipped:
    """How many flips there were, how many got through, and the refusals, sealed and inside.

    Shape: each layer has one refusal; the door answers the same for both.
    """

    count: int
    accepted: tuple[tuple[int, bool, int], ...]
    words: frozenset[tuple[bool, str]]


def package(number: int) -> Built:
    """The package of that number: other parts, other files, another sequence."""
    plain = [part for part in PARTS if part.data_class is not _CONTENT][: 1 + number % 4]
    files = [bytes([number]) * (number * 7 % 90) for _ in range(number % 3)]
    contents = [
        Part(
            label=f"files/{index}/content",
            value={"sha256": hashlib.sha256(file).hexdigest(), "size_bytes": len(file)},
            data_class=_CONTENT,
        )
        for index, file in enumerate(files)
    ]
    parts = salted([*plain, *contents])
    statement = statement_of(parts, package_id=f"{number:032x}", sequence=number + 1)
    return build(statement, parts, files)


def flip_all(step: int, packages: int = PACKAGES) -> Flipped:
    """Flip every `step`th byte of each package, as it is sealed and as it is inside.

    Shape: each is read as a node reads it first: to its last byte, with nowhere to write.
    """
    count, accepted, words = 0, list[tuple[int, bool, int]](), set[tuple[bool, str]]()
    for number in range(packages):
        built, verify = package(number), verifying()
        _read(built.plain, verify, sealed=False)
        _read(built.sealed, verify, sealed=True)
        for data, sealed in ((built.plain, False), (built.sealed, True)):
            for place in range(number % step, len(data), step):
                count += 1
                damaged = bytearray(data)
                damaged[place] ^= 1 << (place % 8)
                try:
                    _read(bytes(damaged), verify, sealed=sealed)
                except IntegrityFailure as error:
                    words.add((sealed, error.public))
                else:
                    accepted.append((number, sealed, place))
    return Flipped(count=count, accepted=tuple(accepted), words=frozenset(words))


def verifying() -> Callable[[bytes], VerifiedHeader]:
    """Verifies as a node does; the same header, whose package has a flip elsewhere, only once."""
    known: dict[bytes, VerifiedHeader] = {}

    def verify(header: bytes) -> VerifiedHeader:
        if header not in known:
            known[header] = Landing("us.hsi").verify(header)
        return known[header]

    return verify


def _read(data: bytes, verify: Callable[[bytes], VerifiedHeader], *, sealed: bool) -> None:
    reader = PackageReader(verify)
    if sealed:
        LIAISON.open(io.BytesIO(data), reader)
    else:
        reader.write(data)
    reader.finish()


if __name__ == "__main__":
    done = flip_all(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    print(
        f"{done.count} flips of {PACKAGES} packages: {len(done.accepted)} accepted, {sorted(done.words)}"
    )
    sys.exit(1 if done.accepted or len(done.words) != 2 else 0)
