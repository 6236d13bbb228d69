"""Numbers, dates and codes out of what units write; what is none of these stays null."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contracts import columns as c
from transforms.typed.values import (
    as_ratio,
    clean_texts,
    in_points,
    number_text,
    parsed_date,
    parsed_numbers,
    split_code,
    stored_half,
    unit_code,
)

NONE = pl.lit(None, pl.Float64)


def clean(text: str) -> str:
    value: str = clean_texts(pl.DataFrame({c.TEXT: [text]}))[c.CLEAN].item()
    return value


def parsed(text: str) -> tuple[float | None, float | None]:
    """Value and half-width of a text as it stands in a cell."""
    value, half = parsed_numbers(pl.lit(clean(text)))
    number, width = pl.select(value.alias("value"), half.alias("half")).row(0)
    return number, width if number is not None else None


def read_date(text: str | None = None, number: float | None = None, given: date | None = None) -> date | None:
    written = pl.lit(clean(text) if text else None, pl.String)
    found: date | None = pl.select(parsed_date(written, pl.lit(number, pl.Float64), pl.lit(given, pl.Date))).item()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Informe\nmensual", "Informe mensual"),
        ("\u00a0 Informe \t mensual \u3000", "Informe mensual"),
        ("300\u200b", "300"),
        ("\ufeff", ""),
    ],
)
def test_clean_text(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("69740", 69740, 0.5),
        ("69,740", 69740, 0.5),
        ("$69,740.25", 69740.25, 0.005),
        ("$ 69 740.00", 69740, 0.005),
        ("$\u00a01\u00a0234", 1234, 0.5),
        ("1,234,567", 1234567, 0.5),
        ("-3", -3, 0.5),
        ("+3", 3, 0.5),
        ("-$3", -3, 0.5),
        ("007", 7, 0.5),
        ("75%", 0.75, 0.005),
        ("75 %", 0.75, 0.005),
        ("83.33%", 0.8333, 0.00005),
    ],
)
def test_a_number_in_its_spellings(text: str, value: float, half: float) -> None:
    assert parsed(text) == (pytest.approx(value), pytest.approx(half))


@pytest.mark.parametrize(
    "text",
    [
        "doce",
        "N/A",
        "-",
        "",
        "12 informes",
        "1,5",
        "12,34",
        "1.234,50",
        "1,23,456",
        "(500)",
        "1e5",
        "0x10",
        "nan",
        "inf",
        "Infinity",
        "1/2",
        "3-4",
        "--3",
        "5%%",
        "12.",
        ".5",
        "１２",
        "٣",
        "3 3",
        "$",
        "%",
    ],
)
def test_what_is_no_number_or_could_be_two(text: str) -> None:
    assert parsed(text) == (None, None)


@given(st.integers(min_value=-(10**12), max_value=10**12), st.integers(min_value=0, max_value=4))
def test_a_number_reads_back_from_every_way_to_write_it(digits: int, decimals: int) -> None:
    number = digits / 10**decimals
    plain = f"{number:.{decimals}f}"
    grouped = f"{number:,.{decimals}f}"
    assert parsed(plain) == parsed(grouped) == parsed(grouped.replace(",", "\u00a0"))
    assert parsed(plain) == (pytest.approx(float(plain), abs=1e-9), pytest.approx(0.5 * 10**-decimals))


@given(st.one_of(st.integers(-(10**14), 10**14).map(float), st.floats(-1e9, 1e9).map(lambda x: round(x, 2))))
def test_a_stored_number_reads_back_from_its_text(number: float) -> None:
    text = pl.select(number_text(pl.lit(number))).item()
    if "e" not in text:
        assert parsed(text)[0] == pytest.approx(number, rel=1e-9)


@pytest.mark.parametrize(
    ("number", "text"),
    [(12.0, "12"), (0.5, "0.5"), (-0.0, "0"), (1 / 3, "0.3333333333"), (69740.25, "69740.25"), (-3.0, "-3")],
)
def test_number_text(number: float, text: str) -> None:
    assert pl.select(number_text(pl.lit(number))).item() == text


def test_the_half_of_a_stored_number_follows_its_last_digit() -> None:
    halves = pl.select(stored_half(pl.Series([69740.0, 0.5, 12.25]))).to_series().to_list()
    assert halves == [0.5, pytest.approx(0.05), pytest.approx(0.005)]


@pytest.mark.parametrize(
    ("value", "written", "truth", "ratio"),
    [
        (0.75, "0.75", 0.75, 0.75),
        (75.0, "75", 0.75, 0.75),  # points
        (0.75, "75%", 0.75, 0.75),
        (1.25, "1.25", 1.25, 1.25),  # above plan, as fraction
        (125.0, "125", 1.25, 1.25),
        (1.0, "1", 0.01, 1.0),  # one is whole, never a point
        (1.25, "125%", None, 1.25),
        (1.6, "160%", None, 1.6),  # the sign settles it
        (2.0, "200%", 0.02, 2.0),
        (50.0, "50", None, 0.5),
        (1.2, "1.2", None, 1.2),
    ],
)
def test_a_percentage_as_points_fraction_or_text(value: float, written: str, truth: float | None, ratio: float) -> None:
    known, half = pl.lit(value), pl.lit(0.5)
    found, _ = as_ratio(known, half, in_points(known, half, pl.lit(written), pl.lit(truth, pl.Float64), ()))
    assert pl.select(found).item() == pytest.approx(ratio)


@pytest.mark.parametrize(
    "text",
    [
        "15-mar-24",
        "15-MAR-2024",
        "15/mar/24",
        "15 mar 2024",
        "15 de marzo de 2024",
        "15 de Marzo del 2024",
        "15 marzo, 2024",
        "15/03/2024",
        "15/3/24",
        "15-03-2024",
        "15.03.2024",
        "2024-03-15",
        "2024/3/15",
        "2024-03-15 00:00:00",
        "15/03/2024 10:30",
        "viernes 15 de marzo de 2024",
        "Tepic, Nayarit; a 15 de marzo de 2024.",
        "15\nde marzo\nde 2024",
    ],
)
def test_a_date_in_its_spellings(text: str) -> None:
    assert read_date(text) == date(2024, 3, 15)


@pytest.mark.parametrize(
    ("text", "month"), [("1o. de abril de 2024", 4), ("1º de abril de 2024", 4), ("1ro de abril de 2024", 4)]
)
def test_the_first_of_a_month(text: str, month: int) -> None:
    assert read_date(text) == date(2024, month, 1)


@pytest.mark.parametrize("month", ["sep", "set", "septiembre", "setiembre", "SEPT."])
def test_september_in_its_spellings(month: str) -> None:
    assert read_date(f"30 {month} 2024") == date(2024, 9, 30)


@pytest.mark.parametrize(
    "text",
    [
        "marzo",
        "marzo de 2024",
        "31/02/2024",
        "31 de junio de 2024",
        "03/15/2024",
        "2024",
        "15/03",
        "pendiente",
        "0/0/0000",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


def test_a_date_stored_as_such_or_as_serial() -> None:
    assert read_date(given=date(2024, 3, 15)) == date(2024, 3, 15)
    assert read_date(number=45366) == date(2024, 3, 15)
    assert read_date(number=2024) is None
    assert read_date(number=0.5) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_reads_back_from_numbers_words_and_serial(day: date) -> None:
    months = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ]
    words = f"{day.day} de {months[day.month - 1]} de {day.year}"
    serial = float((day - date(1899, 12, 30)).days)
    assert read_date(words) == read_date(f"{day:%d/%m/%Y}") == read_date(number=serial) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6", "06"),
        ("06", "06"),
        ("6.0", "06"),
        ("06 UNIDAD", "06"),
        ("06.- UNIDAD", "06"),
        ("06-UNIDAD", "06"),
        ("120", "120"),
    ]
    + [(text, text) for text in ("006", "6.5", "06/63", "6-7", "06A", "Seis", "06 63", "12345", "")],
)
def test_a_unit_code_is_never_guessed(text: str, code: str) -> None:
    assert pl.select(unit_code(pl.lit(text))).item() == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 UNIDAD DE ANALISIS", ("06", "UNIDAD DE ANALISIS")),
        ("6 - UNIDAD", ("06", "UNIDAD")),
        ("06. UNIDAD", ("06", "UNIDAD")),
        ("06: 2a. UNIDAD", ("06", "2a. UNIDAD")),
        ("06UNIDAD", ("06", "UNIDAD")),
        ("06/63", (None, "06/63")),
        ("6.5", (None, "6.5")),
        ("UNIDAD", (None, "UNIDAD")),
        ("63", ("63", None)),
    ],
)
def test_code_and_name_of_a_unit(text: str, expected: tuple[str | None, str | None]) -> None:
    code, name = split_code(pl.lit(text))
    assert pl.select(code.alias("code"), name.alias("name")).row(0) == expected
