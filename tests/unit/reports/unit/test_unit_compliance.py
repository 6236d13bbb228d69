"""The chart of compliance says what the public views say."""

from __future__ import annotations

from dataclasses import replace

import judged_example as example
import polars as pl
import pytest

from config.policy import TrafficLight
from reports.unit.compliance import light_of
from schemas.contracts import columns as c

BOUNDS = TrafficLight(green=0.9, amber=0.7, blue=1.3)


@pytest.mark.parametrize(
    ("compliance", "word"),
    [
        (None, "Sin programar"),
        (0.0, "Rojo"),
        (0.6999, "Rojo"),
        (0.7, "Amarillo"),
        (0.9, "Verde"),
        (1.3, "Verde"),
        (1.31, "Azul"),
    ],
)
def test_a_light_has_a_word(compliance, word):
    assert light_of(compliance, BOUNDS).word == word


def test_a_units_compliance_is_weighted_by_amount_and_capped(report_of):
    judged = example.observed()
    two = judged.activities.head(2).with_columns(
        pl.Series(c.ASSIGNED_AMOUNT, [300.0, 100.0]),
        *(pl.lit(10.0).alias(name) for name in c.PLANNED),
        *(pl.Series(name, [5.0, 40.0]) for name in c.ACHIEVED),
    )
    (chart,) = report_of(replace(judged, activities=two), light=BOUNDS).charts
    assert chart.compliance == pytest.approx((0.5 * 300 + 1.0 * 100) / 400)
    assert [(light.word, count) for light, count in chart.counts] == [("Rojo", 1), ("Azul", 1)]
    assert [(bar.length, bar.cut) for bar in chart.bars] == [(0.5, False), (1.5, True)]


def test_nothing_achieved_of_what_was_planned_is_red(report_of):
    judged = example.observed()
    blank = judged.activities.head(1).with_columns(pl.lit(None, pl.Float64).alias(name) for name in c.ACHIEVED)
    (chart,) = report_of(replace(judged, activities=blank), light=BOUNDS).charts
    assert (chart.compliance, chart.bars[0].light.word) == (0.0, "Rojo")


def test_without_bounds_there_is_no_chart(report):
    assert report.charts == ()
