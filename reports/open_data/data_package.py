"""The data package of a folder of exports: one descriptor over all the versions in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from config.atomic import write_whole

DESCRIPTOR: Final = "datapackage.json"

Resource = dict[str, Any]


def describe(out: Path, resources: list[Resource], year: int, quarter: int, version: int) -> Path:
    """Writes the descriptor of ``resources`` and of those that it described before and that are still in ``out``.

    The same files are described alike, whatever the order in which they came. Raises OSError.
    """
    descriptor = out / DESCRIPTOR
    every = {resource["path"]: resource for resource in [*_described(descriptor, out), *resources]}
    others = len(every) > len(resources)
    package = {
        "name": "poa" if others else f"poa-{year}-t{quarter}",
        "title": "Programa operativo anual" + ("" if others else f" {year}, trimestre {quarter}"),
        "description": _told(others, version),
        **({} if others else {"version": f"{year}.{quarter}.{version}"}),
        "resources": [every[path] for path in sorted(every)],
    }
    write_whole(descriptor, (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode())
    return descriptor


def _told(others: bool, version: int) -> str:
    if others:
        return "Consolidados trimestrales: un archivo por vista de cada versión."
    return f"Consolidado trimestral, versión {version}. Un archivo por vista."


def _described(descriptor: Path, out: Path) -> Iterable[Resource]:
    """What the descriptor says of files that are there; nothing where it cannot be read."""
    try:
        said = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
        return [resource for resource in said if (out / resource["path"]).is_file()]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []
