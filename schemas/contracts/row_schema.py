"""Row checks as one frame: a Boolean column a check, a row per activity row."""

from __future__ import annotations

import polars as pl


def breaches(held: pl.DataFrame) -> dict[str, list[int]]:
    """Positions of the rows that break each check; checks that all rows keep are left out.

    ``held`` has a Boolean column per check; null must have been settled before.
    """
    if held.is_empty():
        return {}
    # Most checks hold everywhere: one look over all columns finds the others.
    everywhere = held.select(pl.all().all(ignore_nulls=False)).row(0, named=True)
    broken = [check for check, holds in everywhere.items() if not holds]
    return {check: held.get_column(check).not_().arg_true().to_list() for check in broken}
