"""Evaluation of matching: blind sets and the tools that read them."""
