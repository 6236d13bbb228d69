"""Evidence to findings: every rule asked, every breach told with its severity, cell and message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from config.policy import SEVERITIES
from schemas import columns as c
from schemas.addresses import cell_address
from schemas.card import BREACHES, NOTE, Card, RowCheck
from schemas.evidence import Context, Evidence
from schemas.frames import Contract, conform
from schemas.refusal import Refusal
from schemas.row_schema import breaches
from schemas.rulebook import CARDS, severities
from schemas.rules.identity import with_header
from schemas.rules.layout import DISPLACED
from schemas.texts import comparable
from schemas.wording import message

# A breach with its words: what FINDINGS holds, and the row it ties to.
TOLD: Contract = {**BREACHES, c.RULE: pl.String, c.LABEL: pl.String, c.MESSAGE: pl.String}
UNIT_FIELD = "UR (3)"
RANK = pl.col(c.SEVERITY).replace_strict(
    {severity: rank for rank, severity in enumerate(SEVERITIES)}, default=None, return_dtype=pl.Int8
)


def findings(evidence: Evidence, context: Context, refusals: Mapping[int, Refusal]) -> pl.DataFrame:
    """One row per finding: FINDINGS without points, plus row_id and variant, the gravest first within each workbook."""
    opened = ~pl.col(c.FILE_ID).is_in(list(refusals))
    evidence = replace(evidence, workbooks=evidence.workbooks.filter(opened))
    told = pl.concat(
        [
            _refused(refusals),
            *_workbook_findings(evidence, context),
            *_row_findings(evidence, context),
        ]
    )
    ranked = told.join(_severities(context), on=[c.RULE, c.VARIANT], how="left", maintain_order="left")
    addressed = _causes(ranked)
    return addressed.with_columns(
        cell_address(pl.col(c.COL), pl.col(c.ROW), addressed[c.COL].unique()).alias(c.CELL),
        pl.lit(value=False).alias(c.WAIVED),
    ).sort(c.FILE_ID, RANK, c.RULE, c.SHEET, c.ROW, c.COL, nulls_last=True, maintain_order=True)


def _causes(told: pl.DataFrame) -> pl.DataFrame:
    """Findings less those that another one explains: a row out of its columns (R18) is told as that alone, a column
    that the workbook lacks (A06) not again for each row, and a code and name that do not belong together (E04) not as
    a page unlike the first (E05) too, where both ask for the same.
    """
    displaced = told.filter((pl.col(c.RULE) == "R18") & (pl.col(c.VARIANT) == DISPLACED))
    mended = displaced.filter(pl.col(c.FIELD).is_null()).get_column(c.ROW_ID)
    by_cell = (pl.col(c.RULE) == "R18") & pl.col(c.FIELD).is_not_null()
    explained = (pl.col(c.ROW_ID).is_in(displaced.get_column(c.ROW_ID).implode()) & (pl.col(c.RULE) != "R18")) | (
        pl.col(c.ROW_ID).is_in(mended.implode()) & by_cell
    )
    lacking = (pl.col(c.RULE) == "R01") & pl.col(c.COL).is_null()
    return _without_pairs(told.filter(~explained.fill_null(value=False) & ~lacking))


def _without_pairs(told: pl.DataFrame) -> pl.DataFrame:
    """``told`` without E05 where E04 asks for the same: of that cell, or of the first page what this one says."""
    pages = told.filter(pl.col(c.RULE) == "E05")
    if pages.is_empty():
        return told
    pairs = told.filter(pl.col(c.RULE) == "E04").with_columns(comparable(pl.col(c.EXPECTED)).alias("plain"))
    cell = [c.FILE_ID, c.SHEET, c.ROW, c.COL, "plain"]
    for said, key in ((c.EXPECTED, cell), (c.VALUE, [c.FILE_ID, c.FIELD, "plain"])):
        plain = pages.with_columns(comparable(pl.col(said)).alias("plain"))
        pages = plain.join(pairs, on=key, how="anti", maintain_order="left").drop("plain")
    return pl.concat([told.filter(pl.col(c.RULE) != "E05"), pages])


def _refused(refusals: Mapping[int, Refusal]) -> pl.DataFrame:
    rows = [
        {
            c.FILE_ID: file_id,
            c.RULE: refusal.rule,
            c.VARIANT: "",
            c.VALUE: refusal.details.get("found"),
            c.EXPECTED: refusal.details.get("limit"),
            c.MESSAGE: CARDS[refusal.rule].messages[refusal.reason].format(**refusal.details),
        }
        for file_id, refusal in refusals.items()
    ]
    return (
        conform(pl.DataFrame(rows, schema_overrides={c.FILE_ID: pl.Int64}), TOLD) if rows else pl.DataFrame(schema=TOLD)
    )


def _workbook_findings(evidence: Evidence, context: Context) -> Iterable[pl.DataFrame]:
    for card in CARDS.values():
        if card.check is not None:
            breached = card.check(evidence, context)
            if len(breached):
                yield from _told(card, conform(breached, BREACHES), context)


def _row_findings(evidence: Evidence, context: Context) -> Iterable[pl.DataFrame]:
    rows = with_header(evidence)
    checks = {
        f"{card.code}|{check.variant}|{check.field}": (card, check)
        for card in CARDS.values()
        if card.row_checks is not None
        for check in card.row_checks(context)
    }
    held = rows.select((~check.breach).fill_null(value=True).alias(key) for key, (_, check) in checks.items())
    for key, positions in breaches(held).items():
        card, check = checks[key]
        yield from _told(card, _breach_rows(rows[positions], check, evidence), context)


def _breach_rows(rows: pl.DataFrame, check: RowCheck, evidence: Evidence) -> pl.DataFrame:
    columns = evidence.activity_columns.filter(pl.col(c.FIELD) == check.field).drop(c.FIELD)
    stated = rows.with_columns(
        pl.lit(check.variant).alias(c.VARIANT),
        pl.lit(check.field).alias(c.FIELD),
        check.found.alias(c.VALUE),
        check.expected.alias(c.EXPECTED),
        check.difference.alias(c.DIFFERENCE),
        check.note.alias(NOTE),
    )
    return conform(stated.join(columns, on=[c.FILE_ID, c.SHEET_NO, c.PAGE], how="left"), BREACHES)


def _told(card: Card, breached: pl.DataFrame, context: Context) -> Iterable[pl.DataFrame]:
    """Breaches of one card with their messages; a message finer than a severity variant loses its name here."""
    labelled = breached.with_columns(pl.col(c.VARIANT).fill_null(""), _label(context).alias(c.LABEL))
    for (variant,), group in labelled.group_by(c.VARIANT, maintain_order=True):
        words = message(
            card.messages[str(variant)],
            found=pl.col(c.VALUE),
            expected=pl.col(c.EXPECTED),
            field=pl.col(c.LABEL),
            unit=pl.col(c.UNIT_CODE),
            note=pl.col(NOTE),
        )
        severity_variant = variant if variant in card.variants else ""
        yield conform(
            group.with_columns(
                words.alias(c.MESSAGE),
                pl.lit(card.code).alias(c.RULE),
                pl.lit(severity_variant).alias(c.VARIANT),
            ),
            TOLD,
        )


def _label(context: Context) -> pl.Expr:
    """The printed label of a breach's field: of the activities' columns where it ties to a row, else of the header."""
    form, told = context.form, context.form.told
    in_rows = {f.name: told("activity", f.name) for f in form.activity}
    above = {f.name: told(f.block, f.name) for f in (*form.budget, *form.header)} | {c.UNIT_NAME: UNIT_FIELD}
    field = pl.col(c.FIELD)
    return (
        pl.when(pl.col(c.ROW_ID).is_not_null())
        .then(field.replace_strict(in_rows, default=field, return_dtype=pl.String))
        .otherwise(field.replace_strict(above, default=field, return_dtype=pl.String))
    )


def _severities(context: Context) -> pl.DataFrame:
    rows = [(rule, variant, severity) for (rule, variant), severity in severities(context.policy).items()]
    return pl.DataFrame(rows, schema={c.RULE: pl.String, c.VARIANT: pl.String, c.SEVERITY: pl.String}, orient="row")
