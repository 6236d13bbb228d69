"""Pure polars: cells to located blocks, to text rows, to typed rows."""
