"""The edges: platforms, command line, storage, encoder, settings and the composition root."""
