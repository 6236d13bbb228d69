"""T01-T04: what a workbook says again of the past, of its targets and of its amounts."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.cards.compared import (
    HEALED,
    ORDINAL,
    activity_changes,
    authorised,
    before,
    budget_changes,
    earliest,
    healing,
    last_quarters,
    of_current_submissions,
)
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import History
from schemas.language.texts import stem
from schemas.language.tolerance import differs, half_of_last_digit, stored_decimals
from schemas.language.wording import amount_text, count_text

APPEARED, VANISHED = "appeared", "vanished"
UNIT_ACTIVITY = [c.UNIT_CODE, c.ACTIVITY_NO]


def _past_achieved(judged: Judged, history: History, context: Context) -> pl.DataFrame:
    """Achieved figures of quarters that the UR's last earlier workbook covered; a blank there is as good as 0."""
    base = history.activities.join(last_quarters(history), on=[c.UNIT_CODE, c.QUARTER], how="semi")

    def changed(field: str) -> pl.Expr:
        covered = pl.col(c.QUARTER) >= c.ACHIEVED.index(field) + 1
        return covered & (pl.col(field).fill_null(0) != pl.col(before(field)).fill_null(0))

    fields = c.ACHIEVED[: context.quarter - 1]
    told = activity_changes(judged, history, base, {field: (changed(field), count_text) for field in fields})
    return healing(told, history, judged, same_quarter=True)


def _targets(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    base = earliest(history.activities, UNIT_ACTIVITY)

    def changed(field: str) -> pl.Expr:
        return pl.col(field).ne_missing(pl.col(before(field)))

    def respelled(field: str) -> pl.Expr:
        return stem(pl.col(field).fill_null("")) != stem(pl.col(before(field)).fill_null(""))

    told = activity_changes(
        judged,
        history,
        base,
        {field: (changed(field), count_text) for field in (c.ANNUAL_TARGET, *c.PLANNED)}
        | {c.MEASURE_UNIT: (respelled(c.MEASURE_UNIT), lambda text: text)},
    )
    return healing(authorised(told, history), history, judged)


def _amounts(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    """Amounts stand for a range: one written more exactly than before has not changed."""
    now, then = pl.col(c.ASSIGNED_AMOUNT), pl.col(before(c.ASSIGNED_AMOUNT))
    slack = half_of_last_digit(stored_decimals(now)) + half_of_last_digit(stored_decimals(then))
    changed = differs(now, then, slack).fill_null(now.is_null() != then.is_null())
    activities = activity_changes(
        judged,
        history,
        earliest(history.activities, UNIT_ACTIVITY),
        {c.ASSIGNED_AMOUNT: (changed, amount_text)},
    )
    lines = budget_changes(
        judged, history, earliest(history.budget, [c.UNIT_CODE]), c.ASSIGNED_AMOUNT, changed, amount_text
    )
    told = pl.concat([activities, lines], how="diagonal_relaxed")
    return healing(authorised(told, history), history, judged)


def _presence(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    """Activities of one quarter and not of the other. A quarantined row is there; one whose number cannot be read may be
    any, so that as many are not told.
    """
    last = last_quarters(history)
    now = pl.concat([_numbered(judged.activities), _numbered(judged.quarantined)])
    now = of_current_submissions(now, history).join(last, on=c.UNIT_CODE, how="inner", maintain_order="left")
    of_last = [
        frame.join(last, on=[c.UNIT_CODE, c.QUARTER], how="semi").select(*UNIT_ACTIVITY)
        for frame in (history.activities, history.quarantined)
    ]
    base = pl.concat(of_last)
    delivered = of_current_submissions(judged.units.select(c.FILE_ID, c.UNIT_CODE), history).join(
        last, on=c.UNIT_CODE, how="inner"
    )
    appeared = now.join(base, on=UNIT_ACTIVITY, how="anti", maintain_order="left").join(
        _unread(base), on=c.UNIT_CODE, how="anti", maintain_order="left"
    )
    vanished = (
        base.join(delivered, on=c.UNIT_CODE, how="inner", maintain_order="left")
        .join(now, on=UNIT_ACTIVITY, how="anti", maintain_order="left")
        .join(_unread(now), on=c.UNIT_CODE, how="anti", maintain_order="left")
    )
    told = pl.concat(
        [
            _located(appeared, judged).with_columns(pl.lit(APPEARED).alias(c.VARIANT)),
            vanished.with_columns(pl.lit(VANISHED).alias(c.VARIANT)),
        ],
        how="diagonal_relaxed",
    ).filter(pl.col(c.ACTIVITY_NO).is_not_null())
    return told.with_columns(
        pl.col(c.ACTIVITY_NO).cast(pl.String).alias(c.VALUE),
        pl.col(c.QUARTER).replace_strict(ORDINAL, return_dtype=pl.String).alias(c.ORIGIN),
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(c.FILE_ID, *UNIT_ACTIVITY, c.SHEET, c.PAGE, c.ROW)


def _unread(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col(c.ACTIVITY_NO).is_null()).select(c.UNIT_CODE).unique()


def _located(rows: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    pages = judged.pages.select(c.FILE_ID, c.SHEET, c.PAGE, c.COLUMNS)
    return rows.join(pages, on=[c.FILE_ID, c.SHEET, c.PAGE], how="left", maintain_order="left").with_columns(
        pl.lit(c.ACTIVITY_NO).alias(c.FIELD),
        pl.col(c.COLUMNS).str.json_path_match(f"$.{c.ACTIVITY_NO}").cast(pl.Int64).alias(c.COL),
    )


CARDS = (
    Card(
        code="T01",
        title="Lo realizado en trimestres anteriores no cambia",
        why="Lo ya informado se publicó; si cambia, debe saberse y explicarse.",
        fields=(21,),
        scope="history",
        messages={
            "": "«{field}» dice {found}; el libro del {origin} trimestre decía {expected}.",
            HEALED: "«{field}» cambió de {expected} (libro del {origin} trimestre) a {found}; el cambio corrige lo que se había señalado.",
        },
        remedy="Restituya la cifra que ya se había informado. Si aquella estaba mal, explique el cambio en la respuesta de la unidad.",
        example="El 1er. trimestre decía 3 en el informe de abril y dice 5 en el de julio.",
        variants=("", HEALED),
        history_check=_past_achieved,
        needs_past=True,
    ),
    Card(
        code="T02",
        title="Las metas y su calendario son los del programa inicial",
        why="Una meta que se ajusta al resultado deja de medir.",
        fields=(19, 20),
        scope="history",
        messages={
            "": "«{field}» dice {found}; en el libro del {origin} trimestre era {expected}.",
            HEALED: "«{field}» cambió de {expected} (libro del {origin} trimestre) a {found}; el cambio corrige lo que se había señalado.",
        },
        remedy="Restituya la meta programada. Si la modificación está autorizada, comunique el oficio al área de planeación para que la registre.",
        example="Meta anual de 12 en el 1er. trimestre y de 10 en el 2o.",
        variants=("", HEALED),
        history_check=_targets,
        needs_past=True,
    ),
    Card(
        code="T03",
        title="Las actividades son las mismas durante el año",
        why="El programa anual se aprobó con sus actividades; quitarlas o agregarlas requiere autorización.",
        fields=(14,),
        scope="history",
        messages={
            APPEARED: "La actividad {found} de la UR {unit} no estaba en el libro del {origin} trimestre.",
            VANISHED: "La actividad {found} de la UR {unit} estaba en el libro del {origin} trimestre y ya no aparece.",
        },
        remedy="Conserve todas las actividades con su número. Si se canceló o se agregó una con autorización, comuníquelo al área de planeación.",
        example="La actividad 4 desapareció entre el 2o. y el 3er. trimestre.",
        history_check=_presence,
        needs_past=True,
    ),
    Card(
        code="T04",
        title="Los montos asignados no cambian",
        why="El presupuesto asignado solo cambia por una adecuación autorizada.",
        fields=(4, 18),
        scope="history",
        messages={
            "": "«{field}» dice {found}; en el libro del {origin} trimestre era {expected}.",
            HEALED: "«{field}» cambió de {expected} (libro del {origin} trimestre) a {found}; el cambio corrige lo que se había señalado.",
        },
        remedy="Restituya el monto asignado. Si hubo una adecuación presupuestal autorizada, comunique el oficio al área de planeación para que la registre.",
        example="La UR tenía asignados 697,403 y ahora dice 650,000.",
        variants=("", HEALED),
        history_check=_amounts,
        needs_past=True,
    ),
)
