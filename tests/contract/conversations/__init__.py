"""One suite of conversations that every platform must hold alike: the web try-out, Slack and Teams."""
