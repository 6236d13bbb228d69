"""P02-P06: the budget lines (fields 2-5) and the activities' amounts (field 18)."""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from config.form import Field
from schemas.cards.card import Card, RowCheck
from schemas.cards.locate import budget_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected
from schemas.language.tolerance import differs, float_slack, outside, ratio_range
from schemas.language.wording import amount_text, percent_text
from schemas.rules.cells import BROKEN_MESSAGES, BROKEN_REMEDY, ERRORS, FORMULA

AMOUNT, AMOUNT_HALF = pl.col(c.ASSIGNED_AMOUNT), pl.col(c.half(c.ASSIGNED_AMOUNT))


def _activities_sum(evidence: Evidence, _: Context) -> pl.DataFrame:
    copies = [c.FILE_ID, c.UNIT_CODE, c.ACTIVITY_NO]
    copied = pl.col(c.ACTIVITY_NO).is_not_null() & (pl.len().over(copies) > 1)
    sums = _unit_sums(evidence.rows.lazy().with_columns(copied.alias("copied")))
    # A row whose UR cannot be read may be any UR's.
    stray = evidence.rows.lazy().filter(pl.col(c.UNIT_CODE).is_null()).select(c.FILE_ID).unique()
    sums = sums.join(stray, on=c.FILE_ID, how="anti")
    lines = evidence.budget.lazy().join(sums, on=[c.FILE_ID, c.UNIT_CODE], how="inner")
    wrong = lines.filter(differs(AMOUNT, pl.col("sum"), AMOUNT_HALF + pl.col("sum_half")))
    return _sum_breach(collected(wrong), evidence)


def _unit_sums(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Sum of activity amounts per UR; a UR with a row that R02, R03 or P06 tells of is left to them."""
    hole = AMOUNT.is_null() | (AMOUNT < 0) | pl.col("copied")
    return (
        rows.group_by(c.FILE_ID, c.UNIT_CODE)
        .agg(AMOUNT.sum().alias("sum"), AMOUNT_HALF.sum().alias("sum_half"), hole.any().alias("hole"))
        .filter(~pl.col("hole"))
    )


def _sum_breach(wrong: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    if wrong.is_empty():
        return wrong
    return budget_cell(wrong, evidence, c.ASSIGNED_AMOUNT).with_columns(
        amount_text(AMOUNT).alias(c.VALUE),
        amount_text(pl.col("sum")).alias(c.EXPECTED),
        (AMOUNT - pl.col("sum")).alias(c.DIFFERENCE),
    )


def _read(lines: pl.DataFrame, quarter: int) -> pl.DataFrame:
    """Budget lines with both readings of what was exercised up to the quarter: ``last`` figure (null where they
    decrease) and ``sum``, each with its half-width; and which reading the reported percentage fits.
    """
    past = c.EXERCISED[:quarter]
    rising = [_not_below(after, before) for before, after in pairwise(past)]
    steady = pl.all_horizontal(rising) if rising else pl.lit(value=True)
    complete = pl.all_horizontal(pl.col(name).is_not_null() for name in past)
    read = lines.with_columns(
        pl.when(complete & steady).then(pl.col(past[-1])).alias("last"),
        pl.col(c.half(past[-1])).alias("last_half"),
        pl.when(complete).then(pl.sum_horizontal(past)).alias("sum"),
        pl.sum_horizontal(c.half(name) for name in past).alias("sum_half"),
    )
    return read.with_columns(_fits("last").alias("fits_last"), _fits("sum").alias("fits_sum"))


def _not_below(after: str, before: str) -> pl.Expr:
    slack = pl.col(c.half(after)) + pl.col(c.half(before)) + float_slack(pl.col(after), pl.col(before))
    return pl.col(after) >= pl.col(before) - slack


def _fits(reading: str) -> pl.Expr:
    low, high = ratio_range(pl.col(reading), pl.col(f"{reading}_half"), AMOUNT, AMOUNT_HALF)
    progress = pl.col(c.REPORTED_PROGRESS)
    misses = outside(progress, pl.col(c.half(c.REPORTED_PROGRESS)), low, high)
    return (AMOUNT > 0) & ~misses


def _over_assigned(evidence: Evidence, context: Context) -> pl.DataFrame:
    read = _read(evidence.budget, context.quarter)
    by_sum = pl.col("fits_sum").fill_null(value=False) & ~pl.col("fits_last").fill_null(value=False)
    use_sum = by_sum | pl.col("last").is_null()
    spent = pl.when(use_sum).then(pl.col("sum")).otherwise(pl.col("last"))
    slack = pl.when(use_sum).then(pl.col("sum_half")).otherwise(pl.col("last_half")) + AMOUNT_HALF
    over = read.with_columns(spent.alias("spent")).filter(
        pl.col("spent") - AMOUNT > slack + float_slack(pl.col("spent"), AMOUNT)
    )
    if over.is_empty():
        return over
    return budget_cell(over, evidence, c.EXERCISED[context.quarter - 1]).with_columns(
        amount_text(pl.col("spent")).alias(c.VALUE),
        amount_text(AMOUNT).alias(c.EXPECTED),
        (pl.col("spent") - AMOUNT).alias(c.DIFFERENCE),
    )


def _progress(evidence: Evidence, context: Context) -> pl.DataFrame:
    read = _read(evidence.budget, context.quarter)
    last, total, reported = pl.col("last") / AMOUNT, pl.col("sum") / AMOUNT, pl.col(c.REPORTED_PROGRESS)
    neither = ~(pl.col("fits_last").fill_null(value=False) | pl.col("fits_sum").fill_null(value=False))
    wrong = read.filter(neither & (AMOUNT > 0) & reported.is_not_null() & pl.col("sum").is_not_null())
    if wrong.is_empty():
        return wrong
    by_sum = percent_text(total, beside=reported)
    both = pl.concat_str([percent_text(last, beside=reported), by_sum], separator=" o ")
    nearest = pl.min_horizontal((last - reported).abs(), (total - reported).abs())
    same = (last == total).fill_null(value=True)
    return budget_cell(wrong, evidence, c.REPORTED_PROGRESS).with_columns(
        percent_text(reported).alias(c.VALUE),
        pl.when(last.is_null() | same).then(by_sum).otherwise(both).alias(c.EXPECTED),
        nearest.alias(c.DIFFERENCE),
    )


def _future_exercise(evidence: Evidence, context: Context) -> pl.DataFrame:
    future = [
        budget_cell(evidence.budget.filter(pl.col(name) != 0), evidence, name).with_columns(
            amount_text(pl.col(name)).alias(c.VALUE), pl.col(name).alias(c.DIFFERENCE)
        )
        for name in c.EXERCISED[context.quarter :]
    ]
    empty = evidence.budget.clear().with_columns(pl.lit(None, pl.String).alias(c.VALUE))
    return pl.concat([empty, *future], how="diagonal").with_columns(pl.lit("en blanco").alias(c.EXPECTED))


def _budget_numbers(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Budget cells that are no number, or a negative one."""
    numeric = [field for field in context.form.budget if field.numeric]
    suspect = evidence.budget.filter(pl.any_horizontal(pl.lit(value=False), *(_no_amount(field) for field in numeric)))
    if suspect.is_empty():
        return suspect
    breaches = []
    for field in numeric:
        value, written = pl.col(field.name), pl.col(c.written(field.name))
        wrong = suspect.filter(_no_amount(field))
        variant = pl.when(value.is_null()).then(_kind_of_text(written)).otherwise(pl.lit("negative"))
        breaches.append(
            budget_cell(wrong, evidence, field.name).with_columns(
                variant.alias(c.VARIANT), written.alias(c.VALUE), value.alias(c.DIFFERENCE)
            )
        )
    return pl.concat(breaches, how="diagonal")


def _no_amount(field: Field) -> pl.Expr:
    value = pl.col(field.name)
    return (value.is_null() & pl.col(c.written(field.name)).is_not_null()) | (value < 0)


def _kind_of_text(written: pl.Expr) -> pl.Expr:
    """Which message a cell that is no number deserves."""
    return (
        pl.when(written.str.contains(ERRORS))
        .then(pl.lit("error"))
        .when(written.str.contains(FORMULA))
        .then(pl.lit("formula"))
        .otherwise(pl.lit("not_a_number"))
    )


def _amount_checks(_: Context) -> list[RowCheck]:
    written = pl.col(c.written(c.ASSIGNED_AMOUNT))
    text = AMOUNT.is_null() & written.is_not_null()
    return [
        *(
            RowCheck(
                c.ASSIGNED_AMOUNT, text & (_kind_of_text(written) == kind), found=written, variant=kind, suspect=text
            )
            for kind in ("not_a_number", "error", "formula")
        ),
        RowCheck(c.ASSIGNED_AMOUNT, AMOUNT < 0, found=amount_text(AMOUNT), difference=AMOUNT, variant="negative"),
    ]


CARDS = (
    Card(
        code="P02",
        title="La UR suma lo de sus actividades",
        why="El monto de la UR es la suma de lo asignado a sus actividades.",
        fields=(3, 4, 18),
        scope="workbook",
        messages={"": "La UR {unit} tiene asignados {found}; sus actividades suman {expected}."},
        remedy="Corrija el monto de la UR o el de la actividad que no corresponda.",
        example="UR con 697,403 y diez actividades de 60,000.",
        check=_activities_sum,
    ),
    Card(
        code="P03",
        title="No se ejerce más de lo asignado",
        why="Sin una ampliación autorizada no se puede ejercer más de lo asignado.",
        fields=(4, 5),
        scope="workbook",
        messages={"": "El monto ejercido al trimestre, {found}, rebasa el asignado, {expected}."},
        remedy="Verifique el monto ejercido; si hubo ampliación, actualice el monto asignado.",
        example="Asignado 224,114; ejercido 230,000.",
        check=_over_assigned,
    ),
    Card(
        code="P04",
        title="El % de avance del ejercicio corresponde a los montos",
        why="El porcentaje es lo ejercido entre lo asignado; cualquiera puede comprobarlo.",
        fields=(4, 5),
        scope="workbook",
        messages={"": "El avance dice {found}; con los montos ejercidos hasta este trimestre es {expected}."},
        remedy="Corrija el porcentaje o los montos ejercidos. El porcentaje es lo ejercido entre lo asignado.",
        example="50 % con tres trimestres iguales de la cuarta parte.",
        check=_progress,
    ),
    Card(
        code="P05",
        title="No hay ejercicio en un trimestre que no ha terminado",
        why="Lo que aún no ocurre no se puede informar como ejercido.",
        fields=(5,),
        scope="workbook",
        messages={"": "Hay {found} ejercidos en «{field}», que aún no termina en el trimestre que se informa."},
        remedy="Deje en blanco los trimestres posteriores al que informa.",
        example="Monto en el 4o. trimestre dentro del informe del tercero.",
        check=_future_exercise,
    ),
    Card(
        code="P06",
        title="Los montos son números no negativos",
        why="Con un texto o un monto negativo no se puede sumar.",
        fields=(4, 5, 18),
        scope="row",
        messages={
            "not_a_number": "«{field}» dice «{found}», que no es un número.",
            "negative": "«{field}» es negativo: {found}.",
            **BROKEN_MESSAGES,
        },
        remedy=f"Escriba el dato como número, sin texto y sin signo negativo. {BROKEN_REMEDY}",
        example="«pendiente» en el monto de la actividad.",
        row_checks=_amount_checks,
        check=_budget_numbers,
    ),
)
