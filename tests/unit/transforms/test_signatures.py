"""Where the signature block stands, and whether anybody is named with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from config.form import Form
from schemas.contracts import columns as c
from transforms.locate.blocks import blocks
from transforms.repair.layout_choice import choose_layout
from transforms.rows.text_rows import text_rows
from transforms.signatures import signatures
from transforms.typed.values import clean_texts
from workbooks.form.content import WorkbookContent
from workbooks.form.write import write_form
from workbooks.reading.admission import Limits
from workbooks.reading.read import read_workbooks


def seen(path: Path, form: Form, limits: Limits) -> list[tuple[object, ...]]:
    """sheet, row, col and signed of the workbook's signature block."""
    book = read_workbooks([path], limits, {})
    texts = clean_texts(book.texts)
    layout = choose_layout(book.cells, texts, blocks(book.cells, texts, book.merges, book.sheets, form), form)
    rows = text_rows(book.cells, layout.blocks, form)
    found = signatures(1, book.cells, texts, book.sheets, rows.activities, layout.blocks)
    return found.select(c.SHEET, c.ROW, c.COL, c.SIGNED).rows()


@pytest.mark.parametrize(
    ("signatories", "signed"), [({}, False), ({"drawn_up_by": "Titular de la Unidad de Análisis"}, True)]
)
def test_the_forms_labels_with_and_without_a_role(
    tmp_path: Path, form: Form, limits: Limits, signatories: dict[str, str], signed: bool
) -> None:
    row = {c.UNIT_CODE: "06", c.ACTIVITY_NO: 1, c.DESCRIPTION: "Informe", c.MEASURE_UNIT: "Informes"}
    content = WorkbookContent({}, (), (row,), signatories)
    write_form(tmp_path / "form.xlsx", form, content, created=datetime(2024, 10, 3))
    [(_, _, column, found)] = seen(tmp_path / "form.xlsx", form, limits)
    assert (column, found) == (1, signed)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ELABORÓ", [("Firmas", 3, 2, True)]),
        ("Nombre y firma del titular", [("Firmas", 3, 2, True)]),
        ("Vo. Bo.", [("Firmas", 3, 2, True)]),
        ("Nombre del programa", []),
    ],
)
def test_a_block_in_other_words_on_a_sheet_of_its_own(
    tmp_path: Path, form: Form, limits: Limits, text: str, found: list[tuple[object, ...]]
) -> None:
    path = tmp_path / "signed.xlsx"
    with Workbook(path) as book:
        book.add_worksheet("Firmas").write(2, 1, text)
    assert seen(path, form, limits) == found
