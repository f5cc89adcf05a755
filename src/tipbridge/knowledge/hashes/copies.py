"""Index files of lists as bytes that travel: to be looked into where they lie, by another host."""

from collections.abc import Mapping
from dataclasses import dataclass

from tipbridge.knowledge.hashes.indexes import ListIndex
from tipbridge.knowledge.hashes.model import DigestKind, HashList
from tipbridge.knowledge.hashes.parts import PartCopy, copied_part, held_part


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCopy:
    """One version of a list with all its index files.

    Shape: arrays over the mapped files; who pickles it copies them, once.
    """

    list: HashList
    version: int
    content_sha256: str
    exact_parts: Mapping[DigestKind, PartCopy]
    near_part: PartCopy | None


def copied_list(index: ListIndex) -> ListCopy:
    """A version that is mapped here, for elsewhere."""
    return ListCopy(
        list=index.list,
        version=index.version,
        content_sha256=index.content_sha256,
        exact_parts={kind: copied_part(part) for kind, part in index.exact_parts.items()},
        near_part=None if index.near_part is None else copied_part(index.near_part),
    )


def held_list(copy: ListCopy) -> ListIndex:
    """A version that looks into the copy itself, not into another one. Errors: IndexDamaged."""
    near = copy.near_part
    return ListIndex(
        list=copy.list,
        version=copy.version,
        content_sha256=copy.content_sha256,
        exact_parts={
            kind: held_part(part, is_near=False) for kind, part in copy.exact_parts.items()
        },
        near_part=None if near is None else held_part(near, is_near=True),
    )
