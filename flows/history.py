"""The history pass: after every batch is judged, what its workbooks are told beside each other and the past."""

from __future__ import annotations

from schemas.evidence import Context
from schemas.frames import Judged
from schemas.history import History
from schemas.history_findings import history_findings
from schemas.revision import revised


def with_history(judged: Judged, history: History, context: Context) -> Judged:
    """``judged`` with its history findings; verdicts, quality and points follow."""
    return revised(judged, history_findings(judged, history, context), history, context.policy)
