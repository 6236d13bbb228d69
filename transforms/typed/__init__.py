"""Typed rows: numbers, dates and codes out of text rows."""
