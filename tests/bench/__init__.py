"""Benchmarks: ratios and growth, measured against a floor in the same run."""
