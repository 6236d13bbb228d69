"""What a command runs over the warehouse: consolidation, decisions, verification, rebuilding, checking."""
