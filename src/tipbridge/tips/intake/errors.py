"""What intake refuses."""

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound


class NoSuchReport(NotFound):
    """No report of this provider has this number; another's looks the same."""

    def __init__(self, report_id: str) -> None:
        super().__init__("report", report_id)


class NoSuchFile(NotFound):
    """The report has no file with this id."""

    def __init__(self, file_id: str) -> None:
        super().__init__("file", file_id)


class ReportGone(Conflict):
    """The report was retracted, or ran out of time, or its text was purged."""


class ReportFinished(Conflict):
    """The report was finished before; `files` says what it holds."""

    def __init__(self, report_id: int, files: tuple[str, ...] = ()) -> None:
        super().__init__("The report is finished.", id=str(report_id))
        self.report_id, self.files = report_id, files


class UnfitUpload(Invalid):
    """The upload is no whole multipart form with one file."""


class UnfitRequest(Invalid):
    """The request can't be read: its form, size or encoding is wrong."""
