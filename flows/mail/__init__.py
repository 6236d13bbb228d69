"""Mail to units and to the operator: what is due, to whom, and sending it."""
