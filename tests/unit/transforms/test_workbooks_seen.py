"""One row per workbook: its tables, its fiscal year, the columns it lacks."""

from __future__ import annotations

import pytest
from made_cells import Batch, page, workbook

from config.form import Form
from schemas.contracts import columns as c

TITLE = "PROGRAMA OPERATIVO ANUAL (POA)"
DATED = "INSTITUCIÓN (1): | SECRETARIA"


def fiscal_year(form: Form, *sheets: str) -> int | None:
    year: int | None = workbook(form, *sheets).evidence().workbooks[c.FISCAL_YEAR].item()
    return year


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} 2023",
        f"{TITLE}\\nInstitucional 2023",
        f"{TITLE}\nInstitucional 2023",
        f"{TITLE} | | #2023",
        f"{TITLE}\nEjercicio fiscal | #2023",
        f"{TITLE}\nEJERCICIO FISCAL 2023",
        "SECRETARIA\nPOA 2023",
    ],
)
def test_the_year_stands_in_the_title_or_by_it(form: Form, title: str) -> None:
    assert fiscal_year(form, page(1, title=title)) == 2023


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        f"{TITLE}\nPlan Estatal de Desarrollo 2021-2027",
        f"{TITLE}\n10/01/2025",
        f"{TITLE}\nTepic, 10 de enero de 2025",
        f"{TITLE} | #697403",
        f"{TITLE} | #2023.5",
        "SECRETARIA",
    ],
)
def test_other_numbers_are_no_year(form: Form, title: str) -> None:
    assert fiscal_year(form, page(1, title=title)) is None


def test_a_date_or_a_name_in_the_header_is_no_year(form: Form) -> None:
    named = page(1, title=TITLE).replace(
        "SECRETARIA DE SEGURIDAD", "SECRETARIA | Fecha de elaboración (6) | AGENDA 2030"
    )
    assert fiscal_year(form, named) is None


def test_the_title_outranks_what_stands_by_it(form: Form) -> None:
    assert fiscal_year(form, page(1, title=f"#2022 | {TITLE} 2024")) == 2024


def test_the_first_page_that_has_a_year_speaks(form: Form) -> None:
    pages = [page(number, title=title) for number, title in enumerate([TITLE, f"{TITLE} 2023", f"{TITLE} 2024"], 1)]
    assert fiscal_year(form, *pages) == 2023


def test_a_lacking_column_is_named_as_the_form_prints_it(form: Form) -> None:
    lacking = workbook(form, page(1).replace("META ANUAL (19)", "META")).evidence().workbooks
    assert lacking[c.MISSING].item() == "META ANUAL (19)"
    assert workbook(form, page(1)).evidence().workbooks[c.MISSING].item() is None


def test_every_workbook_of_the_batch_has_a_row(form: Form) -> None:
    found = Batch(form, [{"a": "Nombre | RFC"}, {}, {"a": page(1), "b": page(2)}]).evidence().workbooks
    assert found.select(c.FILE_ID, c.PAGES, c.FISCAL_YEAR).rows() == [(0, 0, None), (1, 0, None), (2, 2, 2024)]
