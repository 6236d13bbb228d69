"""Where the form lies on the sheets: labels, pages, blocks and the columns of each table."""
