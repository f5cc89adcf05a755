"""The Merkle tree against the recursive definition of RFC 9162."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.foundation.audit.merkle import Tree, leaf_hash, tree_from


def root_by_definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    left, right = root_by_definition(entries[:k]), root_by_definition(entries[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_root_is_that_of_the_definition(entries: list[bytes]) -> None:
    assert Tree().extend(map(leaf_hash, entries)).root() == root_by_definition(entries)


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(0, 40))
def test_a_stored_tree_goes_on_as_if_never_stored(entries: list[bytes], cut: int) -> None:
    first = Tree().extend(map(leaf_hash, entries[:cut]))
    again = tree_from(first.size, first.frontier_bytes())
    assert again.extend(map(leaf_hash, entries[cut:])).root() == root_by_definition(entries)


def test_published_vectors_hold() -> None:
    """The eight inputs and roots that certificate transparency's own tests publish."""
    inputs = [
        "", "00", "10", "2021", "3031", "40414243",
        "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]  # fmt: skip
    tree = Tree().extend(leaf_hash(bytes.fromhex(each)) for each in inputs)
    assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_frontier_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 frontier hashes"):
        tree_from(3, b"\x00" * 32)
