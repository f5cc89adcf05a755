"""Running a node: the web server, its worker process, and a clean end of both."""

import contextlib
import ctypes
import fcntl
import json
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from types import FrameType

import structlog
import uvicorn
from sqlalchemy.exc import DBAPIError

from tipbridge import app, pipeline
from tipbridge.foundation.audit import log as audit_log
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import Conflict, Invalid, TipbridgeError
from tipbridge.foundation.base.logs import configure_logs
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.pool import open_box
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node, Settings, load_settings, open_node
from tipbridge.foundation.storage.engine import open_database, open_engine
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.indexes import warm_lookups
from tipbridge.office import actions as office
from tipbridge.police.disclosure.aside import clear_aside
from tipbridge.web.connections import patient_protocol

log = structlog.get_logger("tipbridge")

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SEQUENCE_SECONDS = 1.0
_END_SECONDS = 20
_SOON_SECONDS, _LATER_SECONDS = 0.5, 30.0
_PR_SET_PDEATHSIG = 1
_forked, _fresh = multiprocessing.get_context("fork"), multiprocessing.get_context("spawn")


def told_in_words(node: Node, address: str) -> str:
    """What is said when the node listens."""
    del node
    return f"ready {address}"


def told_as_json(node: Node, address: str) -> str:
    """The same for a script, in one line."""
    return json.dumps({"ready": address, "node": node.id, "synthetic": node.synthetic})


class _Server(uvicorn.Server):
    """Says when it is ready, on standard output, where scripts wait for it."""

    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Start to listen, then say so."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            sys.stdout.write(f"{self._ready}\n")
            sys.stdout.flush()


def up(
    data: Path,
    port: int,
    *,
    host: str = "127.0.0.1",
    tls_certificate: Path | None = None,
    tls_key: Path | None = None,
    told: Callable[[Node, str], str] = told_in_words,
) -> None:
    """Run the node in `data` until SIGTERM or SIGINT; says what `told` gives when it listens.

    Errors: Invalid for an address beyond loopback without TLS; NotFound when no node was made
    there; Conflict when it runs already.
    """
    if host not in LOOPBACK and (tls_certificate is None or tls_key is None):
        raise Invalid(
            f"A node listens beyond loopback ({host}) with TLS only:"
            " give --tls-certificate and --tls-key."
        )
    load_settings(data)
    signal.signal(signal.SIGTERM, _end_now)
    _allow_many_connections()
    worker = _Worker(data)
    with _only_one(data), app.running_node(data) as node:
        node.vault.sweep()
        clear_aside(node.data)
        _name_leftovers(node)
        warm_lookups(node)
        scheme = "https" if tls_certificate else "http"
        config = uvicorn.Config(
            app.build_app(node),
            host=host,
            port=port,
            http=patient_protocol(node.settings.client_patience_seconds, app.REFUSALS),
            ssl_certfile=tls_certificate,
            ssl_keyfile=tls_key,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        with app.peers_let_in(node), worker.running(), _signals_only_end_the_server():
            _Server(config, told(node, f"{scheme}://{host}:{port}")).run()


def _allow_many_connections() -> None:
    """As many open files as the machine lets us: slow clients must not keep others out."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _name_leftovers(node: Node) -> None:
    with open_work(node, WORKER) as work:
        found = len(pipeline.leftovers(work))
    if found:
        log.warning("sealed files that no row names; see 'tipbridge erasure run'", groups=found)


def _end_now(number: int, frame: FrameType | None) -> None:
    """Leave by the way of an exception, so that everything opened is closed."""
    del number, frame
    sys.exit(0)


def _end_later(number: int, frame: FrameType | None) -> None:
    """Nothing: the web server has seen the signal and ends by itself."""
    del number, frame


@contextmanager
def _signals_only_end_the_server() -> Generator[None]:
    """Uvicorn raises the signal that ended it once more: here that must do nothing."""
    ends = (signal.SIGTERM, signal.SIGINT)
    before = {end: signal.signal(end, _end_later) for end in ends}
    try:
        yield
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)


@contextmanager
def _only_one(data: Path) -> Generator[None]:
    with (data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"The node in {data} is running already.") from error
        yield


class _Worker:
    """A worker process that is started again when it ends by itself.

    The first is a fork of this one, before anything is open and any thread runs: to read the
    program a second time takes longer than to start the node. It waits to be told to begin.
    """

    def __init__(self, data: Path) -> None:
        self._data, self._ending, self._turn = data, threading.Event(), threading.Lock()
        begin, self._begin = multiprocessing.Pipe(duplex=False)
        self._child: Process = _forked.Process(
            target=_begin_when_told, args=(os.getpid(), data, begin, self._begin), daemon=True
        )
        self._child.start()
        begin.close()

    @contextmanager
    def running(self) -> Generator[None]:
        """Let it work while the block runs."""
        with contextlib.suppress(OSError):  # it is dead already: the next one needs no word
            self._begin.send(True)
        watcher = threading.Thread(target=self._watch, name="worker-watch", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            with self._turn:
                self._ending.set()
            self._child.terminate()
            self._child.join(_END_SECONDS)
            self._child.kill()
            watcher.join(_END_SECONDS)

    def _watch(self) -> None:
        pause = _SOON_SECONDS
        while True:
            begun = monotonic_seconds()
            self._child.join()
            if self._ending.is_set():
                return
            log.error("worker ended and is started again", code=self._child.exitcode)
            lived = monotonic_seconds() - begun
            pause = min(2 * pause, _LATER_SECONDS) if lived < _LATER_SECONDS else _SOON_SECONDS
            self._ending.wait(pause)
            with self._turn:
                if self._ending.is_set():
                    return
                self._child = _fresh.Process(
                    target=_begin_now, args=(os.getpid(), self._data), daemon=True
                )
                self._child.start()


def _begin_when_told(node: int, data: Path, begin: Connection, other_end: Connection) -> None:
    other_end.close()  # else nobody would hear that the node ended before it began
    with contextlib.suppress(EOFError):
        begin.recv()
        _begin(node, data)


def _begin_now(node: int, data: Path) -> None:
    configure_logs()
    _begin(node, data)


def _begin(node: int, data: Path) -> None:
    os.setsid()  # a Ctrl-C is for the node, which ends its worker
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != node:
        return  # the node ended before the kernel was asked to tell of it
    try:
        run_worker(data)
    except Exception as error:  # the worker's edge: it is started again
        log.exception("worker failed")
        raise SystemExit(1) from error


def run_worker(data: Path) -> None:
    """Run the node's jobs, its periodic work and its sequencer until told to end."""
    signal.signal(signal.SIGTERM, _end_now)
    server = open_database(data)
    try:
        engine = open_engine(server.app_url, pool_size=4)
        node = open_node(data, engine, unfollowed=pipeline.unfollowed)
        warm_lookups(node)
        queue.give_back_stalled(engine)  # this is the only worker: nobody else has begun them
        ending = threading.Event()
        loops = [
            threading.Thread(target=_sequence_often, args=(node, ending), daemon=True),
            threading.Thread(target=_tick_often, args=(node, ending), daemon=True),
            threading.Thread(target=_prove_box, args=(node.settings,), daemon=True),
            threading.Thread(
                target=_erase_often, args=(node, server.owner_url, ending), daemon=True
            ),
        ]
        for loop in loops:
            loop.start()
        app.work_off(node, wait=True)
        ending.set()
        for loop in loops:
            loop.join(_END_SECONDS)
        engine.dispose()
    finally:
        server.stop()


def _prove_box(settings: Settings) -> None:
    """Try to escape from the box and tell the operator when it must stay closed."""
    try:
        open_box(settings.plan_box(tasks=())).close()
    except BoxClosed as error:
        log.error("the box is closed: no file is decoded on this node", why=error.public)


def _sequence_often(node: Node, ending: threading.Event) -> None:
    while not ending.wait(_SEQUENCE_SECONDS):
        try:
            audit_log.sequence(node.engine, node.id, node.sign_checkpoint)
        except Exception:  # the sequencer's edge: whatever happened, it tries again
            log.exception("sequencing failed and is tried again")
            _end_without_database(node)


def _end_without_database(node: Node) -> None:
    """End this worker at once when its database is gone; its next one starts an embedded one.

    The queue's own connections would wait for a minute before they give up.
    """
    try:
        with node.engine.connect():
            return
    except DBAPIError:
        log.error("the database is gone; this worker ends and is started again")
        os._exit(os.EX_UNAVAILABLE)


def _tick_often(node: Node, ending: threading.Event) -> None:
    while not ending.wait(node.settings.tick_seconds):
        try:
            pipeline.tick(node)
        except TipbridgeError as error:
            log.warning("periodic work refused", kind=error.kind, **error.detail)
        except Exception:  # the periodic edge: whatever happened, it tries again
            log.exception("periodic work failed and is tried again")


def _erase_often(node: Node, owner_url: str, ending: threading.Event) -> None:
    """Take deleted text out of the database's files, once at the start and then by the clock."""
    while True:
        try:
            with open_work(node, WORKER) as work:
                done = office.erase_text(work, owner_url=owner_url)
            if done is not None:
                log.info("text erased", tables=done.tables, put_off=done.put_off, log=done.log)
        except Exception:  # the periodic edge: whatever happened, it tries again
            log.exception("erasing text failed and is tried again")
        if ending.wait(node.settings.erasure_seconds):
            return
