"""Settings of an office all of whose things lie in one folder."""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings


def kept_in(folder: Path) -> Settings:
    return Settings(
        warehouse=f"sqlite:///{folder / 'poa.db'}", archive=folder / "archive", executor="inline", batch_size=2
    )
