"""The workbooks to measure with: written once per number of them, kept in ``benchmarks/.cache``."""

from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.catalog import Catalog, load_catalog
from config.files import SHIPPED
from config.form import load_form
from workbooks.sample import TWO_UNITS, bench_catalog, bench_workbooks

YEAR, QUARTER = 2024, 3
CACHE = Path(__file__).resolve().parent / ".cache"
# What decides the bytes of the workbooks; another version of any of it writes them anew.
MADE_BY = (
    *("workbooks/sample", "workbooks/form/content.py", "workbooks/form/style.py", "workbooks/form/write.py"),
    *("workbooks/form/layout.py", "workbooks/layouts"),
    *("config/form.py", "config/forms", "config/catalogs"),
)


@dataclass(frozen=True)
class Inputs:
    """An inbox of workbooks, and a folder of configuration whose catalogue knows their units."""

    inbox: Path
    config_dir: Path

    @property
    def files(self) -> list[Path]:
        """The workbooks, in the order of their names."""
        return sorted(self.inbox.iterdir())


def inputs(n: int, cache: Path = CACHE, sizes: Sequence[int] = TWO_UNITS) -> Inputs:
    """``n`` workbooks of the seed's size, out of the cache where it has them; it forgets those made by older code.

    ``sizes``: activities of each UR of a workbook.
    """
    kind = "x".join(map(str, sizes))
    folder = cache / f"{n}-{kind}-{_recipe()}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        for older in cache.glob(f"{n}-{kind}-*"):
            shutil.rmtree(older)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            unfinished = Path(scratch) / folder.name
            _write(unfinished, n, sizes)
            unfinished.rename(folder)
    return Inputs(folder / "inbox", folder / "config")


def _write(folder: Path, n: int, sizes: Sequence[int]) -> None:
    catalog = bench_catalog(load_catalog(), n, sizes)
    bench_workbooks(folder / "inbox", load_form(YEAR), catalog, n, quarter=QUARTER, sizes=sizes)
    _write_units(folder / "config" / "catalogs" / "units.csv", catalog)


def _write_units(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("code", "name", "parent", "contact"))
        rows.writerows((unit.code, unit.name, unit.parent, unit.contact) for unit in catalog.units.values())


def _recipe() -> str:
    house = SHIPPED.parent
    digest = hashlib.sha256()
    for name in MADE_BY:
        place = house / name
        files = [place] if place.is_file() else [f for f in place.rglob("*") if f.suffix in {".py", ".toml", ".csv"}]
        for file in sorted(files):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
