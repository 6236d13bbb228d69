"""This program as it was under another judging version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from schemas.contracts.judging_version import judged_by
from schemas.rules.rulebook import CARDS


@contextmanager
def other_program(*codes: str) -> Iterator[None]:
    """Another judging version, and other words in the messages of the rules named (all where none is)."""
    with pytest.MonkeyPatch.context() as then:
        for code in codes or tuple(CARDS):
            card = CARDS[code]
            reworded = {key: f"{text} Antes." for key, text in card.messages.items()}
            then.setitem(CARDS, code, replace(card, messages=reworded))
        then.setattr("schemas.contracts.judging_version.JUDGING_VERSION", 0)
        judged_by.cache_clear()
        yield
    judged_by.cache_clear()
