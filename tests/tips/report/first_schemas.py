"""Processes whose very first documents are read by several threads at once.

Each is forked before any schema was compiled; how many of its documents were refused is printed.
"""

import os
import signal
import sys
from threading import Barrier, Thread

from lxml.etree import XMLSchemaParseError

from tipbridge.tips.report.parse import parse_any

DETAILS = b"<fileDetails><reportId>900000123</reportId><fileId>a</fileId></fileDetails>"
PROCESSES = 40
THREADS = 8


def refused() -> int:
    """How many of the first documents of this process were refused, or the one after them."""
    sys.setswitchinterval(1e-6)
    start, faults = Barrier(THREADS), list[XMLSchemaParseError]()

    def read() -> None:
        start.wait()
        try:
            parse_any(DETAILS, "fileDetails")
        except XMLSchemaParseError as error:
            faults.append(error)

    threads = [Thread(target=read) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return len(faults)


def main() -> None:
    """Fork one process after the other and say what they ended with."""
    for _ in range(PROCESSES):
        child = os.fork()
        if child == 0:
            signal.alarm(60)  # a table that broke can hang whoever reads it
            os._exit(refused())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
