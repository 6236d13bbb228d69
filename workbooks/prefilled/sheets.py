"""The sheets beside the form: how to fill it in, and the list that its cells choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from config.form import Form
from workbooks.form.style import BAND, FONT, text_height
from workbooks.prefilled.entry import MEASURES
from workbooks.prefilled.looks import ALARM, ALARM_INK, LATER, MEND, OPEN
from workbooks.prefilled.prefilled import Prefilled

INSTRUCTIONS, LISTS = "Instrucciones", "Listas"
KEY_WIDTH, TEXT_WIDTH = 24.0, 96.0

COLOURS: Final = (
    ("Amarillo", OPEN, "Llénela. Si un dato no aplica, déjela en blanco; si no hubo resultado, escriba 0."),
    ("Naranja", MEND, "Corríjala. La nota de la celda dice qué se observó en su último libro y cómo corregirlo."),
    ("Blanco", "#FFFFFF", "No la cambie: es lo que ya se informó, o una suma o porcentaje que se calcula solo."),
    ("Gris", LATER, "Todavía no: es de un trimestre que no ha terminado."),
    ("Rojo", ALARM, "Algo no cuadra. Revise la cifra antes de enviar el libro."),
)
CHECKED: Final = "Qué se revisa al escribir: lo que no cuadra se pone en rojo"
CHECKS: Final = (
    ("Las metas", "La meta anual debe ser lo que da el calendario."),
    ("Los montos", "Los montos de las actividades deben sumar el de su UR, y los de las UR el del programa."),
    ("Lo ejercido", "No debe rebasar lo asignado, ni bajar de un trimestre a otro si es acumulado."),
    ("Los resultados", "Si se apartan de lo programado a la fecha, la justificación debe decir por qué."),
)
LOCKED: Final = (
    "Las hojas están protegidas, sin contraseña, para que nada se cambie por descuido. En una urgencia puede quitar la "
    "protección (Revisar > Desproteger hoja); si cambia algo de trimestres anteriores o de las metas, el informe de "
    "calidad lo señalará y tendrá que explicarlo."
)
SENDING: Final = (
    "No cambie el nombre de las hojas, no agregue columnas y no borre renglones. Guarde el libro como libro de Excel "
    "(.xlsx) y envíelo completo. Esta hoja puede quedarse: no se toma en cuenta al leerlo."
)


def instructions(book: Any, form: Form, told: Prefilled) -> Any:
    """The first sheet: what to do, what the colours mean, what is checked."""
    sheet = book.add_worksheet(INSTRUCTIONS)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, KEY_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.set_tab_color(BAND)
    base = {"font_name": FONT, "font_size": 11, "text_wrap": True, "valign": "vcenter"}
    title = book.add_format(base | {"bold": True, "font_size": 16, "font_color": BAND})
    head = book.add_format(base | {"bold": True, "font_color": "#FFFFFF", "bg_color": BAND, "indent": 1})
    text, key = book.add_format(base | {"border": 1, "indent": 1}), {**base, "bold": True, "border": 1, "indent": 1}
    row = _whole(sheet, 0, f"Cómo llenar este formato: {form.form.subtitle}", title, 26)
    row = _whole(sheet, row, told.told, book.add_format(base), 20) if told.told else row
    row = _table(sheet, row + 1, "Qué hay que llenar", head, _steps(told, form), book.add_format(key), text)
    row = _whole(sheet, row + 1, "Qué significan los colores", head, 18)
    for name, fill, words in COLOURS:
        ink = {"font_color": ALARM_INK} if fill == ALARM else {}
        _line(sheet, row, name, words, book.add_format(key | {"bg_color": fill} | ink), text)
        row += 1
    row = _table(
        sheet,
        row + 1,
        CHECKED,
        head,
        CHECKS,
        book.add_format(key),
        text,
    )
    last = [("Protección", LOCKED), ("Al enviarlo", SENDING)]
    row = _table(sheet, row + 1, "Antes de enviarlo", head, last, book.add_format(key), text)
    _set_up(sheet, row)
    return sheet


def _steps(told: Prefilled, form: Form) -> list[tuple[str, str]]:
    quarter = f"{form.form.quarters[told.quarter - 1]}"
    blank = not any(told.content.activities)
    programme = [
        ("El programa", "Escriba cada actividad en un renglón, con su meta anual y su calendario. Numérelas del 1 en "
         "adelante en cada UR. Los renglones que sobren quedan en blanco."),
    ] if blank else []  # fmt: skip
    return [
        *programme,
        ("Cada actividad", f"Lo realizado en el {quarter} y, si se apartó de lo programado, la justificación de "
         "resultados."),
        ("El presupuesto", f"El monto ejercido al {quarter} de cada línea del presupuesto, y comentarios si hay."),
        ("La primera hoja", "La fecha de elaboración y lo que esté en amarillo; las demás repiten el encabezado "
         "solas."),
        ("Las firmas", "Nombre y cargo de quienes firman, al final de la última página."),
    ]  # fmt: skip


def lists(book: Any, told: Prefilled) -> None:
    """A hidden sheet with the units of measure to choose from."""
    if not told.measures:
        return
    sheet = book.add_worksheet(LISTS)
    for row, measure in enumerate(told.measures):
        sheet.write_string(row, 0, measure)
    sheet.hide()
    sheet.protect()
    book.define_name(MEASURES, f"={LISTS}!$A$1:$A${len(told.measures)}")


def _table(sheet: Any, row: int, title: str, head: Any, lines: Sequence[tuple[str, str]], key: Any, text: Any) -> int:
    row = _whole(sheet, row, title, head, 18)
    for name, words in lines:
        _line(sheet, row, name, words, key, text)
        row += 1
    return row


def _line(sheet: Any, row: int, name: str, words: str, key: Any, text: Any) -> None:
    sheet.set_row(row, max(24.0, text_height([(words, TEXT_WIDTH * 0.85)], 15) + 8))
    sheet.write_string(row, 0, name, key)
    sheet.write_string(row, 1, words, text)


def _whole(sheet: Any, row: int, words: str, look: Any, height: float) -> int:
    sheet.set_row(row, height)
    sheet.merge_range(row, 0, row, 1, "", look)
    sheet.write_string(row, 0, words, look)
    return row + 1


def _set_up(sheet: Any, rows: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, rows, 1)
    sheet.protect()
