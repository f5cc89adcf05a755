"""The verifier's own signatures against a library, and proofs of the log against its tree."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbridge.foundation.audit.merkle import Tree, leaf_hash
from tipbridge.foundation.audit.proofs import Levels, is_included
from tools.bundle_forms import ORDER, Bad, is_signed


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return is_signed(key, message, signature)
    except Bad:
        return False


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_a_library_s_signature_holds_and_any_bit_of_it_counts(
    seed: bytes, message: bytes, bit: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert holds(key, message, signature)
    other = bytearray(signature)
    other[bit // 8] ^= 1 << bit % 8
    assert not holds(key, message, bytes(other))
    assert not holds(key, message + b"x", signature)
    wrong = bytearray(key)
    wrong[bit // 16] ^= 1 << bit % 8
    assert not holds(bytes(wrong), message, signature)
    # The other form of the same scalar: refused, as one signature has one form.
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not holds(key, message, signature[:32] + scalar.to_bytes(32, "little"))


def test_every_entry_of_every_small_log_leads_to_its_root_and_to_no_other_place() -> None:
    for size in range(1, 40):
        leaves = [leaf_hash(b"%d" % number) for number in range(size)]
        root, levels = Tree().extend(leaves).root(), Levels(leaves)
        for position, leaf in enumerate(leaves):
            proof = levels.proof(position)
            assert is_included(leaf, position=position, size=size, proof=proof, root=root)
            for other in range(size):
                if other != position:
                    assert not is_included(leaf, position=other, size=size, proof=proof, root=root)
            if proof:
                short = proof[:-1]
                assert not is_included(leaf, position=position, size=size, proof=short, root=root)
            longer = [*proof, root]
            assert not is_included(leaf, position=position, size=size, proof=longer, root=root)
    leaf = leaf_hash(b"alone")
    assert not is_included(leaf, position=0, size=0, proof=[], root=leaf)
