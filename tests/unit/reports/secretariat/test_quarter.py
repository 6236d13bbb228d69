"""How the secretariat's report reads a budget line, names a quadrant and lights a mean."""

from __future__ import annotations

import polars as pl
import pytest
from secretariat_example import BOUNDS, office

from reports.secretariat.quarter import exercised, light
from reports.secretariat.units import AHEAD, BOTH, NEITHER, SPENDING, reference
from warehouse.schema.views import PUBLIC

LINE = {"nivel": "principal", "ur": "06", "asignado": 1000.0}


@pytest.mark.parametrize(
    ("quarters", "reported", "spent"),
    [
        ((250.0, 500.0, 750.0, None), 0.75, 750.0),  # accumulated, as the form asks
        ((250.0, 250.0, 250.0, None), 0.75, 750.0),  # by quarter: only their sum is the percentage
        ((250.0, 250.0, 250.0, None), None, 250.0),  # nothing to tell by: as the form asks
        ((300.0, 200.0, 100.0, None), None, 600.0),  # an accumulated amount does not fall
        ((250.0, None, 750.0, None), 0.75, None),  # a quarter that is due is missing
        ((250.0, 500.0, 750.0, 999.0), 0.75, 750.0),  # a quarter not due does not count
        ((0.0, 0.0, 0.0, None), 0.0, 0.0),
    ],
)
def test_exercised_to_date(quarters, reported, spent):
    amounts = {f"ejercido_t{number}": amount for number, amount in enumerate(quarters, 1)}
    line = pl.DataFrame([LINE | amounts | {"avance_reportado": reported}], schema=PUBLIC["v_presupuesto"])
    told = exercised(line, 3).row(0, named=True)
    assert told["ejercido"] == spent
    assert told["avance_presupuestal"] == (None if spent is None else spent / 1000)


def test_light_of_a_mean_is_that_of_an_activity():
    ratios = pl.DataFrame({"r": [0.0, 0.6999, 0.7, 0.8999, 0.9, 1.3, 1.31, None]})
    expected = ["rojo", "rojo", "amarillo", "amarillo", "verde", "verde", "azul", None]
    assert ratios.select(light("r", BOUNDS)).to_series().to_list() == expected


def test_quadrants_part_at_the_green_share_of_the_year():
    units = office(units=40).units.drop_nulls(["avance_anual", "avance_presupuestal"])
    bound = reference(3, BOUNDS)
    assert bound == 0.675
    named = {(True, True): BOTH, (True, False): AHEAD, (False, True): SPENDING, (False, False): NEITHER}
    for row in units.iter_rows(named=True):
        assert row["cuadrante"] == named[row["avance_anual"] >= bound, row["avance_presupuestal"] >= bound]
    assert set(units["cuadrante"]) >= {SPENDING, NEITHER}
