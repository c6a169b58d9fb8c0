"""Finding the clause a question is about, offline."""
