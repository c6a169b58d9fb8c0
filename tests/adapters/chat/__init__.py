"""Tests of what the chat platforms share."""
