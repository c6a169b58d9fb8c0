"""The store in a database: its files, its key, its log."""
