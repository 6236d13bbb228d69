"""R01, R02, R09: every cell of an activity row by itself."""

from __future__ import annotations

import polars as pl

from config.form import Field
from schemas.cards.card import Card, RowCheck
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.language.wording import count_text

REQUIRED, RECOMMENDED = "required", "recommended"
# As Excel stores them and as it shows them in Spanish.
ERRORS = r"^\s*#(¡?(REF|DIV/0|VALUE|VALOR|NUM|NULL|NULO|SPILL|DESBORDAMIENTO|CALC)!|[¿]?(NAME|NOMBRE)\?|N/[AD]|ERROR)"
FORMULA = r"^\s*=\S"
MARKS = "[#=]"  # in either
NUMBER = r"^[-+]?[0-9][0-9.,]*$"


BROKEN_MESSAGES = {
    "error": "«{field}» muestra el error {found}: la fórmula de la celda no da un resultado.",
    "formula": "«{field}» tiene la fórmula {found} sin su resultado.",
}
BROKEN_REMEDY = (
    "Si la celda muestra un error, corrija su fórmula o escriba el dato; si tiene una fórmula sin resultado, abra el "
    "libro en Excel, guárdelo y envíelo de nuevo."
)


def broken(written: pl.Expr) -> pl.Expr:
    """Whether a cell shows an error or holds a formula without its result; the rules of its content then say nothing."""
    return written.str.contains(ERRORS) | written.str.contains(FORMULA)


def _filled(context: Context) -> list[RowCheck]:
    return [
        RowCheck(field.name, pl.col(c.written(field.name)).is_null() & when, found=pl.lit(""), variant=variant)
        for field in context.form.activity
        for variant, when in _wanted(field, context)
    ]


def _wanted(field: Field, context: Context) -> list[tuple[str, pl.Expr]]:
    """How much the form wants this cell filled: required, recommended or neither, and in which rows."""
    always = pl.lit(value=True)
    if field.required in (REQUIRED, RECOMMENDED):
        return [(field.required, always)]
    if field.required == "ended" and field.quarter is not None and field.quarter <= context.quarter:
        planned = pl.col(c.PLANNED[field.quarter - 1])
        nothing_planned = (planned == 0).fill_null(value=False)
        return [(REQUIRED, ~nothing_planned), (RECOMMENDED, nothing_planned)]
    return []


def _readable(context: Context) -> list[RowCheck]:
    """Errors and formulas without a result in every cell, numbers in counts and percentages; amounts are P06's."""
    return [check for field in context.form.activity if field.kind != "amount" for check in _cell_checks(field)]


def _cell_checks(field: Field) -> list[RowCheck]:
    written = pl.col(c.written(field.name))
    error, formula = written.str.contains(ERRORS), written.str.contains(FORMULA)
    marked, words = written.str.contains(MARKS), pl.col(field.name).is_null() & written.is_not_null()
    checks = [
        RowCheck(field.name, error, found=written, variant="error", suspect=marked),
        RowCheck(field.name, formula, found=written, variant="formula", suspect=marked),
    ]
    if field.kind not in ("count", "percent"):
        return checks
    other = words & ~error & ~formula
    if field.name != c.ACTIVITY_NO:
        return [*checks, RowCheck(field.name, other, found=written, suspect=words)]
    number = written.str.contains(NUMBER)
    return [
        *checks,
        RowCheck(field.name, other & ~number, found=written, suspect=words),
        RowCheck(field.name, other & number, found=written, variant="whole", suspect=words),
    ]


def _not_negative(context: Context) -> list[RowCheck]:
    return [
        RowCheck(field.name, number < 0, found=count_text(number), difference=number)
        for field in context.form.activity
        if field.kind == "count" and field.name != c.ACTIVITY_NO
        for number in [pl.col(field.name)]
    ]


CARDS = (
    Card(
        code="R01",
        title="Las celdas obligatorias están llenas",
        why="Un renglón al que le falta un dato obligatorio no se puede medir.",
        fields=(13, 14, 15, 16, 17, 18, 19, 20, 21, 22),
        scope="row",
        messages={REQUIRED: "Falta «{field}».", RECOMMENDED: "Falta «{field}»."},
        remedy="Capture el dato en la celda señalada; si no hubo resultado, escriba 0.",
        example="Actividad sin unidad de medida.",
        variants=(REQUIRED, RECOMMENDED),
        row_checks=_filled,
    ),
    Card(
        code="R02",
        title="Hay un número donde el formato pide un número, y ninguna celda con error",
        why="Con «doce» o con una celda que muestra error no se puede sumar, y tomarla por vacía sería inventar un dato.",
        fields=(13, 14, 15, 16, 17, 19, 20, 21, 22, 23),
        scope="row",
        messages={
            "": "«{field}» dice «{found}», que no es un número.",
            "whole": "«{field}» dice «{found}»; debe ser un número entero, del 1 en adelante.",
            **BROKEN_MESSAGES,
        },
        remedy=f"Escriba solo el número, sin palabras ni unidades. {BROKEN_REMEDY}",
        example="«doce» en el calendario; #REF! en la meta anual.",
        row_checks=_readable,
    ),
    Card(
        code="R09",
        title="Metas y resultados no son negativos",
        why="No se puede realizar ni programar menos que nada.",
        fields=(19, 20, 21),
        scope="row",
        messages={"": "«{field}» es negativo: {found}."},
        remedy="Escriba la cantidad sin signo; si corrige un trimestre anterior, corrija la celda de ese trimestre.",
        example="-3 en el realizado del 2o. trimestre.",
        row_checks=_not_negative,
    ),
)
