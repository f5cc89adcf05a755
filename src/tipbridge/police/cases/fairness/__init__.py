"""Where a case came from, what favours the suspect, the defence, and corrections."""
