"""A letter's HTML in a browser: it asks for nothing, runs nothing and fits a phone, whatever units write."""

from __future__ import annotations

from datetime import date, datetime

import judged_example as example
import pytest
from opened_page import open_page

from reports.mail.letter import as_html
from reports.mail.report_letter import Deadline, Receipt, report_letter

RECEIPT = Receipt("P" * 120 + "<b>.xlsx", "3f9c" * 16, 24988, datetime(2024, 10, 4, 11, 5), True, "observado", True)
CASES = {
    "observed": example.observed(),
    "hostile": example.hostile(),
    "rejected": example.rejected(name="POA" + "x" * 200 + ".xls"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("width", [390, 1280])
def test_letter(browser, report_of, tmp_path, case, width):
    name = "UNIDAD <script>alert(1)</script> " + "Ñ" * 90
    deadline = Deadline(date(2024, 10, 15), date(2024, 10, 10), closed=False)
    letter = report_letter(report_of(CASES[case]), [RECEIPT], name, deadline, ["UR06_2024T3.html"], again=False)
    path = tmp_path / "carta.html"
    path.write_text(as_html(letter), encoding="utf-8")
    opened = open_page(browser, path, width)
    page = opened.page
    assert opened.requests == [path.as_uri()]
    assert opened.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("script, img, b, iframe").count() == 0
    page.close()
