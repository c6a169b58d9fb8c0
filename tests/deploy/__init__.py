"""The tests of what Signpost is run with: the unit, the image, the containers, the guide to Slack."""
