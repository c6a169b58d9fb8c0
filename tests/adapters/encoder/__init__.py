"""The encoder and its cache."""
