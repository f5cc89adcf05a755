"""Lists served over HTTP: members submit, fetch and judge entries (hash-sharing API v2)."""
