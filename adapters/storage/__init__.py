"""The store: escalations and what belongs to them, in SQLite or PostgreSQL."""
