"""The tests of the web try-out."""
