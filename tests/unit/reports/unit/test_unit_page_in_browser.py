"""The page in a browser: nothing leaves it, nothing fails, nothing overflows a phone."""

from __future__ import annotations

import judged_example as example
import pytest
from opened_page import open_page
from whole_example import whole

from reports.unit.html import render_unit_report

SCRIPT = "<script>alert(5)</script><img src=//example.gob.mx/x onerror=alert(6)>"
CASES = {
    "observed": example.observed(),
    "clean": example.clean(),
    "rejected": example.rejected(name="POA" + "x" * 200 + ".xls"),
    "hostile": example.hostile(),
    "whole": whole()[0],
    "hostile answers": whole(SCRIPT)[0],
}
MORE = {"whole": whole()[1], "hostile answers": whole(SCRIPT)[1]}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("width", [390, 1280])
def test_page(browser, report_of, tmp_path, case, width):
    path = tmp_path / "informe.html"
    path.write_text(render_unit_report(report_of(CASES[case], **MORE.get(case, {}))), encoding="utf-8")
    opened = open_page(browser, path, width)
    page = opened.page
    assert [url for url in opened.requests if not url.startswith("data:")] == [path.as_uri()]
    assert opened.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.title().startswith("Informe de calidad del POA, tercer trimestre de 2024")
    assert page.get_by_role("heading", level=1).count() == 1
    page.close()


def test_tables_stay_tables_on_a_phone(browser, report_of, tmp_path):
    path = tmp_path / "informe.html"
    path.write_text(render_unit_report(report_of(example.observed())), encoding="utf-8")
    page = open_page(browser, path, 390).page
    cell = page.get_by_role("table", name="La estrategia pertenece al eje general del encabezado").get_by_role("cell")
    assert cell.filter(has_text="ER1-2.5.5").count() == 4
    page.close()
