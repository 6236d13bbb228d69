"""The `poa` command: thin; every command is one function that calls named steps."""
