"""Which clearinghouse a filing may go to: a test never to the real one, and the reverse."""

import pytest

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.filing.targets import SANDBOX_URL, clean_url

PRODUCTION = "https://report.cybertip.org/ispws"


@pytest.mark.parametrize(
    ("url", "sandbox", "synthetic"),
    [
        (PRODUCTION, True, False),
        (PRODUCTION, False, True),
        ("https://report.cybertip.org./ispws", True, False),
        ("https://REPORT.cybertip.org/ispws", True, False),
        (SANDBOX_URL, False, False),
        ("https://exttest.cybertip.org./ispws", False, False),
    ],
)
def test_tests_and_real_reports_are_kept_apart(make_node, url, sandbox, synthetic) -> None:
    with pytest.raises(Invalid, match=r"never files to|is for tests"):
        clean_url(make_node(synthetic=synthetic), url, sandbox=sandbox)


def test_each_goes_where_it_belongs(make_node) -> None:
    real = make_node(synthetic=False)
    assert clean_url(real, PRODUCTION, sandbox=False) == PRODUCTION
    assert clean_url(real, f"{SANDBOX_URL}/", sandbox=True) == SANDBOX_URL
