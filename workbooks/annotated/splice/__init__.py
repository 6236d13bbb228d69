"""Edits of a zip package in place: only the parts concerned change."""
