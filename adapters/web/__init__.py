"""The web try-out: a page on the loopback address."""
