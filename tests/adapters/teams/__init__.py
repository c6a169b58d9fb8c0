"""The tests of Signpost in Microsoft Teams."""
