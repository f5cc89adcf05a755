"""The composition root: settings → database → the doors of this node's profiles."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from tipbridge import pipeline
from tipbridge.foundation.audit import log as audit_log
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node, load_settings, open_node
from tipbridge.foundation.storage.engine import (
    check_runtime_role,
    open_database,
    open_engine,
    plain_url,
)
from tipbridge.foundation.storage.migrate import migrate


def queue_address(node: Node) -> str:
    """The address at which this node's worker finds its queue."""
    return plain_url(node.engine.url.render_as_string(hide_password=False))


def work_off(node: Node, *, wait: bool) -> None:
    """Run this node's jobs until none is due (`wait` false) or until told to end."""
    queue.work_off(
        queue_address(node),
        lambda event, ids: pipeline.follow(node, event, ids),
        wait=wait,
        concurrency=node.settings.worker_concurrency,
    )


def sequence(node: Node) -> int:
    """Give every waiting audit event its place in the log."""
    return audit_log.sequence(node.engine, node.id, node.sign_checkpoint)


def drain(node: Node) -> None:
    """Run everything that is due on this node, here and now, and sequence its log."""
    while queue.due(node.engine):
        work_off(node, wait=False)
    sequence(node)


@contextmanager
def running_node(data: Path) -> Generator[Node]:
    """The node in `data`, its database started, brought up to date and checked."""
    load_settings(data)
    server = open_database(data)
    try:
        migrate(server.owner_url)
        engine = open_engine(server.app_url)
        try:
            check_runtime_role(engine)
            yield open_node(data, engine)
        finally:
            engine.dispose()
    finally:
        server.stop()


def build_app(node: Node) -> FastAPI:
    """The web application with the doors of this node's profiles."""
    app = FastAPI(title="Tipbridge", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.node = node
    return app
