"""What a run leaves in Prefect for whoever watches: tables and links, one key a quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

import polars as pl
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from config.settings import Settings
from flows.runs.consolidation import ConsolidationResult
from warehouse.connect import open_warehouse
from warehouse.queries.published import view

# What each total of a run counts, in the order in which they add up.
TOTALS = {
    "seen": "files seen",
    "accepted": "accepted",
    "observed": "observed",
    "rejected": "rejected",
    "unchanged": "unchanged",
    "skipped": "skipped",
    "rows_found": "rows found",
    "rows_accepted": "rows accepted",
    "rows_quarantined": "rows quarantined",
}


def publish_artifacts(outcome: ConsolidationResult, settings: Settings) -> None:
    """The version with its digest, the run's control totals, the completeness table and the findings by rule."""
    year, quarter = outcome.published.year, outcome.published.quarter
    with open_warehouse(settings.warehouse) as warehouse:
        deliveries = view(warehouse, "v_entregas", year=year, quarter=quarter)
        observations = view(warehouse, "v_observaciones", year=year, quarter=quarter)
    key = f"{year}-t{quarter}"
    create_markdown_artifact(
        markdown=version_text(outcome),
        key=f"version-{key}",
        description=f"The version that stands of {year} T{quarter}, and its digest.",
    )
    counts = asdict(outcome.control)
    create_table_artifact(
        table=[{"what": words, "number": counts[name]} for name, words in TOTALS.items()],
        key=f"control-{key}",
        description=f"Control totals of the last run over {year} T{quarter}.",
    )
    create_table_artifact(
        table=deliveries.select("ur", "unidad", "estado", "libro", "renglones", "en_cuarentena", "calidad").to_dicts(),
        key=f"completeness-{key}",
        description=f"Who delivered the POA of {year} T{quarter}, and how it was received.",
    )
    create_table_artifact(
        table=observations.group_by("severidad", "regla")
        .agg(pl.len().alias("observaciones"), pl.col("ur").n_unique().alias("unidades"))
        .sort("severidad", "regla")
        .to_dicts(),
        key=f"findings-{key}",
        description=f"Findings of {year} T{quarter} by rule.",
    )


def version_text(outcome: ConsolidationResult) -> str:
    """The version that stands, its digest, and what was rejected or skipped in the run, as Markdown."""
    published = outcome.published
    lines = [
        f"# {published.year} T{published.quarter}, version {published.version}",
        "",
        f"- {'new with this run' if published.new else 'as before this run'}, {published.state}",
        f"- digest `{published.digest}`",
    ]
    if published.kept:
        lines.append("- the quarter is closed: what came since is kept, and an exception publishes it")
    lines += [f"- rejected: {_code(file)}" for file in outcome.rejected]
    lines += [f"- skipped: {_code(skipped.file)} ({_code(skipped.reason)})" for skipped in outcome.inbox.skipped]
    return "\n".join(lines)


def link_page(page: Path, year: int, quarter: int, settings: Settings) -> None:
    """A link to the secretariat's report."""
    create_link_artifact(
        link=link_to(page, settings),
        link_text=page.name,
        key=f"secretariat-{year}-t{quarter}",
        description=f"The secretariat's report of {year} T{quarter}, a page that opens without network.",
    )


def link_reports(pages: Sequence[Path], year: int, quarter: int, settings: Settings) -> None:
    """A table with a link to each unit's page that was written."""
    links = [page for page in pages if page.suffix == ".html"]
    rows = [{"report": f"[{page.name}]({link_to(page, settings)})"} for page in links]
    if rows:
        create_table_artifact(
            table=rows,
            key=f"reports-{year}-t{quarter}",
            description=f"Units' reports of {year} T{quarter} that the last run wrote.",
        )


def link_to(page: Path, settings: Settings) -> str:
    """Where a page of the reports' folder opens: under POA_REPORTS_URL where that is set, else as a file."""
    if settings.reports is None or settings.reports_url is None:
        return page.resolve().as_uri()
    inside = page.resolve().relative_to(settings.reports.resolve()).as_posix()
    return f"{settings.reports_url.rstrip('/')}/{quote(inside)}"


def _code(file: str) -> str:
    """A file's name or what holds a part of one, which is a stranger's, as code that it cannot end."""
    return f"`{' '.join(file.replace('`', chr(39)).split())}`"
