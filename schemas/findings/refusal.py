"""Why a workbook could not even be read: the rule it breaks and which of the rule's reasons holds."""

from __future__ import annotations

from dataclasses import dataclass, field


class RefusedError(Exception):
    """Raised while a workbook is admitted or read; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.rule}.{refusal.reason}")
        self.refusal = refusal


@dataclass(frozen=True)
class Refusal:
    """``rule`` is a file rule (A01-A03), ``reason`` a key of its card's reasons, ``details`` fill its sentence."""

    rule: str
    reason: str
    details: dict[str, str] = field(default_factory=dict)


def refuse(rule: str, reason: str, **details: str) -> RefusedError:
    """The exception for that refusal."""
    return RefusedError(Refusal(rule, reason, details))


def is_panic(error: BaseException) -> bool:
    """Whether a library in Rust gave up: its panics are no Exception, and no class that one could import."""
    return type(error).__name__ == "PanicException"
