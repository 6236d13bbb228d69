"""E01-E06: the header and the units it names."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.cards.locate import activity_cell, budget_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected
from schemas.language.near_units import NearUnits
from schemas.language.texts import comparable
from schemas.rules.cells import broken


def _unknown_unit(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Rows of a UR that the catalogue lacks, with the unit of it that is most likely meant, where there is one."""
    unit, names = pl.col(c.UNIT_CODE), context.catalog.unit_names
    unknown = evidence.rows.filter(unit.is_not_null() & ~unit.is_in(sorted(names)) & ~broken(unit))
    if unknown.is_empty():
        return unknown
    distinct = unknown.select(c.FILE_ID, c.UNIT_CODE).unique()
    lines = evidence.budget.drop_nulls(c.UNIT_CODE).join(distinct.select(c.FILE_ID).unique(), on=c.FILE_ID, how="semi")
    said: dict[int, dict[str, str | None]] = {}
    for file_id, code, name in lines.select(c.FILE_ID, c.UNIT_CODE, c.UNIT_NAME).iter_rows():
        said.setdefault(file_id, {})[code] = name
    near_units, meant = NearUnits(names), []
    for file_id, code in distinct.rows():
        lines_of = said.get(file_id, {})
        near = near_units.unit(code, lines_of.get(code), lines_of.keys() & names.keys())
        meant.append((file_id, code, f"{near} {names[near]}" if near else None))
    expected = pl.DataFrame(meant, schema={**distinct.schema, c.EXPECTED: pl.String}, orient="row")
    told = unknown.join(expected, on=[c.FILE_ID, c.UNIT_CODE], how="left", maintain_order="left")
    return activity_cell(told, evidence, c.UNIT_CODE).with_columns(
        unit.alias(c.VALUE),
        pl.col(c.EXPECTED).fill_null("una clave del catálogo de UR"),
        pl.when(pl.col(c.EXPECTED).is_not_null()).then(pl.lit("near")).alias(c.VARIANT),
    )


def _other_name(evidence: Evidence, context: Context) -> pl.DataFrame:
    names = pl.DataFrame(
        list(context.catalog.unit_names.items()),
        schema={c.UNIT_CODE: pl.String, c.EXPECTED: pl.String},
        orient="row",
    )
    named = evidence.budget.join(names, on=c.UNIT_CODE, how="inner").filter(
        comparable(pl.col(c.UNIT_NAME)) != comparable(pl.col(c.EXPECTED))
    )
    if named.is_empty():
        return named
    near_units = NearUnits(context.catalog.unit_names)
    others = {name: near_units.named(name) for name in named.get_column(c.UNIT_NAME).unique()}
    other = pl.col(c.UNIT_NAME).replace_strict(others, default=None, return_dtype=pl.String)
    swapped = other != pl.col(c.UNIT_CODE)
    return budget_cell(named, evidence, c.UNIT_NAME).with_columns(
        pl.col(c.UNIT_NAME).alias(c.VALUE),
        pl.when(swapped)
        .then(pl.format("el nombre {} o la clave {}", c.EXPECTED, other))
        .otherwise(pl.col(c.EXPECTED))
        .alias(c.EXPECTED),
        pl.when(swapped).then(pl.lit("swapped")).alias(c.VARIANT),
    )


def _empty_header(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Required fields without a value; one whose label is not there has no cell either."""
    wanted = [f.name for f in context.form.header if f.required == "required"]
    fields = pl.LazyFrame({c.FIELD: wanted}, schema={c.FIELD: pl.String})
    tabled = evidence.workbooks.lazy().filter(pl.col(c.PAGES) > 0).select(c.FILE_ID)
    held = evidence.header.lazy().filter(pl.col(c.FIELD).is_in(wanted))
    # Nearly all fields have their cell: those that it lacks, and the few workbooks without one, are looked for apart.
    empty = held.filter(pl.col(c.TEXT).is_null()).join(tabled, on=c.FILE_ID, how="semi", maintain_order="left")
    counted = held.group_by(c.FILE_ID).agg(pl.col(c.FIELD).n_unique().alias("fields"))
    lacking = tabled.join(counted.filter(pl.col("fields") == len(wanted)), on=c.FILE_ID, how="anti")
    absent = lacking.join(fields, how="cross").join(held, on=[c.FILE_ID, c.FIELD], how="anti", maintain_order="left")
    return collected(pl.concat([empty.select(c.FILE_ID, c.SHEET, c.ROW, c.COL, c.FIELD), absent], how="diagonal"))


def _empty_budget(evidence: Evidence, context: Context) -> pl.DataFrame:
    due = [
        f.name
        for f in context.form.budget
        if f.required == "required" or (f.required == "ended" and (f.quarter or 0) <= context.quarter)
    ]
    asked = {**{name: c.written(name) for name in due}, c.UNIT_NAME: c.UNIT_NAME}
    empty = [
        budget_cell(evidence.budget.filter(pl.col(held).is_null()), evidence, name)
        for name, held in asked.items()
        if evidence.budget.get_column(held).null_count()
    ]
    return pl.concat([*empty, _missing_lines(evidence, context)], how="diagonal")


def _missing_lines(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Workbooks without a line for the programme or for the principal UR."""
    tabled = evidence.workbooks.lazy().filter(pl.col(c.PAGES) > 0).select(c.FILE_ID)
    lines = evidence.budget.lazy()
    missing = [
        tabled.join(lines.filter(pl.col(c.LEVEL) == line.level), on=c.FILE_ID, how="anti").with_columns(
            pl.lit(line.printed).alias(c.FIELD)
        )
        for line in context.form.line
        if line.level != "derived"
    ]
    return collected(pl.concat(missing))


def _empty(evidence: Evidence, context: Context) -> pl.DataFrame:
    return pl.concat([_empty_header(evidence, context), _empty_budget(evidence, context)], how="diagonal")


def _date(evidence: Evidence, context: Context) -> pl.DataFrame:
    dated = evidence.header.filter((pl.col(c.FIELD) == c.DRAWN_UP_ON) & pl.col(c.TEXT).is_not_null())
    early = pl.col(c.DATE) < pl.lit(context.quarter_ends)
    return dated.filter(pl.col(c.DATE).is_null() | early).select(
        c.FILE_ID,
        c.SHEET,
        c.ROW,
        c.COL,
        c.FIELD,
        pl.when(pl.col(c.DATE).is_null()).then(pl.lit("not_a_date")).otherwise(pl.lit("early")).alias(c.VARIANT),
        pl.col(c.TEXT).alias(c.VALUE),
        pl.lit(context.quarter_ends.strftime("%d/%m/%Y")).alias(c.EXPECTED),
        (pl.col(c.DATE) - pl.lit(context.quarter_ends)).dt.total_days().cast(pl.Float64).alias(c.DIFFERENCE),
    )


CARDS = (
    Card(
        code="E01",
        title="La UR existe en el catálogo",
        why="Lo que no es de una unidad conocida no se puede atribuir a nadie.",
        fields=(3, 13),
        scope="row",
        messages={
            "": "La clave de UR «{found}» no está en el catálogo de unidades responsables.",
            "near": "La clave de UR «{found}» no está en el catálogo de unidades responsables; la más parecida es «{expected}».",
        },
        remedy="Escriba la clave de la unidad como aparece en el catálogo. Si la unidad es nueva, avise al área de planeación.",
        example="UR 99, que no existe.",
        check=_unknown_unit,
    ),
    Card(
        code="E02",
        title="El nombre de la UR es el del catálogo",
        why="Un nombre distinto puede ser un descuido o el libro de otra unidad.",
        fields=(3,),
        scope="workbook",
        messages={
            "": "El nombre de la UR dice «{found}»; en el catálogo es «{expected}».",
            "swapped": "La UR {unit} lleva el nombre «{found}», que en el catálogo es de otra; debería ser {expected}.",
        },
        remedy="Escriba el nombre como aparece en el catálogo.",
        example="«UNIDAD DE ANALISIS» en lugar de «UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA».",
        check=_other_name,
    ),
    Card(
        code="E03",
        title="El encabezado está completo",
        why="El encabezado vincula el programa con el plan estatal y con el presupuesto; sin él, los reportes quedan incompletos.",
        fields=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        scope="workbook",
        messages={"": "Falta llenar «{field}»."},
        remedy="Capture el dato en la celda señalada.",
        example="El Objetivo Estratégico (10) está en blanco.",
        check=_empty,
    ),
    Card(
        code="E06",
        title="La fecha de elaboración es una fecha del periodo",
        why="La fecha dice de cuándo es el informe; una anterior al cierre del trimestre no puede informar de todo él.",
        fields=(6,),
        scope="workbook",
        messages={
            "not_a_date": "«{found}» no se puede leer como fecha.",
            "early": "La fecha de elaboración, {found}, es anterior al cierre del trimestre que se informa ({expected}).",
        },
        remedy="Escriba la fecha en que se elaboró este informe trimestral, por ejemplo 05/10/2024.",
        example="15-mar-24 en el informe del tercer trimestre.",
        variants=("not_a_date", "early"),
        check=_date,
    ),
)
