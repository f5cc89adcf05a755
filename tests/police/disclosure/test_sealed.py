"""Files that leave sealed: read again where they were found, opened by the named recipient alone."""

import io
import json
import os
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity
from typer.testing import CliRunner

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE, add_staff
from tests.police.disclosure.test_actions import approve, propose
from tests.police.disclosure.test_pages import client_of, taken
from tests.police.disclosure.verdicts import both
from tests.police.evidence.images import Maker, bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tipbridge.foundation.audit.log import sequence
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.disclosure import actions, writing
from tipbridge.police.disclosure.commands import group
from tipbridge.police.disclosure.errors import FolderUnwritable, NotApproved, OtherSealed
from tipbridge.police.disclosure.folder import fill_folder, new_folder
from tipbridge.police.disclosure.model import Disclosure, LaidFile
from tipbridge.police.disclosure.sealing import Sealable, ToSeal, seal_into
from tipbridge.police.disclosure.writing import make_bundle
from tipbridge.police.evidence.errors import NotAsFound
from tipbridge.police.evidence.examining import examine_folder
from tipbridge.police.evidence.giving import SourceAgain, read_again
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import FoundFile

LYING, DELETED, LOOSE, WITHIN, COPIED = (bmp(seed, 70_000) for seed in range(5))
BEHIND = bmp(5, 900)
ODD = b"b\xff\xfe.bmp"


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inner.bmp", data)
    return out.getvalue()


def a_seizure(node: Node, folder: Path) -> str:
    """A stick with a file, one deleted, in slack, in free space, in an archive; and a folder."""
    maker = Maker("fat12", folder / "stick.img").make()
    maker.write("LYING.BMP", LYING)
    maker.write("A.ZIP", _zipped(WITHIN))
    maker.write("SHORT.TXT", b"a few bytes")
    maker.patch(maker.found("SHORT.TXT").entry.first_byte + 600, BEHIND)
    maker.write("GONE.BMP", DELETED)
    maker.remove("GONE.BMP")
    maker.patch(400 * 1024, LOOSE)
    (folder / "copies").mkdir()
    Path(os.fsdecode(os.fsencode(folder / "copies") + b"/" + ODD)).write_bytes(COPIED)
    listed(node, "national", *map(sha256, (LYING, DELETED, LOOSE, WITHIN, COPIED, BEHIND)))
    case = a_case(node)
    stick = an_exhibit(node, CONSOLE, case, mark="E1")
    export = an_exhibit(node, CONSOLE, case, mark="E2")
    examine_image(node, CONSOLE, stick.id, image=maker.path)
    examine_folder(lambda: open_work(node, CONSOLE), export.id, folder=folder / "copies")
    sequence(node.engine, node.id, node.sign_checkpoint)
    return case


def _approved(node: Node, case: str, to_seal: ToSeal) -> Disclosure:
    made = propose(node, CONSOLE, case, seal=to_seal)
    for role in (Role.INVESTIGATOR, Role.EXAMINER):
        approve(node, add_staff(node, role), made.id)
    return made


def _written(node: Node, made: Disclosure, folder: Path) -> Path:
    with new_folder(folder) as aside:
        bundle = make_bundle(lambda: open_work(node, CONSOLE), made.id, aside)
        fill_folder(aside, bundle.files)
    return folder


def _moved_away(node: Node, case: str, disclosure: str, stick: Path) -> Path:
    """Where the image is now; at its old place, or a place that it never was at, it is not found."""
    with open_work(node, CONSOLE) as work:
        lines = actions.list_disclosures(work, case=case)
    (approved,) = [each.disclosure for each in lines if each.disclosure.id == disclosure]
    archive = stick.with_name("archive.img")
    stick.rename(archive)
    with pytest.raises(NotAsFound, match="no such file"):
        _written(node, approved, stick.with_name("gone"))
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match=r"it was at: .*stick\.img"):
        actions.begin_sealing(work, disclosure, moved={"/dev/other": str(archive)})
    return archive


def test_files_leave_sealed_and_only_the_named_recipient_opens_them(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))

    def typed(*words: str) -> dict[str, str]:
        line = (words[0], "--data", str(node.data), "--json", *words[1:])
        done = CliRunner().invoke(group, line, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    case, key = a_seizure(node, tmp_path), Identity.generate()
    wanted = {sha256(data): data for data in (LYING, DELETED, LOOSE, BEHIND, COPIED)}

    def refused(why: str, **changes: object) -> None:
        said = {"name": "Court", "recipient": str(key.to_public()), "files": [*wanted]} | changes
        with pytest.raises(Invalid, match=why):
            propose(node, CONSOLE, case, seal=ToSeal(**said))

    refused("lies within an archive only", files=[sha256(WITHIN)])
    refused("is no finding and no near match", files=["0" * 64])
    refused("by its SHA-256", files=["LYING.BMP"])
    refused("all three", name="")
    refused("all three", files=[])
    refused("Not an age X25519 recipient", recipient="age1somebody")
    to_seal = ToSeal(name="Court", recipient=str(key.to_public()), files=[*wanted])
    waiting = propose(node, CONSOLE, case, seal=to_seal)
    with pytest.raises(NotApproved):
        _written(node, waiting, tmp_path / "early")
    (tmp_path / "list.txt").write_text("\n".join([*wanted][1:]))
    made = typed(
        "propose", case, "--to", "Example District Court", "--purpose", "court", "--seal",
        sha256(LYING).upper(), "--seal-list", str(tmp_path / "list.txt"), "--seal-for", "Court",
        "--seal-key", to_seal.recipient,
    )  # fmt: skip
    for role in (Role.INVESTIGATOR, Role.EXAMINER):
        approve(node, add_staff(node, role), made["id"])
    with open_work(node, CONSOLE) as work, pytest.raises(OtherSealed):
        actions.write_disclosure(work, made["id"])
    bundle, stick = tmp_path / "bundle", tmp_path / "stick.img"
    archive = _moved_away(node, case, made["id"], stick)
    told = typed("write", made["id"], str(bundle), "--moved", f"{stick}={archive}")
    assert told["files"] == len([path for path in bundle.rglob("*") if path.is_file()])
    assert both(bundle, node.keys.fingerprint) == []
    said = json.loads((bundle / "data/sealed.json").read_bytes())
    assert (said["name"], said["recipient"]) == ("Court", str(key.to_public()))
    assert {each["sha256"] for each in said["files"]} == wanted.keys()
    assert len(list((bundle / "data/sealed").iterdir())) == len(wanted)
    for each in said["files"]:
        sealed = (bundle / each["file"]).read_bytes()
        assert pyrage.decrypt(sealed, [key]) == wanted[each["sha256"]]
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(sealed, [Identity.generate()])
    everything = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())
    assert not any(data[100:130] in everything for data in wanted.values())
    shown = client_of(node, "reader", Role.EXAMINER).get(f"/disclosures/{made['id']}").text
    assert to_seal.recipient in shown


def test_what_is_not_what_was_found_does_not_leave(node: Node, tmp_path: Path) -> None:
    case, key = a_seizure(node, tmp_path), str(Identity.generate().to_public())
    wanted = [sha256(LYING), sha256(LOOSE)]
    made = _approved(node, case, ToSeal(name="Court", recipient=key, files=wanted))
    image = tmp_path / "stick.img"
    whole = image.read_bytes()
    changes = {
        whole.replace(LYING, LYING[:-1] + b"?"): "its bytes are not what they were",
        whole.replace(LOOSE, bytes(len(LOOSE))): "its bytes are not what they were",
        whole.replace(b"LYING   BMP", b"OTHER   BMP"): "it is not where it was",
        b"": "as an image",
    }
    for number, (data, why) in enumerate(changes.items()):
        image.unlink()
        if data:
            image.write_bytes(data)
        with pytest.raises(NotAsFound, match=why):
            _written(node, made, tmp_path / f"bundle-{number}")
        assert not list(tmp_path.glob("bundle*")), "nothing is left behind"
    image.write_bytes(whole)
    copied = _approved(node, case, ToSeal(name="Court", recipient=key, files=[sha256(COPIED)]))
    for path in (tmp_path / "copies").iterdir():
        path.unlink()
    with pytest.raises(NotAsFound, match="can't be read where it was"):
        _written(node, copied, tmp_path / "bundle")
    with open_work(node, CONSOLE) as work:
        assert not any(line.written for line in actions.list_disclosures(work, case=case))


def test_the_page_seals_as_the_command_does_and_leaves_nothing_aside(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key = a_seizure(node, tmp_path), Identity.generate()
    aside, seen = node.data / "sealing", list[str]()

    def seal(folder: Path, wanted: Sealable) -> dict[str, LaidFile]:
        done = seal_into(folder, wanted)
        assert folder.parent == aside
        seen.extend(oct(each.stat().st_mode & 0o777) for each in (aside, folder))
        return done

    monkeypatch.setattr(writing, "seal_into", seal)
    officer = client_of(node, "officer", Role.INVESTIGATOR)
    form = {
        "case": case,
        "recipient": "Example District Court",
        "purpose": "court",
        "seal_for": "Exhibits office",
        "seal_key": str(key.to_public()),
        "seal_files": f"{sha256(LYING)},\n{sha256(DELETED)}\n",
    }
    where = officer.post("/disclosures", data=form).headers["location"]
    for name in ("second", "third"):
        assert client_of(node, name, Role.EXAMINER).post(f"{where}/approve").status_code == 303
    answer = officer.post(f"{where}/write")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        assert archive.getnames() == sorted(archive.getnames())
    bundle = taken(answer, tmp_path / "taken")
    assert both(bundle, node.keys.fingerprint) == []
    sealed = (bundle / f"data/sealed/{sha256(DELETED)}.age").read_bytes()
    assert pyrage.decrypt(sealed, [key]) == DELETED
    assert seen == ["0o700", "0o700"], "in the node's own folder, and nobody else reads them"
    assert not list(aside.iterdir())
    (tmp_path / "stick.img").unlink()
    assert officer.post(f"{where}/write").status_code == 409
    assert not list(aside.iterdir())


def _of_folder(folder: Path, data: bytes) -> SourceAgain:
    file = FoundFile(number=1, path="large.bin", digests=digest_bytes(data), finding=None)
    return SourceAgain(source=str(folder), kind="folder", files=(file,))


def test_a_file_goes_through_in_pieces_however_large_and_a_full_disk_is_said(
    tmp_path: Path,
) -> None:
    data = os.urandom(3 * 1024 * 1024 + 7)
    (tmp_path / "large.bin").write_bytes(data)
    wanted, pieces = _of_folder(tmp_path, data), list[int]()

    def take(_file: FoundFile, given: Iterator[bytes]) -> None:
        pieces.extend(len(each) for each in given)

    read_again(wanted, take)
    assert max(pieces) <= 1024 * 1024
    assert sum(pieces) == len(data)
    full = tmp_path / "b/data/sealed"
    full.mkdir(parents=True)
    name = f"{sha256(data)}.age"
    (full / name).write_bytes(b"stands there")
    recipient = str(Identity.generate().to_public())
    with pytest.raises(FolderUnwritable, match="EEXIST"):
        seal_into(tmp_path / "b", Sealable(recipient=recipient, sources=(wanted,)))
    with suppress(FileNotFoundError):
        (full / name).unlink()
    laid = seal_into(tmp_path / "b", Sealable(recipient=recipient, sources=(wanted,)))
    assert laid[f"data/sealed/{name}"].size_bytes == (full / name).stat().st_size
