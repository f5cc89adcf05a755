"""Bundles as anybody gets them: the product and the one-file verifier say the same of each."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity, Recipient

from tests.police.disclosure.bundles import KEYS, a_bundle, a_content, a_release, chained, laid
from tests.police.disclosure.mass import roomy, run
from tests.police.disclosure.spoiling import WAYS
from tests.police.disclosure.verdicts import as_signed, both, resigned
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.police.disclosure import bag
from tipbridge.police.disclosure.checking import check_bundle
from tipbridge.police.disclosure.errors import FolderTaken, NoBundle
from tipbridge.police.disclosure.folder import new_folder, write_folder
from tipbridge.police.disclosure.model import Content, Json

VERIFIER = Path(__file__).parents[3] / "tools" / "verify_bundle.py"


def test_whatever_is_done_to_a_bundle_both_say_exactly_that() -> None:
    with roomy() as folder:
        done = run(7 * len(WAYS), 2014, folder)
    assert set(done.values()) == {7}


def test_an_untouched_bundle_is_whole_and_of_the_node_that_made_it(tmp_path: Path) -> None:
    folder = laid(tmp_path / "bundle", a_bundle(a_content(1)))
    assert both(folder, KEYS.fingerprint) == []
    other = NodeKeys.generate().fingerprint
    assert both(folder, other) == [("node-card.dsse.json", "contradicts", "")]


def test_the_same_content_gives_the_same_payload_and_what_people_approve_is_its_digest() -> None:
    first, second = (a_bundle(a_content(3)) for _ in range(2))
    assert first == second
    payload = {path: data for path, data in first.items() if path.startswith("data/")}
    assert bag.content_digest(payload) == bag.sha256(first[bag.MANIFEST])
    more = payload | {"data/case.json": payload["data/case.json"] + b" "}
    assert bag.content_digest(more) != bag.content_digest(payload)


def _hole(content: Content) -> str:
    del content.custody[1]
    return "data/custody.json"


def _unexplained(content: Content) -> str:
    events = [
        event for event in content.custody if event["exhibit_id"] == content.exhibits[0]["id"]
    ]
    events[2]["reason"] = None
    again = chained([{k: v for k, v in event.items() if k != "digest"} for event in events])
    content.custody[: len(again)] = again
    return "data/custody.json"


def _another_taker(content: Content) -> str:
    content.custody[1]["taker"] = "somebody"
    return "data/custody.json"


def _written_anew(content: Content) -> str:
    """A whole chain with another taker, digests and all; the log has what was recorded then."""
    mine = [event["exhibit_id"] == content.exhibits[0]["id"] for event in content.custody]
    events = [event for event, is_mine in zip(content.custody, mine, strict=True) if is_mine]
    events[1]["taker"] = "somebody"
    again = chained([{k: v for k, v in event.items() if k != "digest"} for event in events])
    content.custody[: len(again)] = again
    return "data/custody.json"


def _last_left_out(content: Content) -> str:
    content.custody.pop()
    return "data/custody.json"


def _another_order(content: Content) -> str:
    """Two events with each other's words, positions kept."""
    one, two = content.custody[3], content.custody[4]
    one["kind"], two["kind"] = two["kind"], one["kind"]
    return "data/custody.json"


def _no_custody(content: Content) -> str:
    content.custody.clear()
    return "data/custody.json"


def _lost_entries(content: Content) -> str:
    content.examinations[0]["total"] += 1
    return "data/examinations.json"


def _fewer_findings(content: Content) -> str:
    findings = next(each for each in content.findings.values() if each)
    findings.append(findings[0] | {"path": "volume/more", "number": len(findings)})
    return "data/examinations.json"


def _more_near(content: Content) -> str:
    near = next(iter(content.near.values()))
    near.append({"path": "volume/more", "hits": []})
    return "data/examinations.json"


def _other_entry(content: Content) -> str:
    content.audit["entries"][0]["entry"] += " "
    return "data/audit.json"


def _other_place(content: Content) -> str:
    content.audit["entries"][0]["position"] += 1
    return "data/audit.json"


def _longer_proof(content: Content) -> str:
    content.audit["entries"][0]["proof"].append("00" * 32)
    return "data/audit.json"


def _other_log(content: Content) -> str:
    content.audit["checkpoint"] = a_content(99).audit["checkpoint"][:-9] + 'AAA="}]}'
    return "data/audit.json"


def _no_release(content: Content) -> str:
    content.releases.pop()
    return "data/releases.json"


def _came_elsewhere(content: Content) -> str:
    release = content.releases[0]
    again = a_release(release["referral_id"], release["package_id"], node="jp.npa")
    content.releases[0] = again
    return "data/releases.json"


def _hop_left_out(content: Content) -> str:
    del content.releases[0]["hops"][0]
    return "data/releases.json"


def _other_card(content: Content) -> str:
    first, second = content.releases[0]["hops"]
    second["card"] = first["card"]
    return "data/releases.json"


def _other_words(content: Content) -> str:
    other = a_release("1" * 32, "2" * 32)
    content.releases[0]["hops"][1]["statement"] = other["hops"][1]["statement"]
    return "data/releases.json"


@pytest.mark.parametrize(
    "spoil",
    [
        _hole,
        _unexplained,
        _another_taker,
        _another_order,
        _written_anew,
        _last_left_out,
        _no_custody,
        _lost_entries,
        _fewer_findings,
        _more_near,
        _other_entry,
        _other_place,
        _longer_proof,
        _other_log,
        _no_release,
        _came_elsewhere,
        _hop_left_out,
        _other_card,
        _other_words,
    ],
)
def test_what_was_signed_and_cant_be_so_is_named(
    tmp_path: Path, spoil: Callable[[Content], str]
) -> None:
    content = a_content(7)
    path = spoil(content)
    assert both(laid(tmp_path / "b", a_bundle(content))) == [(path, "contradicts", "")]


def test_a_bundle_of_before_releases_stood_in_it_is_still_checked(tmp_path: Path) -> None:
    files = a_bundle(a_content(7))
    files = {
        path: data for path, data in files.items() if "sealed" not in path and "favours" not in path
    }
    second = resigned(as_signed(files), KEYS, format=bag.WITHOUT_SEALED)
    assert both(laid(tmp_path / "second", second), KEYS.fingerprint) == []
    del files["data/releases.json"]
    old = resigned(as_signed(files), KEYS, format=bag.WITHOUT_RELEASES)
    assert both(laid(tmp_path / "old", old), KEYS.fingerprint) == []
    said_newer = resigned(old, KEYS, format=bag.STATEMENT_FORMAT)
    assert both(laid(tmp_path / "newer", said_newer)) == [
        ("data/favours.json", "contradicts", ""),
        ("data/releases.json", "contradicts", ""),
        ("data/sealed.json", "contradicts", ""),
    ]


def _with_sealed(change: Callable[[Json], object]) -> dict[str, bytes]:
    files = a_bundle(a_content(7))
    said: Json = json.loads(files["data/sealed.json"])
    change(said)
    files["data/sealed.json"] = json.dumps(said).encode()
    return as_signed(files)


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["files"].pop(),
        lambda said: said["files"].append(said["files"][0]),
        lambda said: said["files"][0].update(number=99),
        lambda said: said["files"][0].update(path="volume/other.jpg"),
        lambda said: said["files"][0].update(size_bytes=said["files"][0]["size_bytes"] + 1),
        lambda said: said["files"][0].update(sha256="0" * 64),
        lambda said: said.update(name=None),
        lambda said: said.update(recipient=None),
        lambda said: said.update(recipient="somebody"),
        lambda said: said.pop("files"),
    ],
)
def test_what_a_bundle_says_of_its_sealed_files_and_cant_be_so_is_named(
    tmp_path: Path, change: Callable[[Json], object]
) -> None:
    found = both(laid(tmp_path / "b", _with_sealed(change)))
    assert found == [("data/sealed.json", "contradicts", "")]


def test_a_file_that_is_not_sealed_to_one_key_is_named(tmp_path: Path) -> None:
    whole = a_bundle(a_content(7))
    path = next(each for each in whole if each.startswith("data/sealed/"))
    sealed = whole[path]
    one, other = (str(Identity.generate().to_public()) for _ in range(2))
    for number, data in enumerate(
        (
            b"a picture as it is",
            pyrage.encrypt(b"x" * 700, [Recipient.from_str(one), Recipient.from_str(other)]),
            sealed.replace(b"-> X25519 ", b"-> scrypt "),
            sealed + b"more",
            sealed[:-1],
            sealed.replace(b"encryption.org/v1", b"encryption.org/v2"),
            sealed.replace(b"\n--- ", b"\ngarbage\n--- "),
            sealed.replace(b"-> ", b"between\n-> "),
            sealed.replace(b"-> X", b"->  X"),
            re.sub(rb"\n--- .*?\n", b"\n--- x\n", sealed),
        )
    ):
        folder = laid(tmp_path / str(number), as_signed(whole | {path: data}))
        assert both(folder) == [("data/sealed.json", "contradicts", "")], number
    assert both(laid(tmp_path / "whole", as_signed(dict(whole)))) == []


def test_an_action_without_a_record_of_its_provenance_is_named(tmp_path: Path) -> None:
    files = a_bundle(a_content(8))
    graph: Json = json.loads(files["data/case.jsonld"])
    action = next(node for node in graph["@graph"] if node["@type"].endswith("Action"))
    action["uco-action:result"] = []
    files["data/case.jsonld"] = json.dumps(graph).encode()
    assert both(laid(tmp_path / "b", as_signed(files))) == [("data/case.jsonld", "contradicts", "")]


def test_a_bundle_of_another_case_or_approved_by_one_is_named(tmp_path: Path) -> None:
    files = a_bundle(a_content(9))
    other = laid(tmp_path / "other", resigned(files, KEYS, case="2014-999999"))
    assert both(other) == [("data/case.json", "contradicts", "")]
    alone = laid(tmp_path / "alone", a_bundle(a_content(9), people=1))
    assert both(alone) == [("statement.dsse.json", "contradicts", "")]
    own = laid(tmp_path / "own", a_bundle(a_content(9), proposer=f"{0:032}"))
    assert both(own) == [("statement.dsse.json", "contradicts", "")]


def test_a_stranger_who_signs_it_anew_is_not_the_node_asked_for(tmp_path: Path) -> None:
    stranger = NodeKeys.generate()
    files = a_bundle(a_content(10), stranger)
    folder = laid(tmp_path / "b", files)
    # Their own audit checkpoint they can't have: it is signed by the node that kept the log.
    assert ("node-card.dsse.json", "contradicts", "") in both(folder, KEYS.fingerprint)
    half = laid(
        tmp_path / "half",
        resigned(a_bundle(a_content(10)), stranger, signing_key=stranger.public_signing_key.hex()),
    )
    assert ("node-card.dsse.json", "contradicts", "") in both(half)


def test_the_verifier_stands_alone_and_its_exit_code_says_it(tmp_path: Path) -> None:
    forms = VERIFIER.with_name("bundle_forms.py")
    apart = tmp_path / "apart"
    apart.mkdir()
    alone = [Path(shutil.copy(each, apart)) for each in (VERIFIER, forms)]
    taken = {
        name.split(".")[0]
        for each in alone
        for node in ast.walk(ast.parse(each.read_text("utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert taken <= sys.stdlib_module_names | {forms.stem}
    folder = laid(tmp_path / "b", a_bundle(a_content(15)))

    def typed(*words: str) -> tuple[int, str]:
        line = [sys.executable, "-I", "-S", str(alone[0]), *words]
        done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    code, said = typed(str(folder))
    assert (code, "whole: " in said, "give --fingerprint" in said) == (0, True, True)
    assert "synthetic data" in said
    assert "give --fingerprint" not in typed(str(folder), "--fingerprint", KEYS.fingerprint)[1]
    (folder / "data" / "custody.json").rename(folder / "data" / "chain\u202e.json")
    assert typed(str(folder))[0] == 1
    (folder / "data" / "chain\u202e.json").rename(folder / "data" / "chain.json")
    code, said = typed(str(folder))
    assert code == 1
    assert "renamed      'data/custody.json' is now 'data/chain.json'" in said
    found = json.loads(typed(str(folder), "--json")[1])
    assert found["problems"] == [
        {"path": "data/custody.json", "kind": "renamed", "now": "data/chain.json"}
    ]
    assert typed(str(tmp_path / "nowhere"))[0] == 2
    with pytest.raises(NoBundle):
        check_bundle(tmp_path / "nowhere")


def test_nobody_is_named_a_sender_by_the_statement_itself(tmp_path: Path) -> None:
    files = {p: data for p, data in a_bundle(a_content(7)).items() if "sealed" not in p}
    del files["data/releases.json"]
    said: Json = {"format": bag.WITHOUT_RELEASES, "senders": [["NCMEC", "\x1b[2J"]]}
    folder = laid(tmp_path / "b", resigned(as_signed(files), KEYS, **said))
    assert both(folder) == []
    line = [sys.executable, "-I", "-S", str(VERIFIER), str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert "whole" in done.stdout
    assert "NCMEC" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_folder_that_stands_is_not_written_over(tmp_path: Path) -> None:
    files = a_bundle(a_content(16))
    write_folder(tmp_path / "b", files)
    assert both(tmp_path / "b") == []
    with pytest.raises(FolderTaken):
        write_folder(tmp_path / "b", files)
    (tmp_path / "c").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FolderTaken):
        write_folder(tmp_path / "c", files)


def test_what_a_killed_write_left_is_taken_away_by_the_next_and_nothing_else_is(
    tmp_path: Path,
) -> None:
    files = a_bundle(a_content(16))
    killed = (
        "import os, sys; from pathlib import Path\n"
        "from tipbridge.police.disclosure.folder import new_folder\n"
        "with new_folder(Path(sys.argv[1])) as aside:\n"
        "    (aside / 'half').write_bytes(b'half'); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(tmp_path / "b")], check=False)
    assert done.returncode == -9
    assert (tmp_path / "b.part" / "half").exists()
    write_folder(tmp_path / "b", files)
    assert both(tmp_path / "b") == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b"]
    with new_folder(tmp_path / "c"), pytest.raises(FolderTaken):
        write_folder(tmp_path / "c", files)
    assert not (tmp_path / "c" / ".tipbridge-writes-here").exists()
    (tmp_path / "d.part").mkdir()
    (tmp_path / "d.part" / "of somebody").write_bytes(b"theirs")
    with pytest.raises(FolderTaken):
        write_folder(tmp_path / "d", files)
    assert (tmp_path / "d.part" / "of somebody").exists()
