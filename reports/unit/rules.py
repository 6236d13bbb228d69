"""What a report says of a rule: title and remedy, from the rule's card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

UNKNOWN_REMEDY = "Revise la celda señalada, corríjala en su libro y vuelva a enviarlo."


class RuleText(Protocol):
    """The part of a rule's card that reports read."""

    @property
    def code(self) -> str:
        """Such as "R05"."""

    @property
    def title(self) -> str:
        """What the rule asks, in a few words."""

    @property
    def remedy(self) -> str:
        """What a unit does about it."""


def rule_title(rule: str, remedies: Mapping[str, RuleText]) -> str:
    """Title of a rule or of a variant such as ``R01.required``."""
    text = _text(rule, remedies)
    return text.title if text else "Observación de la revisión"


def rule_remedy(rule: str, remedies: Mapping[str, RuleText]) -> str:
    """What to do about a finding of a rule or of a variant such as ``R01.required``."""
    text = _text(rule, remedies)
    return text.remedy if text else UNKNOWN_REMEDY


def _text(rule: str, remedies: Mapping[str, RuleText]) -> RuleText | None:
    return remedies.get(rule) or remedies.get(rule.split(".")[0])
