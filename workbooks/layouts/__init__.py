"""The parts of the printed form, each written as a layout wants it."""
