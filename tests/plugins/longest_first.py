"""The tests that take long begin first, so that no core waits for the last of them."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what is marked `slow` before the rest; among themselves both keep their drawn order."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
