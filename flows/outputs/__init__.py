"""What is made of a published quarter: reports, prefilled forms, exports."""
