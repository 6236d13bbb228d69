"""Header values: right of their label, or below one that takes the width of the page; empty, their address."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made_cells import TABLE, Sheet, rows, workbook

from config.form import Form
from schemas.contracts import columns as c


def header(form: Form, *above: Sheet | str) -> dict[str, dict[str, Any]]:
    """Header values by field of a workbook of pages with these headers, each over a table."""
    sheets = [Sheet(given) if isinstance(given, str) else given for given in above]
    pages = [Sheet(f"{sheet.text.strip(chr(10))}\n{TABLE}{rows(1)}", sheet.merged) for sheet in sheets]
    found = workbook(form, *pages).evidence().header
    return {row[c.FIELD]: row for row in found.iter_rows(named=True)}


def place(value: dict[str, Any]) -> tuple[str, int, int]:
    return value[c.SHEET], value[c.ROW], value[c.COL]


def test_a_value_stands_right_of_its_label(form: Form) -> None:
    found = header(form, "INSTITUCIÓN (1): | | SECRETARIA | Fecha de elaboración (6) | 15-mar-24")
    assert (found["institution"][c.TEXT], place(found["institution"])) == ("SECRETARIA", ("Hoja1", 1, 3))
    assert (found["drawn_up_on"][c.DATE], place(found["drawn_up_on"])) == (date(2024, 3, 15), ("Hoja1", 1, 5))


def test_a_value_stands_below_its_label(form: Form) -> None:
    found = header(form, "Vinculación Programa sectorial o especial (12):\nModernización\nEJE RECTOR | ER1")
    assert (found["sector_programme"][c.TEXT], place(found["sector_programme"])) == ("Modernización", ("Hoja1", 2, 1))


def test_a_label_is_never_the_value_of_another(form: Form) -> None:
    found = header(form, "EJE RECTOR (7):\nEJE TRANSVERSAL (8):\nEJE GENERAL (9): | ER1-2.1")
    assert found["guiding_axis"][c.TEXT] is None
    assert found["cross_axis"][c.TEXT] is None


def test_an_empty_field_has_the_address_right_of_its_label(form: Form) -> None:
    found = header(form, Sheet("EJE RECTOR (7):\nEJE GENERAL (9): | | ER1-2.1", merged=[(1, 1, 1, 2), (2, 1, 2, 2)]))
    assert (found["guiding_axis"][c.TEXT], place(found["guiding_axis"])) == (None, ("Hoja1", 1, 3))


def test_an_empty_field_under_a_wide_label_has_the_address_below_it(form: Form) -> None:
    sheet = Sheet("Vinculación Programa sectorial o especial (12):", merged=[(1, 1, 1, 20)])
    found = header(form, sheet)
    assert place(found["sector_programme"]) == ("Hoja1", 2, 1)


def test_the_first_page_that_fills_a_field_speaks(form: Form) -> None:
    found = header(form, "EJE RECTOR (7):", "EJE RECTOR (7): | ER1", "EJE RECTOR (7): | ER2")
    assert (found["guiding_axis"][c.TEXT], place(found["guiding_axis"])) == ("ER1", ("Hoja2", 1, 2))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("#1 | GOBIERNO", ("1", "GOBIERNO")),
        ("1 | GOBIERNO", ("1", "GOBIERNO")),
        ("1 GOBIERNO", ("1", "GOBIERNO")),
        ("1.- GOBIERNO", ("1", "GOBIERNO")),
        ("M APOYO", ("M", "APOYO")),
        ("#1", ("1", None)),
        ("GOBIERNO", (None, "GOBIERNO")),
        ("", (None, None)),
    ],
)
def test_a_coded_field_in_one_cell_or_two(form: Form, cells: str, expected: tuple[str | None, str | None]) -> None:
    found = header(form, f"INSTITUCIÓN | SECRETARIA\nFinalidad | {cells}")["finalidad"]
    assert (found[c.CODE], found[c.TEXT]) == expected


def test_an_axis_code_in_a_cell_of_its_own_is_part_of_the_text(form: Form) -> None:
    found = header(form, "EJE GENERAL (9): | ER1-2.1 | Fortalecimiento\nEJE RECTOR (7) | Gobernanza | y más")
    assert found["general_axis"][c.TEXT] == "ER1-2.1 Fortalecimiento"
    assert found["guiding_axis"][c.TEXT] == "Gobernanza"


@pytest.mark.parametrize(
    ("cell", "expected"), [("@2024-10-05", date(2024, 10, 5)), ("#45570", date(2024, 10, 5)), ("octubre", None)]
)
def test_the_date_is_read_or_kept_as_written(form: Form, cell: str, expected: date | None) -> None:
    found = header(form, f"Fecha de elaboración: (6) | {cell}\nEJE RECTOR | ER1")["drawn_up_on"]
    assert found[c.DATE] == expected
    assert found[c.TEXT] is not None


@pytest.mark.parametrize(
    "cell", ["EJE RECTOR (7): ER1 Gobernanza", "Eje rector: ER1\\nGobernanza", "EJE RECTOR (7) ER1 Gobernanza"]
)
def test_a_value_in_its_labels_own_cell(form: Form, cell: str) -> None:
    found = header(form, f"{cell}\nEJE GENERAL (9):")["guiding_axis"]
    assert (found[c.TEXT], place(found)) == ("ER1 Gobernanza", ("Hoja1", 1, 1))


def test_a_value_below_a_blank_row(form: Form) -> None:
    found = header(form, "INSTITUCIÓN (1):\n\nSECRETARIA | Monto asignado (4)\nEJE RECTOR | ER1")["institution"]
    assert (found[c.TEXT], place(found)) == ("SECRETARIA", ("Hoja1", 3, 1))


def test_code_and_name_below(form: Form) -> None:
    found = header(form, "Finalidad\n#1 | GOBIERNO\nEJE RECTOR | ER1")["finalidad"]
    assert (found[c.CODE], found[c.TEXT]) == ("1", "GOBIERNO")


def test_an_empty_field_takes_nothing_from_below_that_is_anothers(form: Form) -> None:
    found = header(form, "EJE RECTOR (7): | ER1 | EJE TRANSVERSAL (8):\nEJE GENERAL (9): | | ER1-2.1")
    assert found["cross_axis"][c.TEXT] is None
    assert found["general_axis"][c.TEXT] == "ER1-2.1"
