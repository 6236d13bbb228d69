"""What is valid: column names, frame contracts, rule cards, the verdict."""
