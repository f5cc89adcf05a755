"""Loads the project's own pytest plugins; the fixtures are in tests/conftest.py."""

pytest_plugins = ("tests.plugins.skips", "tests.plugins.longest_first")
