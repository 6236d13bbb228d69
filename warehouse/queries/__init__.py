"""What is read of published versions, for reports and commands."""
