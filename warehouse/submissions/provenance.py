"""What a judgement is made under, as hashes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provenance:
    """SHA-256 (hexadecimal) of the rules, form, policy and catalogues that a judgement was made under."""

    rules: str
    form: str
    policy: str
    catalogs: str
