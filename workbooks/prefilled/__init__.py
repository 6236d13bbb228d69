"""The form as a unit gets it to fill in: what is known locked, what is wanted open, sums and checks at work."""
