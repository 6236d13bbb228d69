"""Every workbook received, kept by its hash, here or on another machine."""
