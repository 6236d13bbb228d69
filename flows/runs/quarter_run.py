"""One run over a quarter: its context, and the open transaction in which it judges, decides and publishes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import polars as pl

from config.calendar import load_calendar
from config.settings import Settings
from flows.context import context
from flows.interruption import BegunRun, began
from flows.provenance import configuration, kept_provenance
from schemas.contracts.context import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import History
from schemas.findings.history_engine import history_findings
from schemas.verdict.revision import revised
from warehouse.connect import open_warehouse
from warehouse.consolidation import Consolidation, ControlTotals, Judge, begin

# Of a run that judges no workbook.
NOTHING_READ = ControlTotals(*[0] * 9)


@contextmanager
def quarter_run(
    year: int,
    quarter: int,
    command: str,
    settings: Settings,
    moment: datetime | None = None,
    *,
    publishes: bool = True,
) -> Iterator[tuple[Context, Consolidation]]:
    """The run's context and its transaction (see warehouse.consolidation.begin): committed where left normally.

    ``moment`` is the run's, with a time zone; now where not told. What a run judges or publishes under is kept in the
    archive, unless it ``publishes`` nothing. Raises ConfigError or WarehouseError.
    """
    ctx, window = context(year, quarter, settings)
    provenance = kept_provenance(year, settings) if publishes else configuration(year, settings).provenance
    with (
        open_warehouse(settings.warehouse) as warehouse,
        begin(
            warehouse,
            year=year,
            quarter=quarter,
            command=command,
            provenance=provenance,
            units=ctx.catalog.units,
            light=ctx.policy.traffic_light,
            form=ctx.form,
            window=window,
            zone=load_calendar(settings.config_dir).zone,
            lock_timeout=settings.lock_timeout,
            moment=moment,
        ) as consolidation,
    ):
        archive = str(settings.archive) if publishes else None
        began(BegunRun(year, quarter, consolidation.run_id, consolidation.started, settings.warehouse, archive))
        yield ctx, consolidation


def history_judge(ctx: Context) -> Judge:
    """What tells history findings, and what comes of them."""

    def told(judged: Judged, history: History) -> pl.DataFrame:
        return history_findings(judged, history, ctx)

    def with_told(judged: Judged, findings: pl.DataFrame, history: History) -> Judged:
        return revised(judged, findings, history, ctx.policy)

    return Judge(told, with_told)
