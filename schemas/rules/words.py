"""R17, R19: what the texts say: justifications of their own, and nothing in them that is not text."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.cards.compared import activity_changes, before, last_quarters
from schemas.cards.locate import activity_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import History
from schemas.contracts.query import collected
from schemas.language.quarters_named import names_other_quarter, quarter_list
from schemas.language.texts import UNSEEN, comparable, shown
from schemas.rules.cells import broken

REPEATED, OTHER_QUARTER, LAST_QUARTER = "repeated", "other_quarter", "last_quarter"
UNSEEN_CHARACTERS, FORMULA = "unseen", "formula"
PLAIN, BONES = "plain", "bones"
QUARTER_TRACES = ("trim", "ene", "abr", "jul", "oct")
OPENING = 40  # characters that tell most texts apart, whatever their spaces and signs


def _not_its_own(evidence: Evidence, context: Context) -> pl.DataFrame:
    if not context.form.has("activity", c.JUSTIFICATION):
        return evidence.rows.clear()
    text = pl.col(c.JUSTIFICATION)
    rows = evidence.rows.filter(text.is_not_null() & ~broken(text))
    told = pl.concat([_repeated(rows, context), _of_other_quarter(rows, context)], how="diagonal_relaxed")
    if told.is_empty():
        return told
    return activity_cell(told, evidence, c.JUSTIFICATION).with_columns(text.alias(c.VALUE))


def _repeated(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rows with the justification of a row before them in the workbook; a copy of the same activity is R03's."""
    text, key = pl.col(c.JUSTIFICATION), [c.FILE_ID, PLAIN]
    # Texts that read the same begin with the same consonants, which is quick to see; few are looked at more closely.
    start = text.str.head(OPENING).str.to_lowercase()
    bones = start.str.replace_all(r"[^b-df-hj-mp-tv-z]", "").str.head(OPENING // 5).alias(BONES)
    together = rows.lazy().select(c.FILE_ID, bones).select(pl.len().over(c.FILE_ID, BONES) > 1)
    alike = rows.filter(collected(together).to_series()).with_columns(comparable(text).alias(PLAIN))
    same = alike.filter(_long(context) & (pl.len().over(key) > 1))
    if same.is_empty():
        return same
    activity = pl.struct(c.UNIT_CODE, c.ACTIVITY_NO)
    number, unit = (pl.col(name).first().over(key) for name in (c.ACTIVITY_NO, c.UNIT_CODE))
    other = pl.format("la actividad {} de la UR {}", number, unit)
    row = pl.format("la del renglón {}", pl.col(c.ROW).first().over(key))
    return same.with_columns(pl.lit(REPEATED).alias(c.VARIANT), pl.coalesce(other, row).alias(c.EXPECTED)).filter(
        activity != activity.first().over(key)
    )


def _long(context: Context) -> pl.Expr:
    """Whether a comparable text is too long for a formula that fits many activities."""
    return pl.col(PLAIN).str.count_matches(" ") + 1 >= context.policy.justification.own_words


def _of_last_quarter(judged: Judged, history: History, context: Context) -> pl.DataFrame:
    """Justifications that the UR's last earlier workbook gave for the same activity; one told of already is not again."""
    text = pl.col(c.JUSTIFICATION)
    base = history.activities.join(last_quarters(history), on=[c.UNIT_CODE, c.QUARTER], how="semi")
    same = activity_changes(
        judged, history, base, {c.JUSTIFICATION: (text == pl.col(before(c.JUSTIFICATION)), lambda said: said)}
    )
    told = judged.findings.filter(rule="R17").select(c.FILE_ID, c.SHEET, c.ROW)
    copied = same.with_columns(comparable(pl.col(c.VALUE)).alias(PLAIN)).filter(_long(context))
    return copied.join(told, on=[c.FILE_ID, c.SHEET, c.ROW], how="anti", maintain_order="left").with_columns(
        pl.lit(LAST_QUARTER).alias(c.VARIANT), pl.lit(None, pl.String).alias(c.EXPECTED)
    )


def _of_other_quarter(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rows whose justification names quarters, and not the one reported."""
    text = pl.col(c.JUSTIFICATION)
    few = rows.filter(text.str.contains_any(list(QUARTER_TRACES), ascii_case_insensitive=True)).select(text.unique())
    plain = few.with_columns(comparable(text).alias(PLAIN)).rows()
    other = [said for said, words in plain if names_other_quarter(words, context.quarter)]
    if not other:
        return rows.clear()
    return rows.filter(text.is_in(other)).with_columns(
        pl.lit(OTHER_QUARTER).alias(c.VARIANT), pl.lit(quarter_list([context.quarter])).alias(c.EXPECTED)
    )


def _unclean(evidence: Evidence, _: Context) -> pl.DataFrame:
    """Texts with characters that do not show or that a spreadsheet would run; in activities "=" is R02's."""
    odd = evidence.odd_texts
    if odd.is_empty():
        return odd
    place = [c.FILE_ID, c.SHEET_NO, c.ROW]
    rows = evidence.rows.select(*place, c.ROW_ID, c.UNIT_CODE, c.ACTIVITY_NO)
    distinct = odd.select(pl.col(c.TEXT).unique()).with_columns(
        pl.col(c.TEXT).map_elements(shown, return_dtype=pl.String).alias(c.VALUE)
    )
    unseen = pl.col(c.TEXT).str.contains(UNSEEN)
    return (
        odd.filter(~((pl.col(c.BLOCK) == "activity") & broken(pl.col(c.TEXT))))
        .join(distinct, on=c.TEXT, how="left", maintain_order="left")
        .join(rows, on=place, how="left", maintain_order="left")
        .with_columns(pl.when(unseen).then(pl.lit(UNSEEN_CHARACTERS)).otherwise(pl.lit(FORMULA)).alias(c.VARIANT))
    )


CARDS = (
    Card(
        code="R17",
        title="La justificación es propia de la actividad y del trimestre",
        why="Una justificación copiada no explica lo que pasó en esta actividad ni en este trimestre.",
        fields=(23,),
        scope="history",
        messages={
            REPEATED: "La justificación repite palabra por palabra la de {expected}.",
            LAST_QUARTER: "La justificación repite palabra por palabra la del {origin} trimestre.",
            OTHER_QUARTER: "La justificación habla de otro trimestre; el que se informa es el {expected}.",
        },
        remedy="Explique el resultado de esta actividad en el trimestre que informa.",
        example="«En el primer trimestre se atendió…» en el informe del tercero.",
        check=_not_its_own,
        history_check=_of_last_quarter,
        needs_past=True,
    ),
    Card(
        code="R19",
        title="Los textos son solo texto",
        why="Los caracteres invisibles y los textos que Excel tomaría por fórmulas estropean los reportes y son un riesgo al abrirlos.",
        fields=(1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 22, 23),
        scope="workbook",
        messages={
            UNSEEN_CHARACTERS: "«{field}» tiene caracteres que no se ven: «{found}».",
            FORMULA: "«{field}» empieza como una fórmula: «{found}».",
        },
        remedy="Vuelva a teclear el texto, o péguelo sin formato; que empiece con una letra o un número y no con =, +, @ o una tabulación.",
        example="Un texto pegado de otro programa con caracteres de control.",
        check=_unclean,
    ),
)
