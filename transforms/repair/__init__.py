"""Evidence by check digits: the choice of a layout, and repairs proposed for displaced cells."""
