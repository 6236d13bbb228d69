"""What workbooks are judged against. It imports no polars: a process that only has others judge can do without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.catalog import Catalog
from config.form import Form
from config.policy import Policy


@dataclass(frozen=True)
class Context:
    """What a batch is judged against: the quarter asked for (1-4), its last day, form, policy and catalogues.

    ``apply_proposals`` accepts the reading proposed for displaced rows; each stays told (R18).
    """

    year: int
    quarter: int
    quarter_ends: date
    form: Form
    policy: Policy
    catalog: Catalog
    apply_proposals: bool = False
