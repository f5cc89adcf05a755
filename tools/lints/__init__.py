"""Our own lints: what no general tool can say about this house. Each has tests in tests/tools."""
