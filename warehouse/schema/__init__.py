"""What lies in the database: tables, views, the data dictionary, and bringing them up to date."""
