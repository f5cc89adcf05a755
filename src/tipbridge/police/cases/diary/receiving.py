"""Takes the form that adds a document as it arrives: straight into the seal, nothing on disk."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tipbridge.foundation.base.errors import Invalid, OutcomeUnknown, TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.police.cases.diary import papers
from tipbridge.police.cases.diary.model import Document, DocumentKind
from tipbridge.police.cases.diary.sealing import (
    DOCUMENT_BYTES,
    DocumentSealer,
    DocumentTooLarge,
    SealedDocument,
)
from tipbridge.tips.intake.bodies import feed_body, up_to
from tipbridge.tips.intake.form import MAX_FIELD_BYTES, Part, Sink, form_of

FORM_BYTES = DOCUMENT_BYTES + 64 * 1024
"""A document and the words beside it."""
FIELDS = ("kind", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDocument:
    """What a form for a document holds, once it is whole."""

    kind: DocumentKind
    title: str = field(repr=False)
    media_type: str
    document: SealedDocument


class DocumentForm:
    """One form in the making; its parts may come in any order.

    After a refusal the rest is read and forgotten: a browser that is still sending shows an
    answer only when it has been heard out.
    """

    def __init__(self, node: Node, case_id: str, content_type: str) -> None:
        self._node, self._case_id = node, case_id
        self._form = form_of(content_type, self._begin)
        self._words: dict[str, bytes] = {}
        self._sealer: DocumentSealer | None = None
        self._sealed: SealedDocument | None = None
        self._file_name: str | None = None
        self._checked = False
        self._refusal: TipbridgeError | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        if self._refusal is None:
            try:
                self._form.feed(data)
            except TipbridgeError as error:
                self.discard()
                self._refusal = error

    def close(self) -> SentDocument:
        """The whole form, its document sealed. Errors: what refused it, or Invalid."""
        if self._refusal is not None:
            raise self._refusal
        self._form.close()
        if missing := [name for name in FIELDS if name not in self._words]:
            raise Invalid(f"The form has no part '{missing[0]}'.")
        if self._sealer is None:
            raise Invalid("The form has no part 'file'.")
        kind, title = (self._words[name].decode("utf-8", "replace") for name in FIELDS)
        if kind not in set(DocumentKind):
            raise Invalid(f"kind is one of: {', '.join(DocumentKind)}.")
        self._sealed, self._sealer = self._sealer.finish(), None
        media_type = papers.type_of(self._file_name or "", self._sealed.start)
        return SentDocument(
            kind=DocumentKind(kind), title=title, media_type=media_type, document=self._sealed
        )

    def discard(self) -> None:
        """Leave nothing of the document; again, nothing."""
        sealer, self._sealer = self._sealer, None
        sealed, self._sealed = self._sealed, None
        with contextlib.suppress(OSError):
            if sealer is not None:
                sealer.abort()
            if sealed is not None:
                self._node.vault.remove_file(sealed.sealed)

    def kept(self) -> None:
        """A row tells of the document now: it is no longer taken back."""
        self._sealed = None

    def _begin(self, part: Part) -> Sink:
        if part.name == "file" and self._file_name is None:
            self._file_name = part.file_name or ""
            papers.type_named(self._file_name)
            self._sealer = DocumentSealer(self._node, self._case_id)
            return self._take_file
        if part.name not in FIELDS or part.name in self._words:
            raise Invalid("The form has the parts 'kind', 'title' and 'file', each once.")
        self._words[part.name] = b""
        return lambda data: self._take_word(part.name, data)

    def _take_word(self, name: str, data: bytes) -> None:
        self._words[name] += data
        if len(self._words[name]) > MAX_FIELD_BYTES:
            raise Invalid(f"{name} has at most {MAX_FIELD_BYTES} bytes.")

    def _take_file(self, data: bytes) -> None:
        assert self._sealer is not None
        self._sealer.write(data)
        if not self._checked and len(self._sealer.start) == papers.START_BYTES:
            papers.type_of(self._file_name or "", self._sealer.start)
            self._checked = True


async def take_document(
    request: Request, form: DocumentForm, keep: Callable[[SentDocument], Document]
) -> Document:
    """Read a form to its end and keep its document; nothing of it is left when it is refused.

    Errors: DocumentTooLarge at once for a body that is far too long; what refuses the form.
    """

    async def feed(gathered: bytes) -> None:
        await run_in_threadpool(form.feed, gathered)

    def end(rest: bytes) -> Document:
        try:
            form.feed(rest)
            kept = keep(form.close())
        except OutcomeUnknown:
            form.kept()  # a row may stand for it; else it goes with its case
            raise
        form.kept()
        return kept

    read = up_to(2 * FORM_BYTES, DocumentTooLarge())
    try:
        return await run_in_threadpool(end, await feed_body(request, feed, read))
    except BaseException:
        await run_in_threadpool(form.discard)
        raise
