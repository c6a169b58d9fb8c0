"""The tests of Signpost in Slack."""
