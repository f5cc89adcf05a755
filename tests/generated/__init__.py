"""Generated documents against a running node: `python -m tests.generated` is the long form."""
