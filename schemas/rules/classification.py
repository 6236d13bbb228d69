"""E04, E05: what the header says on each of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from config.catalog import Catalog
from schemas import columns as c
from schemas.card import Card
from schemas.conac import Pair, belongs, nearest
from schemas.evidence import Context, Evidence
from schemas.texts import comparable

PAGE = [c.FILE_ID, c.SHEET, c.PAGE]
LEVELS = ("finalidad", "funcion", "subfuncion", "modalidad")
Said = Mapping[str, tuple[str | None, str | None]]


def _pairs(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Each distinct classification is judged once; a pair already told on an earlier page is not told again."""
    coded = evidence.header_pages.filter(pl.col(c.FIELD).is_in(LEVELS) & pl.col(c.TEXT).is_not_null())
    said: dict[tuple[Any, ...], dict[str, tuple[str | None, str | None]]] = {}
    for *page, field, code, text in coded.select(*PAGE, c.FIELD, c.CODE, c.TEXT).iter_rows():
        said.setdefault(tuple(page), {})[field] = (code, text)
    wrong = [
        (*page, field, str(pair) if pair else None)
        for page, levels in said.items()
        for field, pair in wrong_pairs(levels, context.catalog).items()
    ]
    expected = pl.DataFrame(wrong, schema={**coded.select(*PAGE, c.FIELD).schema, c.EXPECTED: pl.String}, orient="row")
    value = pl.concat_str([pl.col(c.CODE), pl.col(c.TEXT)], separator=" ", ignore_nulls=True)
    return (
        coded.join(expected, on=[*PAGE, c.FIELD], how="inner", maintain_order="left")
        .with_columns(value.alias(c.VALUE))
        .unique([c.FILE_ID, c.FIELD, c.VALUE], keep="first", maintain_order=True)
        .drop(c.CODE)
        .with_columns(pl.when(pl.col(c.EXPECTED).is_null()).then(pl.lit("unknown")).alias(c.VARIANT))
    )


def wrong_pairs(said: Said, catalog: Catalog) -> dict[str, Pair | None]:
    """The levels whose code and name do not belong together, with the nearest pair that does (None: none is near).

    Each level is looked up under the level above it as meant, so that one wrong code is told once.
    """
    wrong: dict[str, Pair | None] = {}
    parent = ""
    for level in LEVELS[:3]:
        names = {
            code.rpartition(".")[2]: name
            for code, name in catalog.functional.items()
            if code.rpartition(".")[0] == parent
        }
        code, name = said.get(level, (None, None))
        meant = nearest(code, name, names)
        if level in said and not belongs(code, name, names):
            wrong[level] = meant
        if meant is None:
            break
        parent = f"{parent}.{meant.code}" if parent else meant.code
    code, name = said.get("modalidad", (None, None))
    if "modalidad" in said and not belongs(code, name, catalog.modalities):
        wrong["modalidad"] = nearest(code, name, catalog.modalities)
    return wrong


def _repeated(evidence: Evidence, _: Context) -> pl.DataFrame:
    """Filled header fields that differ from the first page that fills them."""
    value = pl.concat_str([pl.col(c.CODE), pl.col(c.TEXT)], separator=" ", ignore_nulls=True)
    filled = evidence.header_pages.filter(pl.col(c.TEXT).is_not_null()).with_columns(
        value.alias(c.VALUE), comparable(value).alias("plain")
    )
    field = [c.FILE_ID, c.FIELD]
    return filled.with_columns(pl.col(c.VALUE).first().over(field).alias(c.EXPECTED)).filter(
        pl.col("plain") != pl.col("plain").first().over(field)
    )


CARDS = (
    Card(
        code="E04",
        title="Clave y nombre de la clasificación CONAC van juntos",
        fields=(11,),
        scope="workbook",
        messages={
            "": "«{field}» dice «{found}»; en el clasificador del CONAC es «{expected}».",
            "unknown": "«{field}» dice «{found}», que no está en el clasificador del CONAC.",
        },
        remedy="Use la clave y el nombre del clasificador funcional o de modalidades del CONAC.",
        example="Función 6 con el nombre de la función 5.",
        check=_pairs,
    ),
    Card(
        code="E05",
        title="El encabezado dice lo mismo en todas las páginas",
        fields=(1, 6, 7, 8, 9, 10, 11, 12),
        scope="workbook",
        messages={"": "En esta página «{field}» dice «{found}»; en la primera dice «{expected}»."},
        remedy="Deje el mismo encabezado en todas las páginas del libro.",
        example="Función 5 en una página y función 6 en otra.",
        check=_repeated,
    ),
)
