"""Database engine, embedded PostgreSQL launcher, migrations and the vault of sealed files."""
