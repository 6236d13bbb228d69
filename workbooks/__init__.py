"""Excel in and out: admission, reading into cells, writing forms and observations."""
