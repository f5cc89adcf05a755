"""A real browser over a really served app: Debian's Chromium, driven headless."""

import contextlib
import shutil
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Request, sync_playwright

WIDTH = 1280
NARROW = 390
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a free loopback port, by a real server in a thread."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium from this machine; the test is left out where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened_page(browser: Browser, language: str) -> Iterator[tuple[Page, list[str]]]:
    """A page of 1280 pixels in `language`, and the complaints it collects."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 900}, locale="ko-KR" if language == "ko" else "en-GB"
    )
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.extend(_failure(request)))
    try:
        yield page, complaints
    finally:
        context.close()


def _failure(request: Request) -> list[str]:
    """A request that failed, unless the page was merely left before it was answered."""
    if request.failure == "net::ERR_ABORTED":
        return []
    return [f"{request.failure}: {request.url}"]


def narrow_overflow_pixels(page: Page) -> int:
    """How far the page reaches beyond a telephone's width; tables may scroll in their own frame."""
    usual = page.viewport_size
    page.set_viewport_size({"width": NARROW, "height": 800})
    beyond: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.set_viewport_size(usual or {"width": WIDTH, "height": 900})
    return beyond


def overflow_pixels(page: Page) -> int:
    """How far the page, or a table in it, reaches beyond its frame: what is cut off at 1280."""
    return page.evaluate(
        """Math.max(
            document.documentElement.scrollWidth - window.innerWidth,
            ...[...document.querySelectorAll(".table-responsive")].map(
                (frame) => frame.scrollWidth - frame.clientWidth))"""
    )
