"""A unit of measure has one canonical spelling, however a unit writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language.spelling import ACCENTS, IRREGULAR, WOMEN, canonical, plain, singular

SAME = [
    ("Manuales estadísticos", "Manual estadistico", "Manual estadístico"),
    ("beneficiarias", "Beneficiarios", "Beneficiario"),
    ("Beneficiarias y beneficiarios", "BENEFICIARIOS(AS)", "Beneficiario"),
    ("niñas y niños", "Niños/as", "Niño"),
    ("Servidoras públicas capacitadas", "servidores públicos capacitados", "Servidor público capacitado"),
    ("Servidoras públicas y servidores públicos", "servidor publico", "Servidor público"),
    ("Informes", "informe", "Informe"),
    ("Informe(s)", " INFORME ", "Informe"),
    ("capacitación", "CAPACITACIONES", "Capacitación"),
    ("Mes", "meses", "Mes"),
    ("Portales", "portal", "Portal"),
    ("Análisis", "analisis", "Análisis"),
    ("Vez", "Veces", "Vez"),
    ("Avance", "Avances", "Avance"),
    ("Índice", "Indices", "Índice"),
    ("Boletín", "boletines", "Boletín"),
    ("Reportes\nmensuales", "Reporte mensual", "Reporte mensual"),
    ("Responsable", "Responsables", "Responsable"),
    ("Trimestre", "trimestres", "Trimestre"),
    ("Taller", "Talleres", "Taller"),
    ("Unidad", "Unidades.", "Unidad"),
    ("Año", "AÑOS", "Año"),
    ("País", "Países", "País"),
    ("Viaje", "Viajes", "Viaje"),
    ("Orden de pago", "Órdenes de pago", "Orden de pago"),
    ("Tickets", "ticket", "Ticket"),
    ("m²", "M2", "M2"),
]


@pytest.mark.parametrize(("one", "other", "spelling"), SAME)
def test_one_spelling_for_all_ways_of_writing(one: str, other: str, spelling: str) -> None:
    assert (canonical(one), canonical(other)) == (spelling, spelling)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Actas", "Actos"),
        ("Luminarias", "Luminarios"),
        ("Computadoras", "Computadores"),
        ("Mes", "Mesas"),
        ("Base de datos", "Bases"),
        ("Año", "Ano"),
        ("Personas atendidas", "Casos atendidos"),
        ("Informes", "Informes y reportes"),
        ("Km/s", "Km"),
    ],
)
def test_other_units_keep_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("text", ["—", "", "(s)", "Ω"])
def test_a_text_without_letters_stays(text: str) -> None:
    assert canonical(text) == text


@given(st.text() | st.lists(st.sampled_from([part for same in SAME for part in same]), max_size=4).map(" y ".join))
def test_the_canonical_spelling_is_its_own(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize("word", sorted({*IRREGULAR.values(), *WOMEN, *map(plain, ACCENTS)}))
def test_words_known_by_name_are_singular(word: str) -> None:
    assert singular(word) == word
