"""Sealed files open with their group's key, and with nothing else."""

import errno
import io
import os
import resource
import shutil
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity

from tipbridge.foundation.base.errors import (
    Conflict,
    IntegrityFailure,
    Invalid,
    NotFound,
    TipbridgeError,
    Unavailable,
)
from tipbridge.foundation.storage.files import DiskFiles
from tipbridge.foundation.storage.sealer import SMALL_BYTES, open_pieces
from tipbridge.foundation.storage.vault import Sealed, Sealer, Vault

PLAIN = b"a synthetic file, made by this test"


@pytest.fixture
def identity() -> Identity:
    return Identity.generate()


@pytest.fixture
def vault(tmp_path: Path, identity: Identity) -> Vault:
    made = Vault(tmp_path / "vault", identity)
    made.create_key("report-1")
    return made


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "size", [0, 1, SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1, 3_000_000], ids=str
)
def test_what_is_sealed_opens_again(vault: Vault, size: int) -> None:
    data = os.urandom(size)
    sealed = vault.seal("report-1", "file-1", data)
    assert sealed.size_bytes == size
    assert vault.read(sealed) == data


def test_pieces_may_come_in_any_sizes(vault: Vault) -> None:
    pieces = [os.urandom(size) for size in (0, 1, 70_000, 300_000, 2_500_000, 5)]
    sealer = vault.sealer("report-1", "file-1")
    for piece in pieces:
        sealer.write(piece)
    assert vault.read(sealer.finish()) == b"".join(pieces)


@pytest.mark.parametrize("size", [2_000, 2_000_000], ids=str)
def test_an_aborted_file_leaves_nothing(vault: Vault, size: int) -> None:
    sealer = vault.sealer("report-1", "file-1")
    sealer.write(bytes(size))
    sealer.abort()
    assert vault.files_of("report-1") == ()
    assert [path.name for path in vault.folder.rglob("*") if path.is_file()] == ["key"]
    assert not [thread for thread in threading.enumerate() if thread.name == "cipher"]


def test_no_plaintext_and_no_key_lies_in_the_folder(vault: Vault, identity: Identity) -> None:
    vault.seal("report-1", "file-1", PLAIN)
    found = _everything(vault.folder)
    assert PLAIN not in found
    assert b"AGE-SECRET-KEY" not in found
    assert str(identity).encode() not in found


def test_a_copy_of_the_vault_alone_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    sealed = vault.seal("report-1", "file-1", PLAIN)
    shutil.copytree(vault.folder, tmp_path / "stolen")
    thief = Vault(tmp_path / "stolen", Identity.generate())
    with pytest.raises(IntegrityFailure):
        thief.read(sealed)
    for path in (tmp_path / "stolen").rglob("*"):
        if path.is_file():
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(path.read_bytes(), [Identity.generate()])


def test_after_its_key_is_destroyed_vault_and_node_key_open_nothing(
    vault: Vault, identity: Identity, tmp_path: Path
) -> None:
    vault.create_key("report-2")
    kept = vault.seal("report-2", "file-2", PLAIN)
    sealed = vault.seal("report-1", "file-1", PLAIN)
    vault.destroy_key("report-1")
    shutil.copytree(vault.folder, tmp_path / "all")
    again = Vault(tmp_path / "all", identity)
    with pytest.raises(NotFound):
        again.read(sealed)
    opened = 0
    for path in (tmp_path / "all").rglob("*"):
        if path.is_file():
            try:
                pyrage.decrypt(path.read_bytes(), [identity])
                opened += 1
            except pyrage.DecryptError:
                pass
    assert opened == 1, "only the other group's key opens with the node key"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.wrapped_key, [identity])
    assert again.read(kept) == PLAIN
    assert not vault.has_key("report-1")
    vault.destroy_key("report-1")


def test_nothing_more_is_sealed_to_a_destroyed_key(vault: Vault) -> None:
    vault.destroy_key("report-1")
    with pytest.raises(NotFound):
        vault.seal("report-1", "file-1", PLAIN)


class _Halfway(DiskFiles):
    """Looks at the vault while a key is overwritten and not yet unlinked."""

    def __init__(self) -> None:
        self.look: Callable[[], None] = lambda: None

    def unlink(self, path: Path) -> None:
        self.look()
        super().unlink(path)


def test_a_key_that_is_being_destroyed_is_gone_not_broken(
    tmp_path: Path, identity: Identity
) -> None:
    files = _Halfway()
    vault = Vault(tmp_path / "vault", identity, files)
    vault.create_key("report-1")
    sealed = vault.seal("report-1", "file-1", PLAIN)
    looked = []

    def look() -> None:
        with pytest.raises(NotFound):
            vault.read(sealed)
        with pytest.raises(NotFound):
            vault.seal("report-1", "file-2", PLAIN)
        looked.append(True)

    files.look = look
    vault.destroy_key("report-1")
    assert looked == [True]


def _flips(path: Path):
    original = path.read_bytes()
    for place in range(len(original)):
        path.write_bytes(original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :])
        yield place
    path.write_bytes(original)


def test_each_flipped_byte_of_a_file_and_of_its_keys_is_refused(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", PLAIN)
    for name in ("file-1.age", "key"):
        (path,) = vault.folder.rglob(name)
        for place in _flips(path):
            with pytest.raises(TipbridgeError):
                assert vault.read(sealed) is None, f"{name} opened with byte {place} flipped"
    wrapped = sealed.wrapped_key
    for place in range(len(wrapped)):
        bent = wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :]
        with pytest.raises(IntegrityFailure):
            vault.read(replace(sealed, wrapped_key=bent))
    assert vault.read(sealed) == PLAIN


def test_words_in_a_row_open_with_their_groups_key_and_end_with_it(vault: Vault) -> None:
    vault.create_key("report-2")
    sealed = vault.seal_words("report-1", PLAIN)
    assert vault.open_words("report-1", sealed) == PLAIN
    with pytest.raises(IntegrityFailure):
        vault.open_words("report-2", sealed)
    with pytest.raises(IntegrityFailure):
        vault.open_words("report-1", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    vault.destroy_key("report-1")
    with pytest.raises(NotFound):
        vault.open_words("report-1", sealed)


def test_a_large_file_cut_short_or_bent_is_refused_at_the_latest_at_its_end(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", os.urandom(2_000_000))
    (path,) = vault.folder.rglob("file-1.age")
    whole = path.read_bytes()
    last = bytes([whole[-1] ^ 1])
    for bent in (whole[:-1], whole[: len(whole) // 2], whole + b"\0", whole[:-1] + last):
        path.write_bytes(bent)
        with pytest.raises(IntegrityFailure):
            vault.read(sealed)


def test_the_owners_row_must_name_the_right_size(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", PLAIN)
    with pytest.raises(IntegrityFailure):
        vault.read(replace(sealed, size_bytes=sealed.size_bytes - 1))


def test_a_file_put_in_anothers_place_is_refused(vault: Vault) -> None:
    first = vault.seal("report-1", "file-1", PLAIN)
    vault.seal("report-1", "file-2", PLAIN)
    (one,), (two,) = vault.folder.rglob("file-1.age"), vault.folder.rglob("file-2.age")
    one.write_bytes(two.read_bytes())
    with pytest.raises(IntegrityFailure):
        vault.read(first)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 101, "a\0b", "ü"])
def test_names_never_leave_the_folder(vault: Vault, name: str) -> None:
    with pytest.raises(Invalid):
        vault.seal("report-1", name, PLAIN)
    with pytest.raises(Invalid):
        vault.create_key(name)


def test_a_name_is_never_written_twice(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", PLAIN)
    with pytest.raises(Conflict):
        vault.seal("report-1", "file-1", b"other")
    with pytest.raises(Conflict):
        vault.create_key("report-1")
    assert vault.read(sealed) == PLAIN


def test_a_second_group_opens_the_same_bytes_and_outlives_the_first(vault: Vault) -> None:
    vault.create_key("case-1")
    sealed = vault.seal("report-1", "file-1", PLAIN)
    for_case = vault.rewrap(sealed, "case-1")
    assert vault.rewrap(sealed, "case-1").file_id == "file-1"
    vault.destroy_key("report-1")
    vault.remove("report-1")
    assert vault.read(for_case) == PLAIN
    assert vault.files_of("report-1") == ()
    assert vault.files_of("case-1") == ("file-1",)
    vault.destroy_key("case-1")
    vault.remove("case-1")
    assert not [path for path in vault.folder.rglob("*") if path.is_file()]


def test_removing_leaves_other_files_of_the_group(vault: Vault) -> None:
    one = vault.seal("report-1", "file-1", PLAIN)
    two = vault.seal("report-1", "file-2", PLAIN)
    vault.remove_file(one)
    vault.remove_file(one)
    assert vault.files_of("report-1") == ("file-2",)
    assert vault.read(two) == PLAIN
    with pytest.raises(NotFound):
        vault.read(one)


class _Raced(DiskFiles):
    """Each name that is removed was removed by another a moment before."""

    def unlink(self, path: Path) -> None:
        path.unlink()
        super().unlink(path)


def test_a_file_that_another_removes_meanwhile_is_removed(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", PLAIN)
    vault.files = _Raced()
    vault.remove_file(sealed)
    assert vault.files_of("report-1") == ()


def test_a_reader_that_stops_early_leaves_no_thread(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", bytes(20_000_000))
    pieces = vault.open(sealed)
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name == "opener"]


def test_a_sweep_removes_what_the_dead_left_and_nothing_in_use(vault: Vault) -> None:
    left = vault.unfinished_path("report-1", "dead")
    left.write_bytes(b"age")
    sealer = vault.sealer("report-1", "alive")
    sealer.write(bytes(SMALL_BYTES * 2))
    assert vault.sweep() == 1
    assert not left.exists()
    assert vault.read(sealer.finish()) == bytes(SMALL_BYTES * 2)


def test_large_files_are_sealed_and_opened_at_flat_memory(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        from pyrage.x25519 import Identity
        from tipbridge.foundation.storage.vault import Vault
        vault = Vault(Path(sys.argv[1]), Identity.generate())
        vault.create_key("r")
        vault.seal("r", "warm", bytes(2_000_000))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sealer = vault.sealer("r", "f")
        for number in range(64):
            sealer.write(bytes([number]) * 1_048_576)
        sealed = sealer.finish()
        assert sum(map(len, vault.open(sealed))) == 64 * 1_048_576
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "v")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 24 * 1024, "kilobytes of growth over 64 MB sealed and opened"


def _write_all(sealer: Sealer, count: int) -> None:
    for _ in range(count):
        sealer.write(bytes(1_000_000))
    sealer.finish()


def test_a_full_disk_is_a_clear_refusal_and_leaves_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "v", Identity.generate())
    vault.create_key("r")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    sealer = vault.sealer("r", "f")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(TipbridgeError):
            _write_all(sealer, 40)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    sealer.abort()
    assert vault.files_of("r") == ()
    assert vault.sweep() == 0


class _BadDisk(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 500_000:
            raise OSError(errno.EIO, "synthetic")
        return super().read(size)


def test_a_disk_that_fails_to_read_is_no_damage(identity: Identity) -> None:
    sealed = pyrage.encrypt(os.urandom(1_000_000), [identity.to_public()])
    with pytest.raises(Unavailable):
        list(open_pieces(identity, _BadDisk(sealed)))
    with pytest.raises(IntegrityFailure):
        list(open_pieces(identity, io.BytesIO(sealed[:-1])))


def test_a_reference_hides_its_key(vault: Vault) -> None:
    sealed = vault.seal("report-1", "file-1", PLAIN)
    assert isinstance(sealed, Sealed)
    assert "wrapped_key" not in repr(sealed)
