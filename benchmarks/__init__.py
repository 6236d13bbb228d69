"""The measured comparison: our path, the bare decoder and a pandas script over the same workbooks."""
