"""The data path as plain functions, and Prefect round it."""
