"""Which texts are labels of the form: each distinct text is normalised and matched once, never each cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from config.form import Form, Group, Label
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from schemas.language.quarter_words import TRACE, normalised_quarters
from transforms.locate.near_titles import is_title

TITLE, SECTION, GROUP, LINE, SIGNATURE, FIELD = "title", "section", "group", "line", "signature", "field"
NORMAL = "normal"
INSIDE = "inside"
LONGEST_LABEL = 120  # characters; nothing longer is a label, so descriptions are not even normalised
MOST_DERIVED = 12  # derived units that a label may number

# role and name say what the label is; `block` tells header, budget and activity labels apart; `group` is the group
# header under which a repeated label stands; `inside` is the value that stands in the label's own cell.
LABELS = {
    c.TEXT_ID: pl.Int32,
    c.ROLE: pl.String,
    c.BLOCK: pl.String,
    c.NAME: pl.String,
    c.GROUP: pl.String,
    c.LABEL_NUMBER: pl.Int64,
    INSIDE: pl.String,
}
# A label, its number or a colon or both, and more: "EJE RECTOR (7): ER1 …", "Fecha de elaboración: (6) 15-mar-24".
WITH_VALUE = r"^\s*([^:()]{3,80}?\s*(?:\(\s*\d+\s*\)\s*:?|:\s*(?:\(\s*\d+\s*\))?))[\s.–-]*([^\s:.–-](?s:.*))$"
_DESCRIPTION = (c.ROLE, c.BLOCK, c.NAME, c.GROUP, c.LABEL_NUMBER)


def normal(text: pl.Expr) -> pl.Expr:
    """Label text for comparison: no case, accents, printed numbers, line breaks or punctuation but %."""
    plain = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    words = plain.str.replace_all(r"\(\s*\d+\s*\)", " ").str.replace_all(r"[^a-z0-9%]+", " ")
    return words.str.strip_chars()


def normalised(texts: pl.DataFrame) -> pl.DataFrame:
    """``texts`` with ``normal``, every quarter named in the same way, and ``label_number``, null without one."""
    short = texts.with_columns(
        normal(pl.col(c.TEXT)).alias(NORMAL),
        pl.col(c.TEXT).str.extract(r"\(\s*(\d+)\s*\)").cast(pl.Int64, strict=False).alias(c.LABEL_NUMBER),
    )
    words = short.filter(pl.col(NORMAL).str.contains(TRACE)).get_column(NORMAL).unique().to_list()
    told = {given: normalised_quarters(given) for given in words}
    return short.with_columns(pl.col(NORMAL).replace(told)) if told else short


def labels(texts: pl.DataFrame, form: Form) -> pl.DataFrame:
    """One row per (text, meaning it may have on the form): columns of LABELS; a text that is no label has no row.

    A text with a printed number means only fields of that number, where the form has the number at all.
    """
    short = normalised(texts.filter(pl.col(c.TEXT).str.len_chars() <= LONGEST_LABEL))
    known = known_labels(form)
    whole = meant(short, known)
    titles = short.filter(is_title(short.get_column(NORMAL), _normal_text(form.form.title))).select(
        c.TEXT_ID, c.LABEL_NUMBER, pl.lit(TITLE).alias(c.ROLE), pl.lit(TITLE).alias(c.NAME)
    )
    parts = [whole.select(c.TEXT_ID, *_DESCRIPTION), titles, _with_value(texts, whole, known)]
    return as_labels(pl.concat(parts, how="diagonal"))


def as_labels(found: pl.DataFrame) -> pl.DataFrame:
    """``found`` with the columns of LABELS, null where it lacks one."""
    return found.select(
        pl.col(name).cast(dtype) if name in found.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in LABELS.items()
    )


def meant(short: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The texts of normalised() that are labels, a row per meaning."""
    matched = short.lazy().join(known.lazy(), on=NORMAL, how="inner", suffix="_known")
    number, known_number = pl.col(c.LABEL_NUMBER), pl.col(f"{c.LABEL_NUMBER}_known")
    matched = matched.filter(number.is_null() | known_number.is_null() | (number == known_number))
    elsewhere = (known_number == number).fill_null(value=False).any().over(c.TEXT_ID)
    return collected(matched.filter(number.is_null() | (known_number == number).fill_null(value=False) | ~elsewhere))


def _with_value(texts: pl.DataFrame, whole: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Texts that are a label of the header or of a budget line and its value in one."""
    parts = split_labels(texts.join(whole.select(c.TEXT_ID), on=c.TEXT_ID, how="anti"))
    ours = known.filter(((pl.col(c.ROLE) == FIELD) & (pl.col(c.BLOCK) == "header")) | (pl.col(c.ROLE) == LINE))
    return meant(normalised(parts), ours).select(c.TEXT_ID, *_DESCRIPTION, INSIDE)


def split_labels(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts of the shape of WITH_VALUE: text_id, ``text`` of what may be a label, and the value ``inside``."""
    marked = pl.col(c.TEXT).str.contains(":", literal=True) | pl.col(c.TEXT).str.contains(")", literal=True)
    return collected(
        texts.lazy()
        .filter(marked)
        .select(c.TEXT_ID, pl.col(c.TEXT).str.extract_groups(WITH_VALUE).alias("parts"))
        .select(
            c.TEXT_ID,
            pl.col("parts").struct.field("1").alias(c.TEXT),
            pl.col("parts").struct.field("2").str.replace_all(r"\s+", " ").str.strip_chars().alias(INSIDE),
        )
        .drop_nulls(c.TEXT)
    )


def known_labels(form: Form) -> pl.DataFrame:
    """Every wording that the form file gives, normalised, with its meaning."""
    frame = pl.DataFrame(
        [*_plain(form), *_numbered_lines(form), *_with_group(form)],
        schema={
            c.TEXT: pl.String,
            c.ROLE: pl.String,
            c.BLOCK: pl.String,
            c.NAME: pl.String,
            c.GROUP: pl.String,
            c.LABEL_NUMBER: pl.Int64,
        },
        orient="row",
    )
    return (
        normalised(frame.rename({c.LABEL_NUMBER: "printed"}))
        .select(c.ROLE, c.BLOCK, c.NAME, c.GROUP, pl.col("printed").alias(c.LABEL_NUMBER), NORMAL)
        .unique(maintain_order=True)
    )


def _plain(form: Form) -> Iterator[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        *((section, SECTION, "header", section.name, None) for section in form.section),
        *((group, GROUP, group.block, group.name, group.parent) for group in form.group),
        *((line, LINE, "budget", line.level, None) for line in form.line),
        *((signature, SIGNATURE, "signature", signature.name, None) for signature in form.signature),
        *((field, FIELD, field.block, field.name, field.group) for field in form.field),
    ]
    return ((wording, *meaning, label.number) for label, *meaning in rows for wording in wordings(label))


def _numbered_lines(form: Form) -> Iterator[tuple[Any, ...]]:
    """ "UR DERIVADA 2": units number what the form prints several times."""
    for line in form.line:
        if line.level == "derived":
            for wording in wordings(line):
                yield from (
                    (f"{wording} {nth}", LINE, "budget", line.level, None, line.number)
                    for nth in range(1, MOST_DERIVED + 1)
                )


def _with_group(form: Form) -> Iterator[tuple[Any, ...]]:
    """ "CALENDARIO 1er. TRIM": the group's words in the label itself, before or after its own."""
    groups: dict[str, Group] = {group.name: group for group in form.group}
    for field in form.field:
        if not field.quarter or not field.group:
            continue
        for first in wordings(groups[field.group]):
            for second in wordings(field):
                meaning = (FIELD, field.block, field.name, field.group, field.number)
                yield (f"{first} {second}", *meaning)
                yield (f"{second} {first}", *meaning)


def wordings(label: Label) -> tuple[str, ...]:
    """The label and its other spellings."""
    return (label.label, *label.spellings)


def _normal_text(text: str) -> str:
    return str(pl.select(normal(pl.lit(text))).item())
