"""History scope: what a quarter's workbooks are told beside each other and the quarters before."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import BREACHES
from schemas.contracts.evidence import Context
from schemas.contracts.frames import FINDINGS, Judged, conform
from schemas.contracts.history_inputs import History
from schemas.findings.render import render_findings, with_cells, with_severity
from schemas.rules.rulebook import CARDS


def history_findings(judged: Judged, history: History, context: Context) -> pl.DataFrame:
    """FINDINGS without points, of the workbooks in ``judged`` alone; rejected workbooks are told nothing but their own.

    The same for each workbook whichever others ``judged`` holds, as long as ``history`` is of the whole quarter.
    """
    breached = (
        (card, card.history_check(judged, history, context))
        for card in CARDS.values()
        if card.history_check is not None and (history.has_past or not card.needs_past)
    )
    told = [
        group
        for card, breaches in breached
        if not breaches.is_empty()
        for group in render_findings(card, conform(breaches, BREACHES), context)
    ]
    if not told:
        return pl.DataFrame(schema=FINDINGS)
    return conform(with_cells(with_severity(pl.concat(told), context)), FINDINGS)
