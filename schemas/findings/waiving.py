"""Waivers: which findings they silence. A waiver names a finding by what it is about and by the value that it found."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import Contract

# Policy's severities that keep nothing out: of these alone may a finding be waived.
WAIVABLE = ("aviso", "nota")
# Rules whose waiver makes the value found the baseline of the quarters after (see schemas/contracts/history_inputs.py).
AUTHORISING = ("T02", "T04")

# One row per waiver in force. `unit_code` is the workbook's sender where the finding names no UR; `value` is what the
# finding said it found, so that the waiver lapses when the value changes.
WAIVERS: Contract = {
    c.WAIVER_ID: pl.Int64,
    c.RULE: pl.String,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.FIELD: pl.String,
    c.VALUE: pl.String,
}
PINNED = [c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, c.VALUE]


def with_waiver(findings: pl.DataFrame, files: pl.DataFrame, waivers: pl.DataFrame) -> pl.DataFrame:
    """``findings`` with waiver_id (null: none) and `waived`; ``files`` (file_id, sender) tells whose workbook it is."""
    senders = files.select(c.FILE_ID, c.SENDER)
    pinned = waivers.unique(PINNED, keep="last", maintain_order=True).rename({c.UNIT_CODE: "about"})
    about = pl.coalesce(c.UNIT_CODE, c.SENDER).alias("about")
    matched = (
        findings.drop(c.SENDER, c.WAIVER_ID, strict=False)
        .join(senders, on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(about)
        .join(
            pinned.select(c.WAIVER_ID, "about", *(name for name in PINNED if name != c.UNIT_CODE)),
            on=[c.RULE, "about", c.ACTIVITY_NO, c.FIELD, c.VALUE],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
    )
    granted = pl.col(c.WAIVER_ID).is_not_null() & pl.col(c.SEVERITY).is_in(WAIVABLE) & pl.col("about").is_not_null()
    return matched.with_columns(granted.alias(c.WAIVED), pl.when(granted).then(c.WAIVER_ID)).drop("about", c.SENDER)
