"""E08: the signature block (field 24)."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected

MISSING, UNSIGNED = "missing", "unsigned"


def _signatures(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Workbooks without the block, told as a whole, and those where nobody's name or role stands with its labels."""
    if not context.form.signature:
        return evidence.signatures.clear()
    labels = "; ".join(signature.printed for signature in context.form.signature)
    signed = evidence.signatures.lazy()
    tabled = evidence.workbooks.lazy().filter(pl.col(c.PAGES) > 0).select(c.FILE_ID)
    missing = tabled.join(signed, on=c.FILE_ID, how="anti", maintain_order="left").with_columns(
        pl.lit(MISSING).alias(c.VARIANT), pl.lit(labels).alias(c.EXPECTED)
    )
    unsigned = (
        signed.filter(~pl.col(c.SIGNED))
        .join(tabled, on=c.FILE_ID, how="semi")
        .with_columns(pl.lit(UNSIGNED).alias(c.VARIANT))
    )
    return collected(pl.concat([missing, unsigned], how="diagonal"))


CARDS = (
    Card(
        code="E08",
        title="El bloque de firmas está completo",
        why="La firma dice quién elaboró el informe y quién responde por él.",
        fields=(24,),
        scope="workbook",
        messages={
            MISSING: "No se encontró el bloque de firmas: {expected}.",
            UNSIGNED: "El bloque de firmas no dice el nombre ni el cargo de nadie.",
        },
        remedy="Conserve el bloque de firmas al final del formato, con nombre y cargo de quienes firman.",
        example="Un libro que termina con la última actividad.",
        check=_signatures,
    ),
)
