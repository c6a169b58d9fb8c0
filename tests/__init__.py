"""The tests, in the tree of what they test."""

import os

# Before numpy is imported: its threads spin, and two test runs on one machine would take ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
