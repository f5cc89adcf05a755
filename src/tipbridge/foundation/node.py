"""A node opened: its settings, keys, vault and database."""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import Engine

from tipbridge.foundation.base.errors import (
    Conflict,
    IntegrityFailure,
    Invalid,
    NotFound,
    TipbridgeError,
)
from tipbridge.foundation.base.ids import Ids, SystemIds
from tipbridge.foundation.box.model import Plan, Walls
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.storage.vault import Vault

SETTINGS_FILE = "tipbridge.toml"
CHECKPOINT_TYPE = "application/vnd.tipbridge.checkpoint"


class Profile(StrEnum):
    """Which rooms of a node open their doors."""

    PROVIDER = "provider"
    CLEARINGHOUSE = "clearinghouse"
    LIAISON = "liaison"
    POLICE = "police"


class Settings(BaseSettings):
    """What an operator can set: the file `tipbridge.toml`, over it the environment.

    Every name here is explained in `docs/settings.md`; an unknown one refuses to start.
    """

    model_config = SettingsConfigDict(env_prefix="TIPBRIDGE_", extra="forbid", frozen=True)

    node_id: str
    name: str
    profiles: frozenset[Profile]
    synthetic: bool
    fingerprint: str
    key_file: Path | None = None
    database_url: str | None = None
    database_owner_url: str | None = None
    places_file: Path | None = None
    jurisdiction: str = "KR"
    host_names: tuple[str, ...] = ()
    peer_host: str = "127.0.0.1"
    peer_port: int | None = Field(default=None, ge=1, le=65535)
    ispws_statuses: dict[int, int] = Field(default_factory=dict)
    client_patience_seconds: float = Field(default=30.0, gt=0)
    upload_bytes_per_second: int | None = Field(default=125_000_000, ge=1024)
    uploads_at_once: int = Field(default=16, ge=1, le=1000)
    package_max_bytes: int = 16 * 1024**3
    send_patience_seconds: float = 30.0
    retry_base_seconds: float = 5.0
    tick_seconds: float = 5.0
    feeds_file: Path | None = None
    match_items_per_minute: int = Field(default=120_000, ge=1)
    erasure_seconds: float = 3600.0
    worker_concurrency: int = 2
    box_walls: Walls | None = None
    box_at_once: int = Field(default=2, ge=1, le=64)
    filing_url: str | None = None
    filing_username: str | None = None
    filing_password: SecretStr | None = Field(default=None, repr=False)
    filing_sandbox: bool = False
    filing_credentials_file: Path | None = None
    filing_jurisdiction: str = "US"
    scan_per_minute: int = 600
    scan_max_bytes: int = 5 * 1024**3
    deconfliction_per_day: int = Field(default=200, ge=0)
    removal_smtp_host: str | None = None
    removal_smtp_port: int = 587
    removal_smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    removal_smtp_username: str | None = None
    removal_smtp_password: SecretStr | None = Field(default=None, repr=False)
    removal_sender: str | None = None
    removal_private_networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def plan_box(self, *, tasks: tuple[str, ...], warm: tuple[str, ...] = ()) -> Plan:
        """What a box for these tasks is opened for, walled as the operator wants it."""
        return Plan(
            tasks=tasks,
            warm=warm,
            walls=self.box_walls,
            at_once=self.box_at_once,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes over the file, whose content comes as arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load_settings(data: Path) -> Settings:
    """The settings of the node in `data`.

    Errors: NotFound when no node was made there; Invalid naming the wrong setting.
    """
    path = data / SETTINGS_FILE
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("node in", f"{data} (make one with 'tipbridge init')") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{SETTINGS_FILE} is not TOML: {error}") from error
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"Setting {name!r} in {SETTINGS_FILE}: {first['msg']}.") from error


def default_key_file(fingerprint: str) -> Path:
    """Where a node's key file is when no setting names another place."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "tipbridge" / fingerprint / "node.key"


def key_file_of(settings: Settings) -> Path:
    """This node's key file."""
    return settings.key_file or default_key_file(settings.fingerprint)


def make_node(
    data: Path, *, node_id: str, name: str, profiles: frozenset[Profile], synthetic: bool
) -> Path:
    """Make a node's keys and settings and return where its key file lies.

    Errors: Conflict when `data` already holds a node; Invalid for a wrong id, name or place.
    """
    if (data / SETTINGS_FILE).exists():
        raise Conflict(f"There is already a node in {data}.")
    if not profiles:
        raise Invalid(f"Name at least one profile: {', '.join(Profile)}.")
    keys = NodeKeys.generate()
    keys.card(node_id, name, profiles, synthetic=synthetic)
    named = os.environ.get("TIPBRIDGE_KEY_FILE")
    key_file = Path(named) if named else default_key_file(keys.fingerprint)
    refuse_inside(data, key_file)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.save(key_file)
    lines = [
        f"node_id = {_quoted(node_id)}",
        f"name = {_quoted(name)}",
        f"profiles = [{', '.join(_quoted(profile) for profile in sorted(profiles))}]",
        f"synthetic = {'true' if synthetic else 'false'}",
        f"fingerprint = {_quoted(keys.fingerprint)}",
    ]
    (data / SETTINGS_FILE).write_text("\n".join(lines) + "\n", "utf-8")
    return key_file


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def refuse_inside(data: Path, key_file: Path) -> None:
    """Refuse a key file inside the data folder: a copy of the folder must open nothing."""
    if key_file.resolve().is_relative_to(data.resolve()):
        raise Invalid(
            f"The key file {key_file} lies inside the data folder; keep it elsewhere"
            " (TIPBRIDGE_KEY_FILE), so that a copy of the folder opens nothing."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Everything an action may need of the node it runs on.

    Shape: `unfollowed` are events that nothing follows here, so that no job is written for them.
    """

    data: Path
    settings: Settings
    keys: NodeKeys = field(repr=False)
    vault: Vault = field(repr=False)
    engine: Engine = field(repr=False)
    ids: Ids = field(repr=False)
    unfollowed: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """This node's id, as on its card."""
        return self.settings.node_id

    @property
    def name(self) -> str:
        """This node's name, as on its card."""
        return self.settings.name

    @property
    def synthetic(self) -> bool:
        """Whether this node was made for synthetic data, for ever."""
        return self.settings.synthetic

    @property
    def profiles(self) -> frozenset[Profile]:
        """Which rooms of this node open their doors."""
        return self.settings.profiles

    def card(self) -> NodeCard:
        """This node's card."""
        return self.keys.card(self.id, self.name, self.profiles, synthetic=self.synthetic)

    def with_current_keys(self) -> "Node":
        """This node with the keys that are in its key file now, where they were rotated.

        Shape: a file that is gone, or holds other keys than this node's, changes nothing.
        """
        place = key_file_of(self.settings)
        try:
            stamp = place.stat()
            keys = _keys_in(place, stamp.st_ctime_ns, stamp.st_ino)
        except (OSError, TipbridgeError):
            return self
        if keys is self.keys:
            return self
        own = {pair.fingerprint for pair in keys.pairs}
        return replace(self, keys=keys) if self.keys.fingerprint in own else self

    def sign_checkpoint(self, text: bytes) -> str:
        """A checkpoint's text as a note, signed with the keys in use now."""
        return self.with_current_keys().keys.sign(CHECKPOINT_TYPE, text).decode("ascii")

    def open_checkpoint(self, note: str) -> bytes | None:
        """The text of a checkpoint that this node signed; nothing when it did not."""
        try:
            return self.with_current_keys().keys.verify_own(CHECKPOINT_TYPE, note.encode())
        except IntegrityFailure:
            return None


@lru_cache(maxsize=16)
def _keys_in(place: Path, changed_ns: int, inode: int) -> NodeKeys:
    """The keys in a file as it is at this state of it; read again when it was put in place anew."""
    del changed_ns, inode
    return NodeKeys.load(place)


def open_node(
    data: Path,
    engine: Engine,
    *,
    ids: Ids | None = None,
    unfollowed: Callable[[frozenset[Profile]], frozenset[str]] | None = None,
) -> Node:
    """Open the node in `data` on a database that runs and is migrated.

    Shape: `unfollowed` says which events nothing follows on a node of these profiles.
    Errors: Invalid when the key file lies inside the data folder or belongs to another node.
    """
    settings = load_settings(data)
    key_file = key_file_of(settings)
    refuse_inside(data, key_file)
    stamp = key_file.stat() if key_file.exists() else None
    keys = (
        NodeKeys.load(key_file)
        if stamp is None
        else _keys_in(key_file, stamp.st_ctime_ns, stamp.st_ino)
    )
    if settings.fingerprint not in {pair.fingerprint for pair in keys.pairs}:
        raise Invalid(f"The key file {key_file} belongs to another node.")
    vault = Vault(data / "vault", keys.vault_identity)
    return Node(
        data=data,
        settings=settings,
        keys=keys,
        vault=vault,
        engine=engine,
        ids=ids or SystemIds(),
        unfollowed=unfollowed(settings.profiles) if unfollowed else frozenset(),
    )
