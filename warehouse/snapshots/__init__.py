"""Snapshots of a quarter: candidate, publication, content, digest and checksums."""
