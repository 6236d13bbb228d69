"""E04, E05: what the header says on each of its pages."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from config.catalog import Catalog
from schemas.cards.card import Card
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected
from schemas.language.conac import Pair, belongs, nearest
from schemas.language.texts import comparable

PAGE = [c.FILE_ID, c.SHEET, c.PAGE]
SAID, FIELD_MARK, PART_MARK = "said", "\x1f", "\x1e"
LEVELS = ("finalidad", "funcion", "subfuncion", "modalidad")
Said = Mapping[str, tuple[str | None, str | None]]


def _pairs(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Each distinct classification is judged once; a pair already told on an earlier page is not told again."""
    coded = collected(evidence.header_pages.lazy().filter(pl.col(c.FIELD).is_in(LEVELS)).drop_nulls(c.TEXT))
    parts = pl.concat_str([pl.col(c.FIELD), pl.col(c.CODE).fill_null(""), pl.col(c.TEXT)], separator=FIELD_MARK)
    said_each = coded.lazy().select(*PAGE, parts.alias(SAID))
    pages = collected(said_each.group_by(PAGE).agg(pl.col(SAID).sort().str.join(PART_MARK)))
    wrong = [
        (said, field, str(pair) if pair else None)
        for said in pages.get_column(SAID).unique()
        for field, pair in wrong_pairs(_levels(said), context.catalog).items()
    ]
    if not wrong:
        return coded.clear()
    schema = {SAID: pl.String, c.FIELD: pl.String, c.EXPECTED: pl.String}
    expected = pages.join(pl.DataFrame(wrong, schema=schema, orient="row"), on=SAID, how="inner")
    value = pl.concat_str([pl.col(c.CODE), pl.col(c.TEXT)], separator=" ", ignore_nulls=True)
    return (
        coded.join(expected, on=[*PAGE, c.FIELD], how="inner", maintain_order="left")
        .with_columns(value.alias(c.VALUE))
        .unique([c.FILE_ID, c.FIELD, c.VALUE], keep="first", maintain_order=True)
        .drop(c.CODE)
        .with_columns(pl.when(pl.col(c.EXPECTED).is_null()).then(pl.lit("unknown")).alias(c.VARIANT))
    )


def _levels(said: str) -> Said:
    """Code and name by level, out of the one text that holds all that a page says."""
    parts = (part.split(FIELD_MARK) for part in said.split(PART_MARK))
    return {field: (code or None, text) for field, code, text in parts}


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
    """Filled header fields that differ from the first page that fills them; what several pages say is told once."""
    value = pl.concat_str([pl.col(c.CODE), pl.col(c.TEXT)], separator=" ", ignore_nulls=True)
    filled = evidence.header_pages.lazy().filter(pl.col(c.TEXT).is_not_null()).with_columns(value.alias(c.VALUE))
    first = filled.with_columns(pl.col(c.VALUE).first().over(c.FILE_ID, c.FIELD).alias(c.EXPECTED))
    # Few differ at all, and comparing words costs more than comparing texts.
    differing = first.filter(pl.col(c.VALUE) != pl.col(c.EXPECTED)).with_columns(
        comparable(pl.col(c.VALUE)).alias("plain")
    )
    unlike = differing.filter(pl.col("plain") != comparable(pl.col(c.EXPECTED)))
    return collected(unlike.unique([c.FILE_ID, c.FIELD, "plain"], keep="first", maintain_order=True))


CARDS = (
    Card(
        code="E04",
        title="Clave y nombre de la clasificación CONAC van juntos",
        why="La clave y el nombre dicen lo mismo dos veces; si no coinciden, una de las dos está mal.",
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
        why="El encabezado se repite en cada página; si las páginas no dicen lo mismo, no se sabe cuál vale.",
        fields=(1, 6, 7, 8, 9, 10, 11, 12),
        scope="workbook",
        messages={"": "En esta página «{field}» dice «{found}»; en la primera dice «{expected}»."},
        remedy="Deje el mismo encabezado en todas las páginas del libro.",
        example="Función 5 en una página y función 6 en otra.",
        check=_repeated,
    ),
)
