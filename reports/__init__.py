"""What units and the planning office receive: quality reports as pages and workbooks, from judged frames."""
