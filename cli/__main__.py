"""`python -m cli` is `poa`."""

from cli.main import main

if __name__ == "__main__":
    main()
