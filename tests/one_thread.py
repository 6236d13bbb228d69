"""Imported before polars: there is a worker of pytest's for each core, and frames of tests are small."""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")
