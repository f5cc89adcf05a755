"""Run by Alembic: migrate on the connection that `storage.migrate` hands over."""

from alembic import context

from tipbridge.foundation.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="schema_version",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
