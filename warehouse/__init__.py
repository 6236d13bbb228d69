"""The warehouse: submissions, judgements and snapshots on SQLite or PostgreSQL, and its views in Spanish."""
