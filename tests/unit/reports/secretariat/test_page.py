"""The secretariat's page as text: the same bytes, nothing from elsewhere, nothing of a unit as markup."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest
import secretariat_example as example
from secretariat_example import office

from reports.secretariat.charts import chart_specs
from reports.secretariat.page import change, render_secretariat
from reports.secretariat.page_data import page_data


@cache
def page() -> str:
    return render_secretariat(office())


def test_same_version_same_bytes():
    office.cache_clear()
    assert render_secretariat(office()) == page()


def test_charts_number_nothing_by_themselves():
    told = json.dumps(chart_specs(office()))
    assert told == json.dumps(chart_specs(office()))
    assert not re.search(r"view_\d|param_\d|data-[0-9a-f]{8}", told)


def test_nothing_is_asked_of_another_place():
    own = page().split("<script>", 1)[0]
    assert "default-src 'none'; script-src" in own
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", own)
    assert "unsafe-eval" not in own


def test_policy_names_each_script_that_runs():
    policy = unescape(re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', page())[0])
    scripts = re.findall(r"<script>(.*?)</script>", page(), re.DOTALL)
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    assert "script-src " + " ".join(f"'sha256-{digest}'" for digest in hashes) + ";" in policy
    assert len(scripts) == 2


def test_data_cannot_end_its_script():
    told = page_data(office(name=example.HOSTILE, text=example.HOSTILE))
    assert "<" not in told
    assert json.loads(told)["actividades"][0]["unidad"] == f"{example.HOSTILE} 1"


def test_texts_of_units_are_no_markup():
    hostile = office(name=example.HOSTILE, text=example.HOSTILE)
    found: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append(tag)
            assert not any(name.startswith("on") for name, _ in attrs)

    Tags().feed(render_secretariat(hostile).split('<script type="application/json"', 1)[0])
    assert "img" not in found
    assert "script" not in found


@pytest.mark.parametrize(
    ("difference", "scale", "told"),
    [(0.031, 100, "+3.1"), (-0.5, 100, "−50"), (0.0004, 100, "0"), (2.0, 1, "+2"), (None, 100, "—")],
)
def test_change(difference, scale, told):
    assert change(difference, scale) == told
