"""Escalations: a concern, or a question handed to people, from being recorded to being resolved."""
