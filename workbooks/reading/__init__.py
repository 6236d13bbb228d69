"""Workbooks in: admission, cells, and cells that the reader takes for empty."""
