"""The exhibits commands, as scripts use them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.police.evidence.test_actions import a_case, a_folder
from tipbridge.foundation.base.errors import Invalid, TipbridgeError
from tipbridge.police.evidence.commands import group


@pytest.fixture
def tipbridge(database, node, monkeypatch: pytest.MonkeyPatch):
    """Runs `tipbridge exhibits …` on the node's own database."""
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))

    def run(*words: str):
        words = (words[0], "--data", str(node.data), "--json", *words[1:])
        done = CliRunner().invoke(group, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def test_an_exhibit_is_added_examined_and_shown(node, tipbridge, tmp_path: Path) -> None:
    case = a_case(node)
    added = tipbridge(
        "add", "--case", case, "--mark", "PC-1", "--kind", "folder", "--description", "a laptop",
        "--place", "at work", "--authority", "consent", "--seized-at", "2014-05-01T09:00+09:00",
    )  # fmt: skip
    assert added["seizure"]["at"].startswith("2014-05-01T")
    folder = a_folder(tmp_path / "laptop", 12)
    (folder / "link").symlink_to(folder)
    done = tipbridge("examine", added["id"], str(folder), "--sorted")
    assert (done["total"], done["processed"], done["unprocessed"]) == (13, 12, 1)
    shown = tipbridge("show", added["id"], "--findings")
    assert len(shown["files"]) == 12
    assert [event["kind"] for event in shown["custody"]] == ["seized", "examined"]
    (line,) = tipbridge("list", "--case", case)
    assert (line["mark"], line["items"]) == ("PC-1", 12)
    tipbridge("hand-over", added["id"], "--to", "lab", "--outside")
    event = tipbridge("receive", added["id"], "--reason", "the lab is away")
    assert event["faults"] == ["not-the-receiver", "same-side"]
    tipbridge("return", added["id"], "--to", "the owner")


def test_an_examination_says_where_its_source_stood_wherever_it_was_typed(
    node, tipbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = tipbridge(
        "add", "--case", a_case(node), "--mark", "USB-1", "--kind", "folder",
        "--description", "a stick", "--place", "at work", "--authority", "consent",
    )  # fmt: skip
    a_folder(tmp_path / "stick", 1)
    monkeypatch.chdir(tmp_path)
    assert tipbridge("examine", added["id"], "stick")["source"] == str(tmp_path / "stick")


def test_a_medium_is_imaged_and_its_image_examined(node, tipbridge, tmp_path: Path) -> None:
    added = tipbridge(
        "add", "--case", a_case(node), "--mark", "USB-1", "--kind", "device",
        "--description", "a stick", "--place", "at work", "--authority", "consent",
    )  # fmt: skip
    medium, image = tmp_path / "medium", tmp_path / "image.raw"
    medium.write_bytes(b"synthetic" * 1000)
    made = tipbridge("acquire", added["id"], str(medium), str(image))
    assert made["copied"]["digests"]["size_bytes"] == 9000
    assert image.read_bytes() == medium.read_bytes()
    done = tipbridge("examine", added["id"], str(image))
    assert done["sha256_before"] == made["copied"]["digests"]["sha256"]
    assert tipbridge("show", added["id"])["acquisitions"] == [made]
    image.chmod(0o600)
    image.write_bytes(b"QFI\xfb" + image.read_bytes()[4:])
    again = tipbridge("examine", added["id"], str(image), "--form", "raw")
    assert (again["verdict"], again["acquisition"]) == ("altered", done["acquisition"])
    assert again["doubts"][0]["kind"] == "not-as-acquired"
    assert again["doubts"][0]["detail"].startswith("segment 1 of 1 (bytes 0 to ")
    others = [tmp_path / name for name in ("first.raw", "none.raw", "second.raw")]
    for number, other in enumerate(others[::2]):
        other.write_bytes(bytes([number]) * 5000)
    line = ("examine", "--data", str(node.data), "--json", added["id"], *map(str, others))
    several = CliRunner().invoke(group, line)
    assert isinstance(several.exception, TipbridgeError), "one of the three is not there"
    assert f"'{others[1]}': " in several.stderr
    read = json.loads(several.stdout)
    assert [each["source"] for each in read] == [str(others[0]), str(others[2])]
    with pytest.raises(Invalid, match="is named twice"):
        tipbridge("examine", added["id"], str(image), str(image))


def test_a_report_is_never_written_over_a_file(node, tipbridge, tmp_path: Path) -> None:
    added = tipbridge(
        "add", "--case", a_case(node), "--mark", "USB-1", "--kind", "folder",
        "--description", "a stick", "--place", "at work", "--authority", "consent",
    )  # fmt: skip
    tipbridge("examine", added["id"], str(a_folder(tmp_path / "stick", 1)))
    image = tmp_path / "image.raw"
    image.write_bytes(b"the medium")
    words = ("report", "--data", str(node.data), added["id"], "--out")
    for out, why in (
        (image, "File exists"),
        (tmp_path / "no" / "x", "No such file"),
        (tmp_path, "can't be written"),
    ):
        with pytest.raises(Invalid, match=why):
            CliRunner().invoke(group, (*words, str(out)), catch_exceptions=False)
    assert image.read_bytes() == b"the medium"
    out = tmp_path / "report.jsonl"
    assert CliRunner().invoke(group, (*words, str(out)), catch_exceptions=False).exit_code == 0
    assert json.loads(out.read_text().splitlines()[0])["is"]


def test_custody_is_recorded_at_its_time_and_not_when_it_is_typed(node, tipbridge) -> None:
    added = tipbridge(
        "add", "--case", a_case(node), "--mark", "USB-1", "--kind", "device",
        "--description", "a stick", "--place", "at work", "--authority", "consent",
        "--seized-at", "2014-05-01T09:00+09:00", "--seized-by", "officer",
    )  # fmt: skip
    late = ("--reason", "typed the day after")
    for hour, words in enumerate(
        (
            ("seal", "--seal", "A 001"),
            ("hand-over", "--to", "lab", "--outside"),
            ("receive",),
            ("return", "--to", "the owner"),
            ("destroy", "--witness", "somebody", "--how", "shredded"),
        ),
        start=10,
    ):
        event = tipbridge(
            words[0], added["id"], *words[1:], *late, "--at", f"2014-05-01T{hour}:00+09:00"
        )
        assert datetime.fromisoformat(event["at"]) == datetime(2014, 5, 1, hour - 9, tzinfo=UTC)
        assert "before-the-last" not in event["faults"]
    assert tipbridge("show", added["id"])["custody_changed"] == []
    words = ("seal", "--data", str(node.data), added["id"], "--seal", "A 2", "--at", "yesterday")
    with pytest.raises(Invalid, match="Write a time in ISO form"):
        CliRunner().invoke(group, words, catch_exceptions=False)
