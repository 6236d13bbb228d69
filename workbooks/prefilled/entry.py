"""What may be typed into an open cell: the rule that the spreadsheet keeps, and what it tells the unit."""

from __future__ import annotations

from typing import Any, Final

from config.form import Field
from schemas.contracts import columns as c
from workbooks.prefilled.prefilled import Key, Prefilled

MEASURES: Final = "unidades_de_medida"  # the name of the list
MOST_DECIMAL: Final = 1e12
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255


def entry_rule(field: Field | None, key: Key, told: Prefilled, *, part: int, decimals: bool) -> dict[str, Any] | None:
    """An XlsxWriter data validation of the cell; None where any text will do."""
    if field is None:
        return None
    if field.name == c.MEASURE_UNIT:
        return _measure(told)
    if field.name == c.UNIT_CODE:
        return _unit(told)
    if field.kind == "date":
        return _date(told)
    if field.kind in ("count", "amount"):
        unsure = key[0] == "activity" and not told.figures[key[1]].sure
        rule = _figure(field, decimals=decimals or field.kind == "amount")
        return rule | {"error_type": "warning"} if unsure and field.kind == "count" else rule
    if field.kind == "percent":
        return _told("decimal", ">=", 0, "Porcentaje", "Escriba el porcentaje; no puede ser negativo.")
    return None


def _figure(field: Field, *, decimals: bool) -> dict[str, Any]:
    if field.name == c.ACTIVITY_NO:
        return _told("integer", ">=", 1, "Número de actividad", "Número entero, del 1 en adelante, sin repetir.")
    kind = "decimal" if decimals else "integer"
    what = "un número, sin texto ni signo negativo" if decimals else "un número entero, sin decimales ni texto"
    title = {"amount": "Monto en pesos"}.get(field.kind, "Cantidad")
    zero = " Si no hubo resultado, escriba 0." if field.name in c.ACHIEVED else ""
    accumulated = " Es el acumulado del año a ese trimestre." if field.name in c.EXERCISED else ""
    return _told(kind, ">=", 0, title, f"Escriba {what}.{zero}", hint=f"{field.description}{zero or accumulated}")


def _date(told: Prefilled) -> dict[str, Any]:
    day = f"{told.signed_from:%d/%m/%Y}"
    text = f"Fecha en que se elabora este informe, del {day} en adelante; por ejemplo {day}."
    return _told("date", ">=", told.signed_from, "Fecha de elaboración", text, strict=False)


def _unit(told: Prefilled) -> dict[str, Any] | None:
    codes = [line.unit_code for line in told.content.budget if line.unit_code]
    if not codes:
        return None
    # A list of its own would refuse 6 for "06".
    listed = _told("list", None, None, "UR", f"Clave de la UR de la actividad: {', '.join(codes)}.", strict=False)
    return listed | {"source": codes} if len(",".join(codes)) <= LONGEST_MESSAGE else None


def _measure(told: Prefilled) -> dict[str, Any] | None:
    if not told.measures:
        return None
    text = "Elija la unidad de medida de la lista. Si ninguna corresponde, escríbala y acepte el aviso."
    return _told("list", None, None, "Unidad de medida", text, strict=False) | {"source": f"={MEASURES}"}


def _told(
    kind: str, criteria: str | None, value: Any, title: str, text: str, *, hint: str | None = None, strict: bool = True
) -> dict[str, Any]:
    checked = {} if criteria is None else {"criteria": criteria, "value": value}
    return {
        "validate": kind,
        **checked,
        "input_title": title[:LONGEST_TITLE],
        "input_message": (hint or text)[:LONGEST_MESSAGE],
        "error_title": title[:LONGEST_TITLE],
        "error_message": text[:LONGEST_MESSAGE],
        "error_type": "stop" if strict else "warning",
    }
