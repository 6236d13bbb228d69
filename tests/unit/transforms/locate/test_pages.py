"""Pages: one a sheet, stacked on a sheet, without a title; where their table begins and ends."""

from __future__ import annotations

import pytest
from made_cells import TABLE, Batch, Sheet, page, rows, workbook

from config.form import Form
from schemas.contracts import columns as c

SIGNATURES = """

NOMBRE, CARGO Y FIRMA DE QUIEN ELABORÓ EL POA (24)
Titular de la unidad
"""
INSTRUCTIONS = """Instructivo de llenado
Campo | Qué se escribe
INSTITUCIÓN (1) | Escriba el nombre de la institución
EJE GENERAL (9) | Escriba el eje
Objetivo Estratégico (10) | Escriba el objetivo
UR PRINCIPAL (3) | 99 Escriba la unidad
META ANUAL (19) | Escriba la meta
"""
TITLE_ROW, HEAD_ROW, DATA_ROW = 1, 9, 12  # of made_cells.page


def bounds(form: Form, *sheets: str) -> list[tuple[int, ...]]:
    """(sheet, page, top, first row of the head, first and last row of the table) of every page with a table."""
    found = workbook(form, *sheets).blocks().pages.drop_nulls(c.HEADER_ROW)
    return found.select(c.SHEET_NO, c.PAGE, c.TOP_ROW, c.HEADER_ROW, c.DATA_ROW, c.BOTTOM_ROW).rows()


def numbers(form: Form, *sheets: str) -> list[int | None]:
    """Activity numbers found, in reading order."""
    found: list[int | None] = workbook(form, *sheets).evidence().rows[c.ACTIVITY_NO].to_list()
    return found


def test_one_page_a_sheet(form: Form) -> None:
    expected = (TITLE_ROW, HEAD_ROW, DATA_ROW, DATA_ROW + 1)
    assert bounds(form, page(1, 2), page(3, 4)) == [(0, 0, *expected), (1, 0, *expected)]


def test_pages_stacked_on_a_sheet_begin_with_their_titles(form: Form) -> None:
    stacked = page(1, 2) + "\n" + page(3)
    assert bounds(form, stacked) == [(0, 0, 1, 9, 12, 14), (0, 1, 15, 23, 26, 26)]
    assert numbers(form, stacked) == [1, 2, 3]


@pytest.mark.parametrize(
    "slip",
    ["PROGRMA OPERATIVO ANUAL (POA) 2024", "PROGRAMA OPERATIVOANUAL (POA)", "PROGRAMA OPERTAIVO ANUUAL (POA)\\n2024"],
)
def test_a_title_with_a_slip_begins_a_page(form: Form, slip: str) -> None:
    stacked = page(1, 2) + "\n" + page(3, title=slip)
    assert bounds(form, stacked) == bounds(form, page(1, 2) + "\n" + page(3))
    assert workbook(form, page(3, title=slip)).evidence().workbooks["fiscal_year"].to_list() == [
        2024 if "2024" in slip else None
    ]


@pytest.mark.parametrize("other", ["PROGRAMA ANUAL", "PROGRAMA OPERATIVO ANUAL DE OBRA", "SEGUIMIENTO DEL POA"])
def test_other_words_are_no_title(form: Form, other: str) -> None:
    assert [top for _, _, top, *_ in bounds(form, page(1, 2) + "\n" + page(3, title=other))] == [1]


def test_a_page_above_the_first_title_is_one_too(form: Form) -> None:
    stacked = page(1, 2, title="") + "\n" + page(3)
    assert numbers(form, stacked) == [1, 2, 3]
    assert [top for _, _, top, *_ in bounds(form, stacked)] == [1, 15]


def test_a_sheet_without_title_is_a_page(form: Form) -> None:
    assert numbers(form, page(1, 2, title="SECRETARIA")) == [1, 2]


def test_an_activity_about_the_programme_itself_begins_no_page(form: Form) -> None:
    told = rows(2, text="Programa Operativo Anual (POA) integrado y entregado")
    assert numbers(form, page(1) + told + rows(3)) == [1, 2, 3]


def test_signatures_end_the_table(form: Form) -> None:
    assert bounds(form, page(1) + SIGNATURES) == [(0, 0, 1, 9, 12, 14)]
    assert numbers(form, page(1) + SIGNATURES) == [1]


def test_an_activity_below_the_signatures_is_not_lost(form: Form) -> None:
    assert numbers(form, page(1) + SIGNATURES + rows(2)) == [1, 2]


def test_a_head_printed_again_is_no_activity(form: Form) -> None:
    assert numbers(form, page(1) + TABLE + rows(2)) == [1, 2]


def test_another_page_without_its_title_loses_no_activity(form: Form) -> None:
    found = numbers(form, page(1) + page(2, title=""))
    assert [number for number in found if number] == [1, 2]


def test_an_activity_measured_in_what_reads_like_a_label_stays(form: Form) -> None:
    assert numbers(form, page(1) + rows(2).replace("Informes", "Función") + rows(3, text="Comentarios")) == [1, 2, 3]


def test_other_sheets_beside_the_form_do_not_speak(form: Form) -> None:
    evidence = workbook(form, INSTRUCTIONS, page(1), "Clave | Unidad\n06 | UNIDAD", INSTRUCTIONS).evidence()
    assert evidence.workbooks[c.PAGES].to_list() == [1]
    assert evidence.budget[c.UNIT_CODE].to_list() == [None, "06"]
    header = dict(evidence.header.select(c.FIELD, c.TEXT).rows())
    assert header["institution"] == "SECRETARIA DE SEGURIDAD"


def test_a_header_on_a_sheet_of_its_own_speaks(form: Form) -> None:
    header, table = page(1).split("UR (esp", 1)
    evidence = workbook(form, header, "UR (esp" + table).evidence()
    assert dict(evidence.header.select(c.FIELD, c.TEXT).rows())["institution"] == "SECRETARIA DE SEGURIDAD"
    assert evidence.budget[c.UNIT_CODE].to_list() == [None, "06"]
    assert evidence.rows[c.ACTIVITY_NO].to_list() == [1]


def test_a_hidden_copy_beside_the_visible_form_does_not_speak(form: Form) -> None:
    older = Sheet(page(1, 2, 7).replace("ER1-2.1 Fortalecimiento", "ER1-9 Otro eje"), hidden=True)
    found = workbook(form, older, page(1, 2)).evidence()
    assert found.rows.select(c.SHEET_NO, c.ACTIVITY_NO).rows() == [(1, 1), (1, 2)]
    assert found.header_pages[c.SHEET_NO].unique().to_list() == [1]
    assert found.budget[c.SHEET_NO].unique().to_list() == [1]
    assert found.unread.select(c.FILE_ID, c.SHEET_NO).rows() == [(0, 0)]


def test_a_visible_form_with_slips_in_its_labels_outweighs_its_hidden_copy(form: Form) -> None:
    visible = page(1, 2)
    for words in ("ACTIVIDAD (DESCRIPCIÓN)", "UNIDAD DE MEDIDA", "META ANUAL", "% DE AVANCE", "TOTAL ACUMULADO"):
        visible = visible.replace(words, words.replace("D", "DD", 1).replace("T", "TT", 1))
    found = workbook(form, Sheet(page(7, 8), hidden=True), visible).evidence().rows
    assert found.select(c.SHEET_NO, c.ACTIVITY_NO).rows() == [(1, 1), (1, 2)]


def test_a_form_hidden_as_a_whole_is_read(form: Form) -> None:
    found = workbook(form, "Portada", Sheet(page(1, 2), hidden=True), Sheet(page(3), hidden=True)).evidence().rows
    assert found.select(c.SHEET_NO, c.ACTIVITY_NO).rows() == [(1, 1), (1, 2), (2, 3)]


def test_a_hidden_sheet_without_the_form_is_none_of_ours(form: Form) -> None:
    lists = Sheet("Informe | Documento\nCapacitación | Curso", hidden=True)
    assert workbook(form, lists, page(1, 2)).evidence().unread.is_empty()


def test_a_copy_hidden_in_one_workbook_leaves_the_others_alone(form: Form) -> None:
    hidden = Sheet(page(3), hidden=True)
    found = Batch(form, [{"a": page(1), "b": hidden}, {"a": page(1), "b": page(2)}, {"a": hidden}]).evidence().rows
    assert found.select(c.FILE_ID, c.ACTIVITY_NO).rows() == [(0, 1), (1, 1), (1, 2), (2, 3)]


def test_a_workbook_that_is_no_poa_has_no_page(form: Form) -> None:
    assert bounds(form, "Nombre | RFC\nTitular | XAXX010101000", "") == []


def test_activities_full_of_words_of_the_form_stay_activities(form: Form) -> None:
    """Neither the head swallows the first, nor does a title among them begin a page, nor a header label drop one."""
    first = rows(1).replace("Informes", "Total").replace("Informe de novedades", "Actividad")
    second = rows(2, text="Programa Operativo Anual (POA)").replace("Informes", "Función")
    third = rows(3).replace("06 |", "INSTITUCIÓN |").replace("Informes", "Comentarios")
    unnumbered = third.replace("#3 |", " |", 1)
    assert numbers(form, page() + first + second + third + unnumbered + rows(4)) == [1, 2, 3, None, 4]


def test_a_heads_own_odd_column_is_no_reason_to_miss_the_head(form: Form) -> None:
    odd = page(1).replace("No. ACT (14) |", "No. ACT (14) | Responsable |").replace("\n | | | UNI", "\n | | | | UNI")
    odd = odd.replace("\n | | | | | 1er", "\n | | | | | | 1er").replace("06 | #1 |", "06 | #1 | Titular |")
    assert numbers(form, odd) == [1]


def test_a_catalogue_of_activities_is_no_table_of_the_form(form: Form) -> None:
    catalogue = "UR | ACTIVIDAD | UNIDAD DE MEDIDA\n06 | Informe de novedades | Informes"
    evidence = workbook(form, page(1), catalogue).evidence()
    assert evidence.rows[c.ACTIVITY_NO].to_list() == [1]
    assert evidence.workbooks[c.PAGES].to_list() == [1]
