"""The form written as a workbook, in any of its layouts."""
