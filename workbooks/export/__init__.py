"""Workbooks that people read: observations, the secretariat's report, open data."""
