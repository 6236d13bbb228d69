"""Codes nest by whole segments."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.language.codes import leading_code, under


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ER1-2.1 Fortalecimiento de las instituciones", "ER1-2.1"),
        ("ER1 Gobernanza", "ER1"),
        ("er1 - 2.1: Fortalecimiento", "er1 - 2.1"),
        ("2. Gobernanza", "2"),
        ("ER1", "ER1"),
        ("Gobernanza 2024", None),
        ("Eje 1 Gobernanza", None),
    ],
)
def test_an_axis_begins_with_its_code(text: str, code: str | None) -> None:
    assert pl.select(leading_code(pl.lit(text))).item() == code


@pytest.mark.parametrize(
    ("inner", "outer", "lies"),
    [
        ("ER1-2.1.1", "ER1-2.1", True),
        ("ER1-2.1", "ER1", True),
        ("ER1-2.1", "ER1-2.1", True),
        ("er1 - 2.1.", "ER1", True),
        ("ER1-2.10", "ER1-2.1", False),
        ("ER10-2", "ER1", False),
        (None, "ER1", None),
    ],
)
def test_a_code_lies_under_another(inner: str | None, outer: str, lies: bool | None) -> None:
    assert pl.select(under(pl.lit(inner, pl.String), pl.lit(outer))).item() is lies
