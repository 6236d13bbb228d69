"""What the form of one fiscal year has otherwise than another's: for whoever writes next year's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from config.form import Block, Field, Form
from schemas.contracts.core import CORE

Kept = Literal["column", "value"]
# Of a field, what a form's file says beside its name and block.
SAID: Final = ("number", "label", "kind", "required", "group", "quarter", "pattern")


@dataclass(frozen=True)
class FieldChange:
    """One field of the form, or of the form before where the form lacks it; ``place`` counts from 1 in its block.

    ``kept``: in a column of its own in the warehouse, or as a value of its own (``extra_value``). ``change`` is
    empty where the form before has the same; else "new", "gone", or what differs.
    """

    block: Block
    place: int | None
    name: str
    printed: str
    kind: str
    required: str
    kept: Kept
    change: str


def form_changes(form: Form, before: Form | None) -> list[FieldChange]:
    """Every field of ``form`` by block in its order, then those that only ``before`` has."""
    return [change for block in get_args(Block) for change in _of_block(block, form, before)]


def _of_block(block: Block, form: Form, before: Form | None) -> list[FieldChange]:
    now, then = _fields(form, block), _fields(before, block) if before else {}
    shared = [name for name in then if name in now]
    moved = _moved([name for name in now if name in then], shared)
    found = [
        _told(field, place, _difference(field, then.get(name), moved=name in moved) if before else "")
        for place, (name, field) in enumerate(now.items(), 1)
    ]
    return [*found, *(_told(field, None, "gone") for name, field in then.items() if name not in now)]


def _fields(form: Form, block: Block) -> dict[str, Field]:
    return {field.name: field for field in form.field if field.block == block}


def _moved(now: list[str], then: list[str]) -> set[str]:
    """The fewest fields that one takes out so that the others keep their order."""
    place = {name: i for i, name in enumerate(then)}
    best: list[list[str]] = []  # the longest run in order that ends with each field
    for i, name in enumerate(now):
        ahead = [best[j] for j in range(i) if place[now[j]] < place[name]]
        best.append([*_longest(ahead), name])
    return set(now) - set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run)) if runs else []


def _difference(field: Field, old: Field | None, *, moved: bool) -> str:
    if old is None:
        return "new"
    told = [f"{key} was {getattr(old, key)}" for key in SAID if getattr(field, key) != getattr(old, key)]
    return "; ".join([*told, *(["moved"] if moved else [])])


def _told(field: Field, place: int | None, change: str) -> FieldChange:
    kept: Kept = "column" if field.name in CORE[field.block] else "value"
    return FieldChange(field.block, place, field.name, field.printed, field.kind, field.required, kept, change)
