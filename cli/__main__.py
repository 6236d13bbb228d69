"""`poa`, and `python -m cli`."""

from __future__ import annotations


def main() -> None:
    """Runs the command, which is imported here only: worker processes import this module, and need nothing of it."""
    from cli.main import main as command

    command()


if __name__ == "__main__":
    main()
