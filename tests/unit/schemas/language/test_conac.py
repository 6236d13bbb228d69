"""Codes and names of the CONAC classification: what belongs together, and the nearest pair of what does not."""

from __future__ import annotations

import pytest

from config.catalog import load_catalog
from schemas.language.conac import Pair
from schemas.rules.classification import wrong_pairs

CATALOG = load_catalog()
POLICE = {"finalidad": ("1", "GOBIERNO"), "funcion": ("7", "ASUNTOS DE ORDEN PÚBLICO Y DE SEGURIDAD INTERIOR")}


def test_right_pairs_are_right_in_any_case_and_with_or_without_accents() -> None:
    said = {**POLICE, "subfuncion": ("1", "Policia"), "modalidad": ("E", "Prestación de servicios públicos")}
    assert wrong_pairs(said, CATALOG) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({**POLICE, "subfuncion": ("2", "POLICÍA")}, {"subfuncion": Pair("1", "Policía")}),
        ({**POLICE, "subfuncion": ("2", "PROTECION CIVL")}, {"subfuncion": Pair("2", "Protección Civil")}),
        ({**POLICE, "subfuncion": ("2", "Fomento del turismo")}, {"subfuncion": Pair("2", "Protección Civil")}),
        ({**POLICE, "subfuncion": ("9", "Fomento del turismo")}, {"subfuncion": None}),
        ({"modalidad": ("Q", "Otros Subsidios")}, {"modalidad": Pair("U", "Otros Subsidios")}),
    ],
)
def test_a_wrong_pair_names_the_nearest_right_one(said, expected) -> None:  # type: ignore[no-untyped-def]
    assert wrong_pairs(said, CATALOG) == expected


def test_one_wrong_code_is_told_once_and_what_hangs_under_it_is_looked_up_as_meant() -> None:
    said = {
        "finalidad": ("1", "GOBIERNO"),
        "funcion": ("6", "ASUNTOS FINANCIEROS Y HACENDARIOS"),
        "subfuncion": ("2", "ASUNTOS HACENDARIOS"),
    }
    assert wrong_pairs(said, CATALOG) == {"funcion": Pair("5", "Asuntos Financieros y Hacendarios")}
