"""Access tokens: by them a member of staff's own programs act for them at the HTTP API."""
