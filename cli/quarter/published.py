"""What a run published, or kept, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.consolidation import Published

SHOWN = 12  # URs in a sentence


def news(published: Published) -> str:
    """Which version stands now, and whether a new one."""
    state = ", definitivo" if published.state == "definitivo" else ""
    quarter = f"{published.year} T{published.quarter}"
    if published.new:
        return f"published version {published.version} of {quarter}{state}"
    if published.kept:
        return f"nothing published; version {published.version} of {quarter} stays{state}"
    return f"nothing new; still version {published.version} of {quarter}{state}"


def kept(published: Published) -> str | None:
    """What is kept of a closed quarter and how it is published, or None where all is."""
    if not published.kept:
        return None
    quarter = f"{published.year} T{published.quarter}"
    units = published.kept_units
    more = f" and {len(units) - SHOWN} more" if len(units) > SHOWN else ""
    of = f" It concerns UR {', '.join(units[:SHOWN])}{more}." if units else ""
    return f"kept, not published: {quarter} is closed.{of} `poa exception` opens it."
