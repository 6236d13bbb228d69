"""The configuration that we ship is whole: no unknown key, no code twice, every rule with a severity."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.files import SHIPPED, ConfigError
from config.form import load_form
from config.policy import load_policy
from config.settings import Settings
from schemas.contracts import columns as c
from schemas.contracts.frames import ACTIVITIES, BUDGET
from schemas.rules.rulebook import CARDS, severities

PRINTED_NUMBERS = set(range(1, 25))


def test_the_form_has_every_printed_number() -> None:
    form = load_form(2024)
    labels = (*form.section, *form.group, *form.line, *form.signature, *form.field)
    assert {label.number for label in labels if label.number} == PRINTED_NUMBERS


def test_every_core_field_has_its_column() -> None:
    form = load_form(2024)
    assert {field.name for field in form.activity} <= set(ACTIVITIES)
    assert {field.name for field in form.budget} <= set(BUDGET)


def test_every_rule_has_a_severity_and_every_severity_a_rule() -> None:
    known = severities(load_policy())
    assert {rule for rule, _ in known} == set(CARDS)


@pytest.mark.parametrize("code", sorted(CARDS))
def test_every_card_says_what_and_how(code: str) -> None:
    card = CARDS[code]
    form = load_form(2024)
    numbers = {label.number for label in (*form.field, *form.line, *form.group, *form.signature)}
    assert card.title
    assert card.remedy.endswith(".")
    assert card.example
    assert all(message.endswith((".", "}).", "{expected}")) for message in card.messages.values())
    assert set(card.fields) <= numbers | {21}
    assert card.row_checks or card.check or card.history_check or code in {"A01", "A02", "A03"}


def test_the_catalogues_load_and_the_founding_units_are_in_them() -> None:
    catalog = load_catalog()
    assert catalog.units["63"].parent == "06"
    assert catalog.functional["1.5.2"] == "Asuntos Hacendarios"
    assert catalog.modalities["M"].startswith("Apoyo")
    assert all(unit.contact and unit.contact.endswith("@example.gob.mx") for unit in catalog.units.values())


def test_the_calendar_has_each_quarter_of_the_forms_year() -> None:
    calendar = load_calendar()
    assert [calendar.of(2024, quarter).quarter for quarter in c.QUARTERS] == [1, 2, 3, 4]
    with pytest.raises(ConfigError, match=r"no window for 2031 T1"):
        calendar.of(2031, 1)


def test_settings_have_defaults_that_work() -> None:
    assert Settings().warehouse.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("file", "find", "replace", "load", "complaint"),
    [
        ("policy.toml", "[traffic_light]", "[semaforo]", load_policy, r"policy\.toml: .*semaforo"),
        ("policy.toml", 'A01 = "archivo"', 'A01 = "grave"', load_policy, r"severity\.A01"),
        ("policy.toml", "[severity]", "[severity", load_policy, "not valid TOML"),
        ("calendar.toml", "quarter = 1", "quarter = 9", load_calendar, "wants quarter 1-4"),
        ("catalogs/units.csv", "02,SEC", "01,SEC", load_catalog, "line 3: unit 01 stands twice"),
        ("catalogs/units.csv", "02,SEC", "0²,SEC", load_catalog, "line 3: a unit wants a code of digits and a name"),
        ("catalogs/units.csv", "02,SEC", "0٢,SEC", load_catalog, "line 3: a unit wants a code of digits and a name"),
        ("catalogs/units.csv", "TECNOLOGICA,01", "TECNOLOGICA,88", load_catalog, "parent 88 is not in the catalogue"),
        ("catalogs/conac_modalidad.csv", "letra,", "clave,", load_catalog, "missing columns letra"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path, file, find, replace, load, complaint) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / file
    target.parent.mkdir(exist_ok=True)
    shutil.copy(SHIPPED / file, target)
    text = target.read_text(encoding="utf-8")
    assert find in text
    target.write_text(text.replace(find, replace, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        load(tmp_path)


def test_an_offices_own_file_stands_in_for_ours(tmp_path: Path) -> None:
    policy = (SHIPPED / "policy.toml").read_text(encoding="utf-8").replace("green = 0.90", "green = 0.95")
    (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
    assert load_policy(tmp_path).traffic_light.green == 0.95
    assert load_form(2024, tmp_path).code == "poa_2024"


def test_a_year_without_a_form_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no form for fiscal year 2031 \(forms shipped: 2024\)"):
        load_form(2031)


def test_a_form_with_a_field_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    text = (SHIPPED / "forms" / "poa_2024.toml").read_text(encoding="utf-8")
    (tmp_path / "forms" / "poa_2024.toml").write_text(text.replace('"justification"', '"purpose"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="named twice"):
        load_form(2024, tmp_path)


def test_a_policy_that_would_let_unstorable_rows_pass_is_refused() -> None:
    policy = load_policy()
    soft = policy.model_copy(update={"severity": {**policy.severity, "R02": "aviso"}})
    with pytest.raises(ConfigError, match="R02: wants archivo or renglon"):
        severities(soft)
