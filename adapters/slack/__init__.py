"""Signpost in Slack."""
