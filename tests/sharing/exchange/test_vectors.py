"""Two readers of the package format, written apart, say the same; `make vectors` has 1,000."""

from dataclasses import replace
from pathlib import Path

import pytest

import tools.package_bag as inside
import tools.read_package as independent
from tests.sharing.exchange import bags, vectors
from tests.sharing.exchange.packages import CARDS, LIAISON

NUMBERS = range(2 * len(vectors.SPOILS) + 2)
"""Every way to spoil a package once, and as many that are sound."""


def test_both_readers_take_what_is_sound_and_refuse_the_rest() -> None:
    found = [vectors.vector(5, number) for number in NUMBERS]
    assert {each.name for each in found} == {*vectors.SPOILS, "valid"}
    assert vectors.differences(found) == []


def test_what_spoils_a_bag_changes_nothing_else() -> None:
    for number in range(0, 20, 2):
        sound = vectors.vector(5, number).plain
        assert bags.packed(bags.members(sound)) == sound, "the standard library writes the same"
        assert bags.packed(bags.sealed_again(bags.members(sound))) == sound


def test_a_difference_is_found() -> None:
    sound = vectors.vector(5, 0)
    spoiled = vectors.vector(5, 1)
    assert vectors.differences([replace(sound, valid=False), replace(spoiled, valid=True)]) == [
        "0 valid: product True, other True",
        f"1 {spoiled.name}: product False, other False",
    ]


def test_the_other_reader_opens_what_the_product_sealed() -> None:
    for number in range(0, 8, 2):
        found = vectors.vector(7, number)
        keys = dict(vectors.NODES)[found.node]
        sealed, secret = vectors.sealed(found), str(keys.exchange_identity)
        assert independent.open_seal(sealed, secret) == found.plain
        for place in range(number, len(sealed), 97):
            flipped = bytearray(sealed)
            flipped[place] ^= 1
            with pytest.raises(Exception):  # noqa: B017, PT011 - any refusal, never other bytes
                independent.open_seal(bytes(flipped), secret)


def test_a_seal_of_several_chunks_opens_and_a_cut_one_does_not() -> None:
    plain = bytes(range(256)) * 700
    found = vectors.Vector(name="large", valid=True, node="us.hsi", plain=plain)
    sealed, secret = vectors.sealed(found), str(LIAISON.exchange_identity)
    assert independent.open_seal(sealed, secret) == plain
    head = sealed.index(b"\n---")
    head = sealed.index(b"\n", head + 1) + 1
    for cut in (head + 16 + 64 * 1024 + 16, len(sealed) - 1):
        with pytest.raises(Exception):  # noqa: B017, PT011 - as above
            independent.open_seal(sealed[:cut], secret)


def test_the_vectors_are_kept_for_others_and_read_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [vectors.vector(5, number) for number in range(2)]
    vectors.write(found, tmp_path)
    for number, each in enumerate(found):
        words = [str(tmp_path / f"{number:04d}.tbpackage"), "--node", each.node]
        for node in CARDS:
            words += ["--card", str(tmp_path / f"{node}.card")]
        words += ["--identity", str(tmp_path / f"{each.node}.identity")]
        assert independent.main(words) == (0 if each.valid else 1)
    assert "refused: not a package" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (1e-27, "1e-27"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (-0.0, "0"),
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
         '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'),
    ],
)  # fmt: skip
def test_the_other_reader_writes_canonical_json_as_rfc_8785_shows(value: object, text: str) -> None:
    assert inside.canonical(value) == text
