"""Messages that fail for good: kept, shown with the reason, driven again by staff."""
