import subprocess
import sys

from tests.tips.report.first_schemas import PROCESSES


def test_the_first_documents_of_a_process_are_read_by_several_threads_at_once():
    command = [sys.executable, "-m", "tests.tips.report.first_schemas"]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert ended.stdout.split() == ["0"] * PROCESSES, ended.stderr
