"""Unattended runs: which quarter is due, what is done, and Prefect's deployments."""
