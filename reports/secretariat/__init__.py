"""The secretariat's report: page and workbook."""
