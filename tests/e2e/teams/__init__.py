"""Signpost in Teams' real clients: the card library that Teams renders with, and Microsoft's own playground."""
