"""The domain: what Signpost decides and says. No I/O, no chat framework."""
