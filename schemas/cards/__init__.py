"""What a rule card is, and what checks of several rules share."""
