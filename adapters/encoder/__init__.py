"""The offline sentence encoder and its cache."""
