"""Tests of escalating."""
