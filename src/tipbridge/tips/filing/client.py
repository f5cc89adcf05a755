"""A provider's client of the reporting API: any base address, answers read, losses retried."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, cast

import httpx2
from lxml import etree

from tipbridge.tips.filing.errors import ClearinghouseSilent, FilingRefused
from tipbridge.tips.filing.model import Answer
from tipbridge.tips.report.model import FileDetails, Report
from tipbridge.tips.report.write import file_details_document, report_document

SUCCESS, ALREADY_RETRACTED, ALREADY_FINISHED = 0, 5101, 5102
TRIES = 5
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 5.0
_SEND_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A report that was filed: its number, its files, and the answer that is the receipt."""

    report_id: str
    file_ids: tuple[str, ...]
    receipt: bytes


class FilingClient:
    """Files reports at one clearinghouse under one credential; use it from one thread.

    It keeps nothing: when its process ends, what became of a report is not known. `outbox` is
    the durable way.
    """

    def __init__(self, base_url: str, username: str, password: str, *, tries: int = TRIES) -> None:
        self._tries = tries
        self._http = httpx2.Client(
            base_url=base_url.rstrip("/"),
            auth=(username, password),
            timeout=_SEND_SECONDS,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        """Keep connections until the block is left."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close connections."""
        self._http.close()

    def status(self) -> Answer:
        """Ask whether the credential is good."""
        return self._asked(self._send_again("GET", "/status"))

    def schema(self) -> bytes:
        """The schema by which the clearinghouse checks documents."""
        return self._send_again("GET", "/xsd").content

    def submit(self, report: Report | bytes) -> str:
        """Open a report; returns its number.

        A lost answer is not tried again blindly: the report may be open already, and a
        second one would be a duplicate. An orphan expires at the clearinghouse by itself, so
        trying again is safe as long as nobody finishes the first: nobody knows its number.
        """
        body = report if isinstance(report, bytes) else report_document(report)
        return _number(self._asked(self._send_again("POST", "/submit", content=body)))

    def upload(self, report_id: str, data: bytes, *, name: str | None = None) -> Answer:
        """Add a file; the answer has its id and MD5.

        A lost answer is tried again: the file may then be in the report twice, which the
        clearinghouse sees by its digest.
        """
        fields = {"id": report_id}
        files = {"file": (name or "file", data, "application/octet-stream")}
        return self._asked(self._send_again("POST", "/upload", data=fields, files=files))

    def file_info(self, details: FileDetails | bytes) -> Answer:
        """Describe an uploaded file; saying it again changes nothing."""
        body = details if isinstance(details, bytes) else file_details_document(details)
        return self._asked(self._send_again("POST", "/fileinfo", content=body))

    def finish(self, report_id: str) -> Answer:
        """Close a report. When the answer was lost, "finished already" is the answer."""
        response, tries = self._sent("POST", "/finish", data={"id": report_id})
        answer = _answer(response)
        if answer.code == ALREADY_FINISHED and tries > 1:
            return answer
        return self._asked(response)

    def retract(self, report_id: str) -> Answer:
        """Cancel an open report. When the answer was lost, "retracted already" is the answer."""
        response, tries = self._sent("POST", "/retract", data={"id": report_id})
        answer = _answer(response)
        if answer.code == ALREADY_RETRACTED and tries > 1:
            return answer
        return self._asked(response)

    def file(
        self, report: Report | bytes, files: Iterable[tuple[bytes, FileDetails | None]] = ()
    ) -> Filed:
        """The whole sequence: open, upload and describe each file, finish.

        Shape: each file with its details, whose report and file ids are filled in here. A
        refusal on the way retracts the report.
        """
        report_id = self.submit(report)
        try:
            file_ids = tuple(self._add(report_id, data, details) for data, details in files)
            receipt = self.finish(report_id).exact
        except FilingRefused:
            self._take_back(report_id)
            raise
        return Filed(report_id=report_id, file_ids=file_ids, receipt=receipt)

    def _add(self, report_id: str, data: bytes, details: FileDetails | None) -> str:
        name = details.original_name if details else None
        file_id = self.upload(report_id, data, name=name).files[0]
        if details is not None:
            self.file_info(details_for(details, report_id, file_id))
        return file_id

    def _take_back(self, report_id: str) -> None:
        try:
            self.retract(report_id)
        except (FilingRefused, ClearinghouseSilent):
            return  # it expires by itself

    def _asked(self, response: httpx2.Response) -> Answer:
        answer = _answer(response)
        if answer.code != SUCCESS:
            raise FilingRefused(answer.code, answer.description)
        return answer

    def _send_again(self, verb: str, path: str, **body: object) -> httpx2.Response:
        return self._sent(verb, path, **body)[0]

    def _sent(self, verb: str, path: str, **body: object) -> tuple[httpx2.Response, int]:
        """Send, and send again while no answer comes or the server says that it failed.

        Shape: the answer and how many tries it took.
        """
        pause = FIRST_PAUSE_SECONDS
        for tried in range(1, self._tries + 1):
            response = self._try(verb, path, body)
            if response is not None:
                return response, tried
            if tried < self._tries:
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        raise ClearinghouseSilent("The clearinghouse does not answer.", path=path)

    def _try(self, verb: str, path: str, body: dict[str, object]) -> httpx2.Response | None:
        try:
            response = self._http.request(verb, path, **cast("Any", body))
        except httpx2.TransportError:
            return None
        failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        return None if failed else response


def details_for(details: FileDetails, report_id: str, file_id: str) -> FileDetails:
    """The same details, for this file of this report."""
    return replace(details, report_id=int(report_id), file_id=file_id)


def _answer(response: httpx2.Response) -> Answer:
    """An answer of either root.

    Errors: FilingRefused for a refused credential; ClearinghouseSilent for what is no answer.
    """
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        raise FilingRefused(2000, "The user name or password is wrong.")
    return read_answer(response.content)


def read_answer(content: bytes) -> Answer:
    """An answer's exact bytes, read.

    Errors: ClearinghouseSilent for what is no answer.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ClearinghouseSilent("The clearinghouse's answer can't be read.") from error
    found = {str(element.tag): (element.text or "").strip() for element in root.iter()}
    code = found.get("responseCode", "")
    if not code.isdecimal():
        raise ClearinghouseSilent("The clearinghouse's answer has no code.")
    return Answer(
        code=int(code),
        description=found.get("responseDescription", ""),
        report_id=found.get("reportId") or None,
        files=tuple((element.text or "").strip() for element in root.iter("fileId")),
        md5=found.get("hash"),
        exact=content,
        root=str(root.tag),
    )


def _number(answer: Answer) -> str:
    if answer.report_id is None:
        raise ClearinghouseSilent("The clearinghouse named no report.")
    return answer.report_id
