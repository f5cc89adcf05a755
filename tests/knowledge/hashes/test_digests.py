"""Digests in one pass."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tipbridge.knowledge.hashes.digests import Digester, digest_bytes


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_pieces_give_the_same_digests_as_the_whole(pieces: list[bytes]) -> None:
    """However a file is cut up, its digests and length are those of the whole."""
    digester = Digester()
    for piece in pieces:
        digester.update(piece)
    whole = b"".join(pieces)
    found = digester.result()
    assert found == digest_bytes(whole)
    assert found.md5 == hashlib.md5(whole).hexdigest()
    assert found.sha1 == hashlib.sha1(whole).hexdigest()
    assert found.sha256 == hashlib.sha256(whole).hexdigest()
    assert found.size_bytes == len(whole)


def test_result_may_be_asked_on_the_way() -> None:
    """Asking early changes nothing."""
    digester = Digester()
    digester.update(b"a")
    early = digester.result()
    digester.update(b"b")
    assert early == digest_bytes(b"a")
    assert digester.result() == digest_bytes(b"ab")
