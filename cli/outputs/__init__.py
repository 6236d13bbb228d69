"""Commands that write reports, forms and exports."""
