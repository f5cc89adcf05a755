"""Staff, roles, units, credentials, sign-in and sessions."""
