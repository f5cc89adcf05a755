"""The made-up services' clients: they file through the real reporting API, several at once."""

import base64
import http.client
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tipbridge.demo.draw import Draw
from tipbridge.demo.files import picture
from tipbridge.demo.people import DrawnPerson, DrawnReport
from tipbridge.demo.services import details_of, report_on
from tipbridge.foundation.base.errors import Unavailable
from tipbridge.tips.report.write import file_details_document, report_document

AT_ONCE = 3
_BOUNDARY = "synthetic-demo-boundary"
_XML = "text/xml; charset=utf-8"
_REPORT_ID = re.compile(rb"<reportId>(\d+)</reportId>")
_FILE_ID = re.compile(rb"<fileId>([^<]+)</fileId>")


class Services:
    """Every service of the scenario with its account at the clearinghouse."""

    def __init__(self, port: int, draw: Draw, passwords: dict[str, str]) -> None:
        self._port, self._draw, self._passwords = port, draw, passwords

    def file(
        self, due: Iterable[tuple[DrawnPerson, DrawnReport]], told: Callable[[int], None]
    ) -> None:
        """File these reports; `told` hears of each file that was uploaded.

        Errors: Unavailable when an answer is not what the protocol promises.
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(self._file, *each, told) for each in due]:
                done.result()

    def _file(self, person: DrawnPerson, report: DrawnReport, told: Callable[[int], None]) -> None:
        client = _Client(self._port, person.service, self._passwords[person.service])
        try:
            answer = client.post(
                "/ispws/submit", report_document(report_on(person, self._draw)), _XML
            )
            report_id = int(_found(_REPORT_ID, answer))
            for number, name in enumerate(report.files):
                file_id = _found(_FILE_ID, client.upload(report_id, picture(self._draw, name)))
                details = details_of(person, report, number, report_id=report_id, file_id=file_id)
                client.post("/ispws/fileinfo", file_details_document(details), _XML)
                told(1)
            form = urlencode({"id": report_id}).encode()
            client.post("/ispws/finish", form, "application/x-www-form-urlencoded")
        finally:
            client.close()


class _Client:
    """One kept connection with a service's credentials."""

    def __init__(self, port: int, username: str, password: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._basic = base64.b64encode(f"{username}:{password}".encode()).decode()

    def post(self, path: str, body: bytes, content_type: str) -> bytes:
        """An answer's body.

        Errors: Unavailable for any other answer than success.
        """
        headers = {"Authorization": f"Basic {self._basic}", "Content-Type": content_type}
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        found = answer.read()
        if answer.status != http.client.OK:
            raise Unavailable(f"{path} answered {answer.status}: {found[:500]!r}")
        return found

    def upload(self, report_id: int, data: bytes) -> bytes:
        """Send one file of a report."""
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f.bmp"'
            "\r\nContent-Type: image/bmp\r\n\r\n"
        )
        body = head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return self.post("/ispws/upload", body, f"multipart/form-data; boundary={_BOUNDARY}")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _found(pattern: re.Pattern[bytes], answer: bytes) -> str:
    match = pattern.search(answer)
    if match is None:
        raise Unavailable(f"The answer lacks what it promises: {answer[:500]!r}")
    return match[1].decode("ascii")
