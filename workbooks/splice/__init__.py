"""A unit's workbook returned with our marks: text spliced into the parts of its package, everything else as it was."""
