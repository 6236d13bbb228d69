"""What a prefilled form says of a unit."""
