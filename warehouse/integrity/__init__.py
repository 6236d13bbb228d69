"""Proving what was published: verification, reconciliation, and publishing a version again."""
