"""Policy names units of measure and says how they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import ConfigError
from config.policy import Measure, load_policy
from schemas.language.measures import spelled

SHIPPED = load_policy().measure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Porcentaje", ("Porcentaje", "last", False)),
        ("PORCENTAJES", ("Porcentaje", "last", False)),
        ("%", ("Porcentaje", "last", False)),
        ("Porcentaje de avance", ("Porcentaje de avance", "last", False)),
        ("% de avance", ("% de avance", "last", False)),
        ("Tasas de incidencia", ("Tasa de incidencia", "last", False)),
        ("Promedio de calificaciones", ("Promedio de calificación", "average", False)),
        ("indice", ("Índice", "last", False)),
        ("Índices de expedientes", ("Índice de expediente", "sum", True)),
        ("Padrón", ("Padron", "sum", True)),
        ("Informes porcentuales", ("Informe porcentual", "sum", True)),
    ],
)
def test_as_shipped(text: str, expected: tuple[str, str, bool]) -> None:
    assert spelled(text, SHIPPED) == expected


def test_an_office_names_its_own() -> None:
    registered = Measure(name="Padrón", spellings=("Censo",), reading="maximum")
    assert spelled("CENSOS", (registered,)) == ("Padrón", "maximum", True)
    assert spelled("Porcentaje", (registered,)) == ("Porcentaje", "sum", True)


def test_one_spelling_for_two_measures_is_refused() -> None:
    with pytest.raises(ConfigError, match="«porcentajes» names both Porcentaje and Pct; leave it with one of them"):
        spelled("x", (Measure(name="Porcentaje"), Measure(name="Pct", spellings=("porcentajes",))))


@given(
    st.text() | st.sampled_from([spelling for measure in SHIPPED for spelling in (*measure.spellings, "tasas de x")])
)
def test_a_spelling_is_its_own(text: str) -> None:
    name, *read = spelled(text, SHIPPED)
    assert spelled(name, SHIPPED) == (name, *read)
