"""The unit that an unknown code most likely means."""

from __future__ import annotations

import pytest

from schemas.language.near_units import NearUnits

NAMES = {"06": "UNIDAD DE ANALISIS", "63": "DEPARTAMENTO DE INFORMATICA", "64": "DEPARTAMENTO DE ARCHIVO"}


@pytest.mark.parametrize(
    ("code", "name", "own", "meant"),
    [
        ("99", "Departamento de Informática", {"06"}, "63"),  # the header's name
        ("Unidad de Análisis", None, {"63"}, "06"),  # words in the code's place
        ("60", None, {"06", "63"}, None),  # one slip from both of the workbook's own
        ("60", None, {"06"}, "06"),
        ("36", None, {"06", "63"}, None),
        ("74", None, {"06"}, "64"),  # one slip from one code of the catalogue only
        ("99", None, {"06"}, None),
        ("99", "Otra cosa", set(), None),
    ],
)
def test_the_nearest_unit_is_named_where_it_is_clear(
    code: str, name: str | None, own: set[str], meant: str | None
) -> None:
    assert NearUnits(NAMES).unit(code, name, own) == meant
