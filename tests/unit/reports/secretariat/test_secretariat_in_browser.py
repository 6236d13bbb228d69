"""The secretariat's page in a browser: filters, search, sorting, drilling down, keyboard, print; nothing leaves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import secretariat_example as example
from opened_page import OpenedPage, open_page
from playwright.sync_api import Browser, Page, expect
from secretariat_example import office

from reports.secretariat.page import render_secretariat

NBSP = "\N{NO-BREAK SPACE}"
UNITS = "#unidades > tbody > tr[data-ur]"


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., OpenedPage]]:
    """Opens an office's report; one page an office and width, as it was first for each test."""
    folder = tmp_path_factory.mktemp("secretaria")
    pages: dict[tuple[object, ...], OpenedPage] = {}

    def give(width: int = 1280, **made: object) -> OpenedPage:
        key = (width, *made.items())
        if key not in pages:
            path = folder / f"informe_{len(pages)}.html"
            path.write_text(render_secretariat(office(**made)), encoding="utf-8")
            pages[key] = open_page(browser, path, width)
        else:
            pages[key].page.reload()
        pages[key].page.wait_for_selector("body[data-ready]")
        return pages[key]

    yield give
    for one in pages.values():
        one.page.close()


@pytest.fixture
def page(opened: Callable[..., OpenedPage]) -> Page:
    return opened().page


def shown(page: Page, rows: str = UNITS) -> list[str]:
    """The first cell of each row that can be seen."""
    return page.locator(rows).evaluate_all(
        "rows => rows.filter(r => !r.hidden).map(r => r.cells[0].textContent.trim())"
    )


def results(page: Page, column: int = 2) -> list[str]:
    """A column of the table of activities."""
    return page.locator("#resultados tbody tr").evaluate_all(
        "(rows, n) => rows.map(r => r.cells[n].firstChild.textContent)", column
    )


@pytest.mark.parametrize(
    ("width", "office_of"),
    [(1280, {}), (390, {}), (390, {"name": example.HOSTILE, "text": example.HOSTILE})],
    ids=["desk", "phone", "hostile"],
)
def test_nothing_leaves_fails_or_overflows(opened, width, office_of):
    one = opened(width, **office_of)
    one.page.locator("button.open").first.click()
    one.page.locator("#grafica-unidades path.mark-rect, #grafica-unidades .mark-rect path").first.hover()
    assert {url for url in one.requests if not url.startswith("data:")} == {one.page.url}
    assert one.complaints == []
    assert one.page.evaluate("document.documentElement.scrollWidth") == width
    assert one.page.locator("main img, main script").count() == 0
    assert one.page.locator(".chart svg").count() == 4


def test_filter_by_unit(page):
    page.select_option("#filtro-ur", "02")
    assert shown(page) == ["02"]
    assert shown(page, "#entregas tbody tr") == ["02"]
    assert len(results(page)) == 3
    assert page.locator("#filtrado").text_content() == "Se muestran 1 UR y 3 de 9 actividades."
    expect(page.locator("#grafica-unidades .mark-rect.role-mark path")).to_have_count(1)  # drawn when it has time
    page.click("button[type=reset]")
    expect(page.locator("#filtrado")).to_contain_text("9 de 9")
    assert shown(page) == ["01", "02", "03", "04"]


def test_filter_by_strategy(page):
    page.select_option("#filtro-estrategia", "(ninguna)")
    assert results(page) == [f"Informe de acción 2 de la unidad {unit}" for unit in (1, 2, 3)]
    assert shown(page, "#estrategias tbody tr") == ["Sin estrategia"]


def test_filter_by_light(page):
    report = office()
    page.select_option("#filtro-luz", "sin programar")
    assert shown(page) == ["02"]
    assert len(results(page)) == report.activities.filter(semaforo="sin programar").height == 1
    page.select_option("#filtro-luz", "rojo")
    assert len(results(page)) == report.activities.filter(semaforo="rojo").height


def test_search_reads_without_accents_every_word(page):
    page.fill("#filtro-texto", "03 ACCION infor")
    assert results(page) == [f"Informe de acción {number} de la unidad 3" for number in (1, 2, 3)]
    assert shown(page) == ["03"]
    page.fill("#filtro-texto", "nada que se llame así")
    assert results(page) == []
    assert page.locator("#resultados caption").text_content() == "Ninguna actividad cumple los filtros"


def test_sort_by_a_number_then_the_other_way_empty_ones_last(page):
    report = office().units.drop_nulls("cumplimiento").sort("cumplimiento")["ur"].to_list()
    head = page.locator("#unidades th", has_text="Cumplimiento")
    head.get_by_role("button").click()
    assert shown(page) == [*report, "04"]
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert shown(page) == [*reversed(report), "04"]
    assert head.get_attribute("aria-sort") == "descending"


def test_sort_activities(page):
    page.locator("#resultados th", has_text="Monto asignado").get_by_role("button").click()
    page.locator("#resultados th", has_text="Monto asignado").get_by_role("button").click()
    assert results(page, 4) == ["3,000"] * 3 + ["2,000"] * 3 + ["1,000"] * 3


def test_drill_down_to_the_cells(page):
    page.get_by_role("button", name="Actividades de la UR 02").click()
    table = page.get_by_role("table", name="Actividades de la UR 02")
    row = table.get_by_role("row").nth(3)
    assert "Informe de acción 3 de la unidad 2" in row.text_content()
    assert "02.xlsx, hoja «POA 1»" in row.text_content()
    figures = [cell.inner_text().split("\n") for cell in row.locator("td.num").all()]
    done = [example.achieved(2, 3, quarter) for quarter in (1, 2, 3)]
    assert figures[1] == ["3,000", "F23"]
    assert figures[2] == ["12", "H23", "Informe"]
    assert figures[3] == ["9", f"I23{NBSP}(3) · J23{NBSP}(3) · K23{NBSP}(3)"]
    assert figures[4] == [
        f"{sum(done):g}",
        " · ".join(f"{at}23{NBSP}({n:g})" for at, n in zip("MNO", done, strict=True)),
    ]
    page.get_by_role("button", name="Actividades de la UR 02").click()
    assert table.count() == 0


def test_a_bar_opens_its_unit(page):
    page.locator("#grafica-unidades .mark-rect.role-mark path").first.click()
    lowest = office().units.sort("cumplimiento", "ur", nulls_last=True)["ur"][0]
    assert page.get_by_role("table", name=f"Actividades de la UR {lowest}").count() == 1


def test_by_keyboard_alone(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ir al contenido"
    page.locator("#filtro-ur").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "filtro-luz"
    page.keyboard.press("Tab")
    page.keyboard.type("03")
    assert shown(page) == ["03"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#filtrado")).to_contain_text("9 de 9")
    page.keyboard.press("Tab")  # the table itself, to scroll
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "UR"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert shown(page) == ["04", "03", "02", "01"]
    page.get_by_role("button", name="Actividades de la UR 03").focus()
    page.keyboard.press("Space")
    assert page.get_by_role("table", name="Actividades de la UR 03").count() == 1


def test_lights_and_states_are_told_in_words(page):
    assert page.locator("#unidades .luz").evaluate_all("all => all.every(e => /[A-Z][a-z]+/.test(e.textContent))")
    assert shown(page, "#entregas tbody tr") == ["01", "02", "03", "04"]
    late = page.locator("#entregas tbody tr", has_text="UNIDAD 3").locator("td").last
    assert late.text_content() == f"Observado 5{NBSP}días tarde"


def test_print_shows_all_and_no_controls(page):
    page.emulate_media(media="print")
    assert page.locator("#filtros").is_hidden()
    assert page.locator("#estrategias").is_visible()
    assert page.locator("#unidades").evaluate("e => getComputedStyle(e.parentElement).maxHeight") == "none"
    page.emulate_media(media="screen")


def test_a_big_office_is_narrowed_at_once(opened):
    page = opened(units=200, activities=15).page
    assert len(shown(page)) == 200
    assert len(results(page)) == 50
    page.click("#mas")
    assert len(results(page)) == 100
    page.fill("#filtro-texto", "unidad 117")
    assert shown(page) == ["117"]
    assert len(results(page)) == 15
