"""What is stored and passed between steps: column names, frames, and the conditions on them."""
