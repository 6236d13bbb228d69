"""The rule book is whole: every rule of the design has its card, every card its spec, its words and its severity."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from config.files import SHIPPED
from config.form import Form
from config.policy import Policy, Severity, load_policy
from schemas.cards.card import Card
from schemas.rules.rulebook import CARDS, severities

ROOT = Path(__file__).parents[2]
DESIGN = {
    *(f"A{number:02}" for number in range(1, 12)),
    *(f"E{number:02}" for number in range(1, 9)),
    *(f"P{number:02}" for number in range(1, 7)),
    *(f"R{number:02}" for number in range(1, 21)),
    *(f"T{number:02}" for number in range(1, 6)),
}
# Rules of the design that have no card yet. Whoever writes one deletes its code here.
NOT_YET: set[str] = set()
CODE = re.compile(r"(?<![A-Za-z0-9])([AEPRT]\d{2})(?![A-Za-z0-9])")
IN_A_NAME = re.compile(r"(?:^|_)([aeprt]\d{2})(?=_|$)", re.IGNORECASE)
# What the reader says of a file it refuses (A01-A03) has the refusal's own details.
OF_A_REFUSAL = {"found", "limit", "error"}
# Words that only English has: a card's sentence with one was not meant for a unit.
ENGLISH = re.compile(r"\b(the|of|is|are|not|and|row|cell|file|must|should|missing)\b", re.IGNORECASE)
EVERY_CARD = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)


@cache
def specs() -> dict[str, set[str]]:
    """Codes that each spec file names: in a test's or a table's name, as key of a table, or as parameter of a test."""
    here = Path(__file__)
    return {path.name: _named(path) for path in sorted(here.parent.glob("test_*.py")) if path != here}


def _named(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body:
        names = [node.name] if isinstance(node, ast.FunctionDef) else []
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
        found |= {code.upper() for name in names for code in IN_A_NAME.findall(name)}
        told = node.decorator_list if isinstance(node, ast.FunctionDef) else [node]
        if isinstance(node, ast.FunctionDef | ast.Assign | ast.AnnAssign):
            found |= {code for part in told for code in _in_texts(part)}
    return found


def _in_texts(node: ast.AST) -> set[str]:
    """Codes that begin a text in this part of a module: a key "R05", "A05 other year"; not one inside a table."""
    texts = (leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str))
    return {match[1] for text in texts if (match := CODE.match(text))}


def test_every_rule_of_the_design_has_a_card_or_is_known_to_lack_one() -> None:
    assert DESIGN - set(CARDS) == NOT_YET, "a code with a card leaves NOT_YET; one without a card stands in it"


def test_no_card_is_outside_the_design() -> None:
    assert set(CARDS) <= DESIGN


@EVERY_CARD
def test_a_card_has_a_spec(card: Card) -> None:
    naming = [name for name, codes in specs().items() if card.code in codes]
    assert naming, f"no table or test in tests/spec is named for {card.code}"


def test_a_spec_names_a_card() -> None:
    strangers = {name: codes - set(CARDS) for name, codes in specs().items() if codes - set(CARDS)}
    assert strangers == {}


@EVERY_CARD
def test_a_card_says_what_it_is_in_spanish(card: Card) -> None:
    words = {
        "title": card.title,
        "why": card.why,
        "remedy": card.remedy,
        "example": card.example,
        **dict(card.messages),
    }
    for name, text in words.items():
        assert text.strip() == text != "", name
        assert not ENGLISH.search(text), f"{name}: {text}"
        assert not text[0].islower(), f"{name}: {text}"
    assert not card.title.endswith(".")
    for text in (card.remedy, *card.messages.values()):
        assert text.endswith((".", "}")), text


@EVERY_CARD
def test_a_card_has_a_message_for_each_variant(card: Card) -> None:
    assert card.messages
    lacking = {variant for variant in card.variants if variant} - set(card.messages)
    assert lacking == set()
    assert len(set(card.variants)) == len(card.variants)


@EVERY_CARD
def test_a_cards_placeholders_are_known(card: Card) -> None:
    judged = any(getattr(card, check) is not None for check in checks_of(card))
    known = filled_in() if judged else OF_A_REFUSAL
    for text in card.messages.values():
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known, text


@cache
def filled_in() -> set[str]:
    """Placeholders that the product fills: the keywords of its calls of ``message``."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "schemas").rglob("*.py"))]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    told = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "message"]
    return {keyword.arg for call in told for keyword in call.keywords if keyword.arg}


def checks_of(card: Card) -> list[str]:
    """Names of the card's parts that judge: row_checks, check and the like."""
    return [name for name in vars(card) if "check" in name]


@EVERY_CARD
def test_a_cards_fields_are_printed_on_the_form(card: Card, form: Form) -> None:
    labels = (*form.field, *form.group, *form.line, *form.section, *form.signature)
    assert set(card.fields) <= {label.number for label in labels}
    assert list(card.fields) == sorted(set(card.fields))


def test_policy_names_each_rule_and_nothing_else() -> None:
    policy = load_policy()
    assert set(policy.severity) == {key for card in CARDS.values() for key in card.policy_keys}
    assert severities(policy)


def test_policys_values_are_plain() -> None:
    raw = tomllib.loads((SHIPPED / "policy.toml").read_text(encoding="utf-8"))
    assert set(raw) <= set(Policy.model_fields)
    allowed = get_args(Severity)
    assert {key: value for key, value in raw["severity"].items() if value not in allowed} == {}


def test_policys_severities_are_listed_by_code() -> None:
    codes = [key.partition(".")[0] for key in load_policy().severity]
    assert codes == sorted(codes)


@EVERY_CARD
def test_the_printed_rule_book_lists_the_card(card: Card) -> None:
    printed = (ROOT / "docs" / "reglas.md").read_text(encoding="utf-8")
    assert f"## {card.code}. {card.title}\n" in printed
    for text in (card.remedy, card.example):
        assert text in printed


def test_the_printed_rule_book_lists_nothing_else() -> None:
    printed = (ROOT / "docs" / "reglas.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)\.", printed, re.MULTILINE) == list(CARDS)
