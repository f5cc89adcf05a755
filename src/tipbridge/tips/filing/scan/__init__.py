"""Match, then file: what this platform's own services ask, and the drafts that come of it."""
