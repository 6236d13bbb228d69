"""Commands about what is stored, and the form."""
