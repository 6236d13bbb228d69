"""Evidence to findings: every rule asked, every breach told with its severity, cell and message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from schemas.cards.card import BREACHES, NOTE, RowCheck
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.frames import conform
from schemas.contracts.row_schema import breaches
from schemas.findings.refusal import Refusal
from schemas.findings.render import RENDERED, render_findings, with_cells, with_severity
from schemas.language.texts import comparable
from schemas.rules.identity import with_header
from schemas.rules.layout import DISPLACED
from schemas.rules.rulebook import CARDS


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
    return with_cells(_causes(with_severity(told, context)))


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
    return _without_right_pages(told.filter(~explained.fill_null(value=False) & ~lacking))


def _without_right_pages(told: pl.DataFrame) -> pl.DataFrame:
    """``told`` without E05 of a page that says what E04 asks of the first one."""
    pages = told.filter(pl.col(c.RULE) == "E05")
    if pages.is_empty():
        return told
    pairs = told.filter(pl.col(c.RULE) == "E04").with_columns(comparable(pl.col(c.EXPECTED)).alias("plain"))
    said = pages.with_columns(comparable(pl.col(c.VALUE)).alias("plain"))
    wrong = said.join(pairs, on=[c.FILE_ID, c.FIELD, "plain"], how="anti", maintain_order="left").drop("plain")
    return pl.concat([told.filter(pl.col(c.RULE) != "E05"), wrong])


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
        conform(pl.DataFrame(rows, schema_overrides={c.FILE_ID: pl.Int64}), RENDERED)
        if rows
        else pl.DataFrame(schema=RENDERED)
    )


def _workbook_findings(evidence: Evidence, context: Context) -> Iterable[pl.DataFrame]:
    for card in CARDS.values():
        if card.check is not None:
            breached = card.check(evidence, context)
            if len(breached):
                yield from render_findings(card, conform(breached, BREACHES), context)


def _row_findings(evidence: Evidence, context: Context) -> Iterable[pl.DataFrame]:
    rows = with_header(evidence)
    asked = {
        f"{card.code}|{check.variant}|{check.field}": (card, check)
        for card in CARDS.values()
        if card.row_checks is not None
        for check in card.row_checks(context)
    }
    checks = {key: asked[key] for key in _to_be_asked(rows, {key: check for key, (_, check) in asked.items()})}
    held = rows.select((~check.breach).fill_null(value=True).alias(key) for key, (_, check) in checks.items())
    for key, positions in breaches(held).items():
        card, check = checks[key]
        yield from render_findings(card, _breach_rows(rows[positions], check, evidence), context)


def _to_be_asked(rows: pl.DataFrame, checks: Mapping[str, RowCheck]) -> list[str]:
    """The checks that some row may break; checks of one field share what tells a suspect, and it is looked at once."""
    suspects = {str(id(check.suspect)): check.suspect for check in checks.values() if check.suspect is not None}
    some = rows.select(suspect.any().alias(name) for name, suspect in suspects.items()).row(0, named=True)
    return [key for key, check in checks.items() if check.suspect is None or some[str(id(check.suspect))]]


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
