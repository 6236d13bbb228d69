"""`poa rejudge`: a quarter's submissions judged anew, out of the archive."""

from __future__ import annotations

from cli.options import ApplyProposals, Archive, Config, Quarter, Warehouse, Year, console, settings
from cli.quarter.consolidate import tell_run


def rejudge(
    year: Year,
    quarter: Quarter,
    warehouse: Warehouse = None,
    archive: Archive = None,
    config: Config = None,
    apply_proposals: ApplyProposals = False,
) -> None:
    """Judge what was received under the rules, form, policy and catalogues of now; nobody sends anything again."""
    from rich.status import Status

    from flows.runs.rejudging import rejudge as judge_anew

    chosen = settings(warehouse=warehouse, archive=archive, config_dir=config, apply_proposals=apply_proposals or None)
    judged = 0
    with Status(f"{year} T{quarter}", console=console(stderr=True)) as status:

        def advance(workbooks: int) -> None:
            nonlocal judged
            judged += workbooks
            status.update(f"{year} T{quarter}: {judged} submissions")

        done = judge_anew(year, quarter, chosen, on_progress=advance)
    tell_run(done.published, done.control, done.rejected)
