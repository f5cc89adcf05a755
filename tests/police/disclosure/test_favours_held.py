"""What a signed bundle says in somebody's favour and can't be so is named, by both checkers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.police.disclosure.bundles import KEYS, a_bundle, a_content, laid
from tests.police.disclosure.verdicts import as_signed, both, resigned
from tipbridge.police.disclosure import bag
from tipbridge.police.disclosure.favouring import NOTHING
from tipbridge.police.disclosure.model import Json

PATH = "data/favours.json"


def _changed(change: Callable[[Json], object]) -> dict[str, bytes]:
    files = a_bundle(a_content(7))
    said: Json = json.loads(files[PATH])
    change(said)
    files[PATH] = json.dumps(said).encode()
    return as_signed(files)


def _one(said: Json) -> Json:
    return said["people"][0]


def _favour(said: Json, kind: str) -> Json:
    every = [*said["of_case"], *_one(said)["favours"]]
    return next(each for each in every if each["kind"] == kind)


@pytest.mark.parametrize(
    "change",
    [
        lambda said: _one(said)["favours"].pop(0),
        lambda said: _one(said)["favours"].clear(),
        lambda said: _one(said)["defence"].pop(),
        lambda said: _one(said)["corrections"].pop(),
        lambda said: _one(said)["corrections"].pop(0),
        lambda said: said["people"].pop(0),
        lambda said: said["people"].append(_one(said)),
        lambda said: _one(said).update(nothing=NOTHING),
        lambda said: _one(said).pop("nothing"),
        lambda said: _one(said).pop("child"),
        lambda said: _one(said).update(child="yes"),
        lambda said: said["elsewhere"].append("0" * 32),
        lambda said: said["elsewhere"].append(_favour(said, "staff")["via"]),
        lambda said: said.pop("of_case"),
        lambda said: said["not_found"].append({"examination": "0" * 32}),
        lambda said: _favour(said, "staff").update(text=""),
        lambda said: _favour(said, "staff").update(source=None),
        lambda said: _favour(said, "staff").update(via="0" * 32),
        lambda said: _favour(said, "demand").update(at=None),
        lambda said: _favour(said, "demand").update(kind="rumour"),
        lambda said: _favour(said, "referral").update(part=None),
        lambda said: _favour(said, "referral").update(via="0" * 32),
        lambda said: _favour(said, "closed").update(source="us.hsi"),
        lambda said: _one(said)["defence"][0].update(asked=None),
        lambda said: _one(said)["defence"][0].update(answer=None),
        lambda said: _one(said)["defence"][0].update(answer=None, answered_at=None),
        lambda said: _one(said)["defence"][1].update(answer="Sent."),
        lambda said: _one(said)["corrections"][0].update(grounds=""),
        lambda said: _one(said)["corrections"][1].update(undoes="0" * 32),
    ],
)
def test_what_a_bundle_says_in_somebodys_favour_and_cant_be_so_is_named(
    tmp_path: Path, change: Callable[[Json], object]
) -> None:
    assert both(laid(tmp_path / "b", _changed(change))) == [(PATH, "contradicts", "")]


def test_what_nothing_favours_has_to_say_so(tmp_path: Path) -> None:
    seeds = (seed for seed in range(50) if not a_content(seed).favours["of_case"])
    content = next(c for c in map(a_content, seeds) if len(c.favours["people"]) > 1)
    assert both(laid(tmp_path / "whole", a_bundle(content))) == []
    content.favours["people"][1]["nothing"] = None
    assert both(laid(tmp_path / "b", a_bundle(content))) == [(PATH, "contradicts", "")]


def test_another_agency_reads_that_the_defence_asked_and_no_word_of_it(tmp_path: Path) -> None:
    content = a_content(7)
    content.head["purpose"] = "other-agency"
    assert both(laid(tmp_path / "b", a_bundle(content))) == [(PATH, "contradicts", "")]
    for each in content.favours["people"][0]["defence"]:
        each |= {"asked": None, "answer": None}
    assert both(laid(tmp_path / "c", a_bundle(content))) == []


def test_a_file_changed_or_taken_out_is_named_as_any_other(tmp_path: Path) -> None:
    files = a_bundle(a_content(7))
    changed = files | {PATH: files[PATH].replace(b"caf", b"bar")}
    assert both(laid(tmp_path / "changed", changed)) == [(PATH, "changed", "")]
    del files[PATH]
    assert both(laid(tmp_path / "missing", files)) == [(PATH, "missing", "")]
    assert both(laid(tmp_path / "anew", as_signed(files))) == [(PATH, "contradicts", "")]


def test_a_bundle_of_before_what_favours_stood_in_it_is_still_checked(tmp_path: Path) -> None:
    files = a_bundle(a_content(7))
    del files[PATH]
    old = resigned(as_signed(files), KEYS, format=bag.WITHOUT_FAVOURS)
    assert both(laid(tmp_path / "old", old), KEYS.fingerprint) == []
    sealed = json.loads(old["data/sealed.json"]) | {"recipient": "somebody"}
    wrong = as_signed(old | {"data/sealed.json": json.dumps(sealed).encode()})
    assert both(laid(tmp_path / "wrong", wrong)) == [("data/sealed.json", "contradicts", "")]
