"""What Alembic runs; `adapters.storage.migrate` hands it the connection, inside a transaction."""

from alembic import context

from adapters.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
