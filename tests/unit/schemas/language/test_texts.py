"""Texts that differ only in how they are written are the same."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.language.texts import comparable, stem


def said(expression: pl.Expr) -> str:
    text: str = pl.select(expression).item()
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unidad de Análisis", "unidad de analisis"),
        ("  UNIDAD\u00a0DE\nANÁLISIS. ", "unidad de analisis"),
        ("75 %", "75 %"),
        ("Año", "ano"),
        ("—", ""),
    ],
)
def test_comparable(text: str, expected: str) -> None:
    assert said(comparable(pl.lit(text))) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Informe", "Informes"),
        ("Manual estadístico", "MANUALES ESTADÍSTICOS"),
        ("Acción", "Acciones"),
        ("Vez", "Veces"),
        ("Reporte", "reportes."),
    ],
)
def test_singular_and_plural_have_one_stem(one: str, other: str) -> None:
    assert said(stem(pl.lit(one))) == said(stem(pl.lit(other)))


@pytest.mark.parametrize(("one", "other"), [("Informe", "Reporte"), ("Mes", "Mesa"), ("Curso", "Cursos en línea")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert said(stem(pl.lit(one))) != said(stem(pl.lit(other)))
