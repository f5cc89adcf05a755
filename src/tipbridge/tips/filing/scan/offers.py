"""What is offered to be matched: a file, received or on disk, or digests alone."""

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.digests import Digester, Digests
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.rules import digest_kind
from tipbridge.tips.filing import parcels
from tipbridge.tips.filing.facts import Facts
from tipbridge.tips.filing.model import FilingFile
from tipbridge.tips.filing.parcels import Enclosure

Source = bytes | Path | FilingFile
"""A file's bytes, its path, or the file as it was sealed on arrival."""
_REFERENCE_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One file or one set of digests of a file.

    Shape: `hashed` is what the file and all it holds hash to, where it was decoded; `reference` is the asker's own word for it; the same offer again gives the same draft
    until a person has decided on it.
    """

    digests: tuple[str, ...]
    source: Source | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    facts: Facts = field(default_factory=Facts, repr=False)
    reference: str = field(default="", repr=False)
    hashed: FileHashes | None = field(default=None, repr=False)

    @property
    def looked_up(self) -> tuple[str, ...]:
        """The digests of the file, and of what it holds."""
        parts = self.hashed.parts[1:] if self.hashed else ()
        held = (each for part in parts for each in digests_of(part.digests))
        return (*self.digests, *held)

    @property
    def received(self) -> FilingFile | None:
        """The file as it was sealed on arrival, if it was."""
        return self.source if isinstance(self.source, FilingFile) else None

    @property
    def enclosed(self) -> tuple[Enclosure, ...]:
        """The file that is still to be sealed, if there is one."""
        if self.source is None or isinstance(self.source, FilingFile):
            return ()
        return (Enclosure(source=self.source, name=self.name),)

    def key(self, asker: str) -> bytes:
        """What makes an offer the same as another one of this scanner, or of staff (no id)."""
        said = {
            "asker": asker,
            "digests": sorted(self.digests),
            "facts": asdict(self.facts),
            "reference": self.reference,
        }
        return hashlib.sha256(canonical_json(said)).digest()


def offer_file(
    source: Source,
    *,
    name: str | None = None,
    facts: Facts | None = None,
    reference: str = "",
    hashed: FileHashes | None = None,
) -> Offer:
    """A file to be matched by its three digests, and by its hashes where it was decoded.

    Errors: Invalid when it can't be read or the reference is too long.
    """
    return Offer(
        digests=digests_of(hashed.itself.digests if hashed else _digests(source)),
        source=source,
        name=name,
        facts=facts or Facts(),
        reference=_fit(reference),
        hashed=hashed,
    )


def offer_digest(digest: str, *, facts: Facts | None = None, reference: str = "") -> Offer:
    """A digest to be matched without its file.

    Errors: Invalid when it is none, or the reference is too long.
    """
    if digest_kind(digest) is None:
        raise Invalid("A digest is an MD5, SHA-1 or SHA-256 in hexadecimal (32, 40 or 64 digits).")
    return Offer(digests=(digest.lower(),), facts=facts or Facts(), reference=_fit(reference))


def digests_of(found: Digests) -> tuple[str, str, str]:
    """The three digests, as lists write them."""
    return found.md5, found.sha1, found.sha256


def _fit(reference: str) -> str:
    if len(reference) > _REFERENCE_CHARACTERS or not reference.isprintable():
        raise Invalid(f"A reference has at most {_REFERENCE_CHARACTERS} printable characters.")
    return reference


def _digests(source: Source) -> Digests:
    if isinstance(source, FilingFile):
        return source.digests
    digester = Digester()
    for piece in parcels.pieces(source):
        digester.update(piece)
    return digester.result()
