"""What stands beside a list's entries: votes on them, feeds they came by, alarms about look-ups."""
