"""One call to a clearinghouse: on a connection of its own, within a time, never raising for
what the network does.
"""

import functools
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

import httpx2
from lxml import etree

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.tips.filing import rules
from tipbridge.tips.filing.client import read_answer
from tipbridge.tips.filing.errors import ClearinghouseSilent
from tipbridge.tips.filing.model import Answer, FilingFile, Standing, Task, Verb
from tipbridge.tips.filing.targets import Target
from tipbridge.web.provider_gate import CALL, SYNTHETIC, TEST

_CONNECT_SECONDS = 5.0
_SLOWEST_BYTES_PER_SECOND = 1024 * 1024
_ANSWER_MAX_BYTES = 1024 * 1024
_XML = "text/xml; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_LATER = frozenset({408, 425, 429})
"""HTTP statuses that mean: not now."""
_CODES = {401: rules.AUTHENTICATION, 403: 3000, 404: rules.NOT_FOUND}
_OTHER_REFUSAL = 4000


@dataclass(frozen=True, slots=True)
class _Body:
    kind: str
    size_bytes: int
    pieces: Iterable[bytes]


@functools.cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


def call(node: Node, target: Target, standing: Standing, task: Task) -> Answer | None:
    """Make this call; None when no answer came that is one to it.

    Shape: a fresh connection each time, and a mark that a Tipbridge clearinghouse repeats, so
    that an old answer is never read as a new one; no redirect is followed, no proxy setting read.
    Errors: NotFound, IntegrityFailure when our own sealed document or file can't be read.
    """
    body = _body(node, standing, task)
    allowed = node.settings.send_patience_seconds + body.size_bytes / _SLOWEST_BYTES_PER_SECOND
    timeout = httpx2.Timeout(allowed, connect=min(_CONNECT_SECONDS, allowed))
    headers = {
        "content-type": body.kind,
        "content-length": str(body.size_bytes),
        "connection": "close",
        CALL: node.ids.new(),
    }
    try:
        with (
            httpx2.Client(
                auth=(target.username, target.password),
                verify=_trust(),
                timeout=timeout,
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream(
                "POST", f"{target.url}/{task.verb}", content=iter(body.pieces), headers=headers
            ) as response,
        ):
            content = _limited(response, monotonic_seconds() + allowed)
            status = response.status_code
            there = response.headers
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return None
    if there.get(CALL, headers[CALL]) != headers[CALL]:
        return None  # it is the answer to another call
    answer = None if content is None else read(status, content)
    if answer is None or not rules.fits(standing, task, answer):
        return None
    if CALL not in there:
        return answer  # no Tipbridge clearinghouse: others don't say what they take it for
    return replace(
        answer,
        another_kind=rules.is_another_kind(
            sandbox=standing.sandbox,
            synthetic=node.synthetic,
            as_test=TEST in there,
            as_synthetic=SYNTHETIC in there,
        ),
    )


def read(status: int, content: bytes) -> Answer | None:
    """What an HTTP answer says; None when it says nothing that counts."""
    try:
        answer = read_answer(content)
    except ClearinghouseSilent:
        return _by_status(status)
    if answer.code == rules.SUCCESS and status >= HTTPStatus.BAD_REQUEST:
        return None
    return answer


def _by_status(status: int) -> Answer | None:
    """Some refuse without a document; only the plain meaning of the status is read then."""
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Answer(code=rules.NOT_FOUND, description=f"HTTP {status}: another address.")
    if status >= HTTPStatus.BAD_REQUEST:
        return Answer(code=_CODES.get(status, _OTHER_REFUSAL), description=f"HTTP {status}.")
    return None


def _limited(response: httpx2.Response, deadline: float) -> bytes | None:
    """The answer's body; None when it is longer than any answer or comes too slowly."""
    found = bytearray()
    for piece in response.iter_bytes():
        found += piece
        if len(found) > _ANSWER_MAX_BYTES or monotonic_seconds() > deadline:
            return None
    return bytes(found)


def _body(node: Node, standing: Standing, task: Task) -> _Body:
    match task.verb:
        case Verb.SUBMIT:
            return _whole(_XML, node.vault.read(standing.document))
        case Verb.UPLOAD:
            return _upload(node, standing, standing.files[task.position])
        case Verb.DESCRIBE:
            return _whole(_XML, _details(node, standing, standing.files[task.position]))
        case Verb.FINISH | Verb.RETRACT:
            return _whole(_FORM, f"id={standing.report_id}".encode("ascii"))


def _whole(kind: str, data: bytes) -> _Body:
    return _Body(kind, len(data), (data,))


def _details(node: Node, standing: Standing, file: FilingFile) -> bytes:
    if file.details is None or file.file_id is None or standing.report_id is None:
        raise IntegrityFailure("A file has nothing to be described by.", id=standing.id)
    return addressed(node.vault.read(file.details), standing.report_id, file.file_id)


def addressed(details: bytes, report_id: str, file_id: str) -> bytes:
    """The details of a file with the numbers that the clearinghouse gave."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(details.removeprefix(b"\xef\xbb\xbf").lstrip(), parser)
    for name, value in (("reportId", report_id), ("fileId", file_id)):
        found = root.find(name)
        if found is None:
            raise IntegrityFailure(f"A file's details have no {name}.")
        found.text = value
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _upload(node: Node, standing: Standing, file: FilingFile) -> _Body:
    boundary = f"tipbridge-{node.ids.random_bytes(16).hex()}"
    name = _quoted(file.name or f"file-{file.position + 1}")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\n'
        f"{standing.report_id}\r\n--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode("ascii")
    size = len(head) + file.sealed.size_bytes + len(tail)
    kind = f"multipart/form-data; boundary={boundary}"
    return _Body(kind, size, _pieces(node, head, file.sealed, tail))


def _pieces(node: Node, head: bytes, sealed: Sealed, tail: bytes) -> Iterator[bytes]:
    yield head
    yield from node.vault.open(sealed)
    yield tail


def _quoted(name: str) -> str:
    """A file's name as a form carries it (WHATWG: quotes and line ends are escaped)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def fetch_schema(node: Node, target: Target) -> bytes:
    """The schema by which a clearinghouse checks documents.

    Errors: ClearinghouseSilent.
    """
    return _fetched(node, target, "/xsd")


def fetch_quality(node: Node, target: Target, *, page: int) -> bytes:
    """What a Tipbridge clearinghouse tells of our reports; others have no such call.

    Errors: ClearinghouseSilent.
    """
    return _fetched(node, target, f"/quality?page={page}")


def _fetched(node: Node, target: Target, path: str) -> bytes:
    seconds = node.settings.send_patience_seconds
    options: dict[str, Any] = {"verify": _trust(), "timeout": seconds, "trust_env": False}
    try:
        with httpx2.Client(auth=(target.username, target.password), **options) as client:
            response = client.get(f"{target.url}{path}")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise ClearinghouseSilent(f"{target.url} does not answer.") from error
    if response.status_code != HTTPStatus.OK:
        raise ClearinghouseSilent(f"{target.url}{path} answers HTTP {response.status_code}.")
    return response.content
