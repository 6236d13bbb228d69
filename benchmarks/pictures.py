"""The pictures of the guides, out of a demo: `python -m benchmarks.pictures demo` writes them into docs/img.

Chromium takes the pages and the terminal, LibreOffice prints the workbook; the same demo gives the same pictures.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
COLUMNS = 100
ABOVE = 26  # lines of the status that are shown


def main() -> None:
    """Write every picture out of the demo named on the command line."""
    demo = Path(sys.argv[1]).resolve()
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        _page(chromium, _status(demo, Path(scratch)), IMAGES / "estado_trimestre.png", (940, 560))
        reports = demo / "reports"
        _page(chromium, reports / "informe_secretaria_2024T3_v1.html", IMAGES / "informe_secretaria.png", (1280, 800))
        _page(chromium, reports / "2024T3" / "UR06_2024T3.html", IMAGES / "informe_unidad.png", (1000, 700))
        chromium.close()
        _workbook(reports / "informe_secretaria_2024T3_v1.xlsx", Path(scratch), IMAGES / "informe_excel")


def _page(chromium: Browser, page: Path, picture: Path, size: tuple[int, int]) -> None:
    opened = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    opened.goto(page.as_uri())
    opened.wait_for_load_state("networkidle")
    opened.screenshot(path=picture)
    opened.close()


def _status(demo: Path, scratch: Path) -> Path:
    """What `poa status` prints, in its colours, as a page."""
    from rich.console import Console
    from rich.text import Text

    command = [sys.executable, "-m", "cli", "status", "--year", "2024", "--quarter", "3"]
    where = ["--warehouse", f"sqlite:///{demo / 'poa.db'}"]
    colours = {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    printed = subprocess.run([*command, *where], cwd=ROOT, env=colours, capture_output=True, check=True).stdout.decode()
    lines = printed.splitlines()
    kept = [*lines[: ABOVE - 5], "    …", *lines[-5:]]
    console = Console(record=True, width=COLUMNS, file=(scratch / "printed").open("w", encoding="utf-8"))
    console.print(Text.from_ansi("\n".join(kept)))
    page = scratch / "status.svg"
    console.save_svg(str(page), title="poa status --year 2024 --quarter 3", unique_id="status")
    wrapped = scratch / "status.html"
    wrapped.write_text(
        f"<style>body{{margin:8px}}svg{{width:924px}}</style>{page.read_text(encoding='utf-8')}", "utf-8"
    )
    return wrapped


def _workbook(workbook: Path, scratch: Path, stem: Path) -> None:
    """The first printed page of the workbook."""
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    printing = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(scratch), str(workbook)]
    subprocess.run(printing, check=True, capture_output=True)
    printed = scratch / workbook.with_suffix(".pdf").name
    subprocess.run(["pdftoppm", "-r", "90", "-l", "1", "-singlefile", "-png", str(printed), str(stem)], check=True)


if __name__ == "__main__":
    main()
