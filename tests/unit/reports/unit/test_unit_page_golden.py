"""The words of a whole page, line by line; `UPDATE_GOLDEN=1` writes them anew, to be read before they are kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

from whole_example import whole

from reports.unit.html import render_unit_report

GOLDEN = Path(__file__).with_name("unit_page.txt")


def words(page: str) -> str:
    """What a reader reads, a block a line."""
    body = re.sub(r"(?s)<style>.*?</style>", "", page)
    lines = re.sub(r"</(?:p|h\d|li|tr|dt|dd|figcaption|caption|title)>|<br>", "\n", body)
    plain = re.sub(r"<[^>]*>", " ", lines).replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
    return "\n".join(line for line in (" ".join(part.split()) for part in plain.split("\n")) if line) + "\n"


def test_the_words_of_the_page(report_of):
    judged, more = whole()
    told = words(render_unit_report(report_of(judged, **more)))
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")
