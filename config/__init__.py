"""What a person edits: forms, catalogues, calendar, policy and settings, each with its loader."""
