"""Which texts are labels of the form: each distinct text is normalised and matched once, never each cell."""

from __future__ import annotations

import polars as pl

from config.form import Form, Label
from schemas import columns as c

TITLE, SECTION, GROUP, LINE, SIGNATURE, FIELD = "title", "section", "group", "line", "signature", "field"
NORMAL = "normal"
LONGEST_LABEL = 120  # characters; nothing longer is a label, so descriptions are not even normalised

# role and name say what the label is; `block` tells header, budget and activity labels apart; `group` is the group
# header under which a repeated label stands.
LABELS = {
    c.TEXT_ID: pl.Int32,
    c.ROLE: pl.String,
    c.BLOCK: pl.String,
    c.NAME: pl.String,
    c.GROUP: pl.String,
    c.LABEL_NUMBER: pl.Int64,
}


def normal(text: pl.Expr) -> pl.Expr:
    """Label text for comparison: no case, accents, printed numbers, line breaks or punctuation but %."""
    plain = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    words = plain.str.replace_all(r"\(\s*\d+\s*\)", " ").str.replace_all(r"[^a-z0-9%]+", " ")
    return words.str.strip_chars()


def labels(texts: pl.DataFrame, form: Form) -> pl.DataFrame:
    """One row per (text, meaning it may have on the form): columns of LABELS; a text that is no label has no row.

    A text with a printed number means only fields of that number, where the form has the number at all.
    """
    short = texts.filter(pl.col(c.TEXT).str.len_chars() <= LONGEST_LABEL).with_columns(
        normal(pl.col(c.TEXT)).alias(NORMAL),
        pl.col(c.TEXT).str.extract(r"\((\d+)\)").cast(pl.Int64, strict=False).alias(c.LABEL_NUMBER),
    )
    known = known_labels(form)
    matched = short.join(known, on=NORMAL, how="inner", suffix="_known")
    number, known_number = pl.col(c.LABEL_NUMBER), pl.col(f"{c.LABEL_NUMBER}_known")
    matched = matched.filter(number.is_null() | known_number.is_null() | (number == known_number))
    best = matched.filter(
        number.is_null() | (known_number == number).fill_null(value=False) | ~_numbered_elsewhere(number, known_number)
    )
    titles = short.filter(pl.col(NORMAL).str.starts_with(_normal_text(form.form.title))).select(
        c.TEXT_ID, c.LABEL_NUMBER, pl.lit(TITLE).alias(c.ROLE), pl.lit(TITLE).alias(c.NAME)
    )
    return pl.concat([best.select(c.TEXT_ID, *_DESCRIPTION), titles], how="diagonal").select(
        pl.col(name).cast(dtype) if name in best.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in LABELS.items()
    )


_DESCRIPTION = (c.ROLE, c.BLOCK, c.NAME, c.GROUP, c.LABEL_NUMBER)


def _numbered_elsewhere(number: pl.Expr, known_number: pl.Expr) -> pl.Expr:
    """Whether the text's own number names another meaning of the same text."""
    return (known_number == number).fill_null(value=False).any().over(c.TEXT_ID)


def known_labels(form: Form) -> pl.DataFrame:
    """Every wording that the form file gives, normalised, with its meaning."""
    rows = [
        *((section, SECTION, "header", section.name, None) for section in form.section),
        *((group, GROUP, group.block, group.name, group.parent) for group in form.group),
        *((line, LINE, "budget", line.level, None) for line in form.line),
        *((signature, SIGNATURE, "signature", signature.name, None) for signature in form.signature),
        *((field, FIELD, field.block, field.name, field.group) for field in form.field),
    ]
    wordings = [
        (wording, *meaning, label.number) for label, *meaning in rows for wording in (label.label, *label.spellings)
    ]
    frame = pl.DataFrame(
        wordings,
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
    return frame.with_columns(normal(pl.col(c.TEXT)).alias(NORMAL)).drop(c.TEXT).unique(maintain_order=True)


def _normal_text(text: str) -> str:
    return str(pl.select(normal(pl.lit(text))).item())


def label_text(label: Label) -> str:
    """The normalised wording of one label."""
    return _normal_text(label.label)
