"""The short form of `make flips`: bytes of all 50 packages, spread over all their places."""

from tests.sharing.exchange.flips import PACKAGES, flip_all, package
from tipbridge.sharing.exchange.package import header_bytes


def test_flipped_bytes_of_fifty_packages_are_all_refused_with_one_face() -> None:
    done = flip_all(step=401)
    assert done.count > PACKAGES * 40
    assert done.accepted == ()
    assert len(done.words) == 2, "one refusal for what is sealed, one for what is inside"


def test_the_fifty_packages_differ() -> None:
    assert len({package(number).statement for number in range(PACKAGES)}) == PACKAGES
    assert len({len(header_bytes(package(number).header)) for number in range(PACKAGES)}) > 10
