"""Whole stories told across processes that die."""
