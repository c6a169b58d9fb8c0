"""The tests of the edges."""
