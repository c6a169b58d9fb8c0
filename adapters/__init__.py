"""The edges: platforms, command line, storage, encoder, settings and the composition root."""

import os

# One question's matrices are small: on a busy machine numpy's threads wait for each other ten times as long as they
# work. Said before numpy is loaded, which reads it once.
os.putenv("OPENBLAS_NUM_THREADS", "1")
