"""Labels with a slip: looked for only where the form's labels stand and only on sheets that miss one."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from schemas.language.quarter_words import corrected_quarters
from transforms.locate.labels import (
    FIELD,
    GROUP,
    INSIDE,
    LABELS,
    LINE,
    LONGEST_LABEL,
    NORMAL,
    SECTION,
    SIGNATURE,
    as_labels,
    known_labels,
    meant,
    normalised,
    split_labels,
)

SHEET = (c.FILE_ID, c.SHEET_NO)
# Where all quarters have slips, the table seems to begin above them.
LABEL_ROWS_LEFT = 2
SHORTEST = 6  # letters; a shorter label with a slip may be anything
LETTERS_A_SLIP, NUMBERED_LETTERS_A_SLIP = 8, 5  # one slip is forgiven for so many letters of a label
MEANING, TABLED, BELOW = "meaning", "tabled", "below"


def with_meaning(labels: pl.DataFrame) -> pl.DataFrame:
    """``labels`` (columns of LABELS) with ``meaning``, a number for each thing that every page should say."""
    told = pl.when(pl.col(c.ROLE).is_in([FIELD, GROUP, SECTION, LINE])).then(pl.concat_str(c.ROLE, c.BLOCK, c.NAME))
    return labels.with_columns(told.rank("dense").alias(MEANING))


def near_labels(
    cells: pl.DataFrame, texts: pl.DataFrame, found: pl.DataFrame, located: pl.DataFrame, form: Form
) -> pl.DataFrame:
    """Cells that hold a label with a slip: cells' columns and those of LABELS; none where no sheet misses a label.

    ``found`` are the cells of true labels, with_meaning(), and ``located`` the pages that they make.
    """
    wanted = _wanted(cells, found, located, form).join(found, on=[*SHEET, c.ROW, c.COL], how="anti")
    if wanted.is_empty():
        return wanted.join(as_labels(texts.select(c.TEXT_ID).clear()), on=c.TEXT_ID, how="inner")
    near = _near(texts.join(wanted.select(c.TEXT_ID).unique(), on=c.TEXT_ID, how="semi"), form)
    cells_near = wanted.join(near, on=c.TEXT_ID, how="inner")
    cells_near = cells_near.filter((pl.col(c.ROLE) == SIGNATURE) == pl.col(BELOW)).drop(BELOW)
    accepted = _among_labels(cells_near, cells, found).select(*SHEET, *LABELS).unique(maintain_order=True)
    # A label printed again further down is the same label, with the same slip.
    return cells.join(accepted, on=[*SHEET, c.TEXT_ID], how="inner")


def _wanted(cells: pl.DataFrame, found: pl.DataFrame, located: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Text cells above the tables of sheets that miss a label, and below them where a workbook misses signatures."""
    named = found.lazy().filter(pl.col(MEANING).is_not_null())
    all_of_them = len(form.field) + len(form.group) + len(form.section) + len(form.line)
    short = named.group_by(SHEET).agg(pl.col(MEANING).n_unique()).filter(pl.col(MEANING) < all_of_them)
    signed = found.lazy().filter(pl.col(c.ROLE) == SIGNATURE).select(c.FILE_ID).unique()
    ends = located.lazy().group_by(SHEET).agg(pl.col(c.DATA_ROW).max().alias(TABLED))
    ours = named.select(SHEET).unique().join(ends, on=SHEET, how="left")
    above = ours.join(short.select(SHEET), on=SHEET, how="semi").with_columns(pl.lit(value=False).alias(BELOW))
    below = ours.join(signed, on=c.FILE_ID, how="anti").with_columns(pl.lit(value=True).alias(BELOW))
    sheets = collected(pl.concat([above, below]))
    if sheets.is_empty():
        return cells.clear().with_columns(pl.lit(value=False).alias(BELOW))
    at, end = pl.col(c.ROW), pl.col(TABLED)
    fits = pl.when(BELOW).then((at >= end) | end.is_null()).otherwise((at < end + LABEL_ROWS_LEFT) | end.is_null())
    return collected(
        cells.lazy().drop_nulls(c.TEXT_ID).join(sheets.lazy(), on=SHEET, how="inner").filter(fits).drop(TABLED)
    )


def _near(texts: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Columns of LABELS of the texts that are near a label."""
    known = known_labels(form)
    whole = normalised(texts.filter(pl.col(c.TEXT).str.len_chars() <= LONGEST_LABEL))
    parts = normalised(split_labels(texts))
    valued = known.filter(((pl.col(c.ROLE) == FIELD) & (pl.col(c.BLOCK) == "header")) | (pl.col(c.ROLE) == LINE))
    both = [_nearest(whole, known), _nearest(parts, valued)]
    first = both[0].join(both[1], on=c.TEXT_ID, how="anti")
    return pl.concat([as_labels(first), as_labels(both[1])])


def _nearest(short: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """meant() of the texts as if they read like the label that they are near."""
    meanings: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    numbers: dict[str, set[int | None]] = defaultdict(set)
    columns = (NORMAL, c.ROLE, c.BLOCK, c.NAME, c.LABEL_NUMBER)
    for words, role, block, name, number in known.select(columns).iter_rows():
        meanings[words].add((role, block, name))
        numbers[words].add(number)
    told: dict[tuple[str, int | None], str] = {}
    for words, number in short.select(NORMAL, c.LABEL_NUMBER).unique().iter_rows():
        choices = [w for w in meanings if number is None or number in numbers[w] or None in numbers[w]]
        label = nearest_label(corrected_quarters(words), choices, meanings, numbered=number is not None)
        if label is not None:
            told[words, number] = label
    rows = [(words, number, label) for (words, number), label in told.items()]
    schema = {NORMAL: pl.String, c.LABEL_NUMBER: pl.Int64, "label": pl.String}
    labelled = short.join(
        pl.DataFrame(rows, schema=schema, orient="row"), on=[NORMAL, c.LABEL_NUMBER], nulls_equal=True, how="inner"
    )
    return meant(labelled.with_columns(pl.col("label").alias(NORMAL)).drop("label"), known)


def nearest_label(
    words: str, choices: list[str], meanings: dict[str, set[tuple[str, str, str]]], *, numbered: bool
) -> str | None:
    """The label that ``words`` are meant to be: few slips away, and twice as near as any of another meaning."""
    if words in choices:
        return words
    slips = len(words) // (NUMBERED_LETTERS_A_SLIP if numbered else LETTERS_A_SLIP)
    if len(words) < SHORTEST or not slips:
        return None
    digits = [letter for letter in words if letter.isdigit()]
    same = [label for label in choices if [letter for letter in label if letter.isdigit()] == digits]
    near = process.extract(words, same, scorer=OSA.distance, score_cutoff=2 * slips, limit=None)
    if not near or near[0][1] > slips:
        return None
    best, distance = near[0][0], near[0][1]
    others = [score for label, score, _ in near if meanings[label] != meanings[best]]
    return best if not others or min(others) >= max(2 * distance, 1) else None


def _among_labels(near: pl.DataFrame, cells: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The near labels with a printed number, in a row that begins with a label, or in one half of labels."""
    row = [*SHEET, c.ROW]
    labelled = pl.concat([found.select(*row, c.COL), near.select(*row, c.COL)]).unique()
    texts = cells.join(near.select(row).unique(), on=row, how="semi").drop_nulls(c.TEXT_ID)
    rows = (
        texts.join(labelled.with_columns(pl.lit(1).alias("label")), on=[*row, c.COL], how="left")
        .sort(*row, c.COL)
        .group_by(row)
        .agg(pl.len().alias("filled"), pl.col("label").count().alias("labels"), pl.col("label").first().alias("first"))
        .filter((pl.col("labels") * 2 >= pl.col("filled")) | (pl.col("first") == 1))
        .select(*row, pl.lit(value=True).alias("among"))
    )
    among = near.join(rows, on=row, how="left")
    return among.filter(pl.col(c.LABEL_NUMBER).is_not_null() | pl.col("among") | pl.col(INSIDE).is_not_null()).drop(
        "among"
    )
