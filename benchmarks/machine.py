"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

PACKAGES = ("polars", "python-calamine", "pandera", "sqlalchemy", "pandas", "openpyxl")


def machine() -> str:
    """Cores, Python and versions of the libraries that matter, on one line; the load says how busy it was."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{load}, Python {platform.python_version()}, {versions}"
