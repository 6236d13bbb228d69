"""Deriving a published version again from the archive, in a scratch warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from config.calendar import Window, load_calendar
from config.settings import Settings
from flows.batch import Batch
from flows.context import context
from flows.execution.factory import executor
from flows.execution.runner import runner
from flows.execution.transport import inbox_file
from flows.provenance import archived_configuration, configuration, judged_otherwise, rules
from flows.runs.quarter_run import history_judge
from schemas.contracts.context import Context
from warehouse.archive.archives import AnyArchive, Kept, archive_at
from warehouse.connect import WarehouseError, reading_current
from warehouse.integrity.discrepancy import OnDiscrepancy
from warehouse.integrity.replay import Replay, ReplayedSubmission, Step, scratch_replay, steps
from warehouse.snapshots.candidate import Setting
from warehouse.snapshots.digest import digest_of
from warehouse.submissions.provenance import Provenance


@dataclass(frozen=True)
class Rebuilt:
    """What deriving a version again came to: its digest as published, of its rows as they stand, and as derived; how
    many rows differ of those that stand and those derived.

    ``judged_otherwise`` tells how what it was judged by differs from what this program judges by; then rows that differ
    are no fault of the warehouse.
    """

    published: str
    standing: str
    derived: str
    workbooks: int
    differences: int
    judged_otherwise: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether what was derived is the version bit by bit."""
        return self.published == self.standing == self.derived


def rebuild(year: int, quarter: int, version: int, settings: Settings, tell: OnDiscrepancy) -> Rebuilt:
    """Derives the version again from archived workbooks and configuration; ``tell`` hears how its rows differ.

    Submissions with their receipts, applied proposals and waivers are those of the warehouse. Raises UsageError
    where there is no such version, WarehouseError where the archive lacks what it was made of.
    """
    with TemporaryDirectory(prefix="poa-rebuild-") as folder, reading_current(settings.warehouse) as stored:
        past = _Past(Path(folder), settings)
        wanted = steps(stored, year, quarter, version)
        with scratch_replay(stored, Path(folder) / "rebuilt.db") as replay:
            workbooks = 0
            for step in wanted:
                workbooks += _judge(step, replay, past)
                published = replay.publish(step, past.setting(step))
            last = wanted[-1]
            standing = digest_of(stored, last.version.id)
            count = 0 if published.digest == standing else replay.differences(last, published, tell)
        hashes = {w.provenance.rules for step in wanted for w in step.workbooks} - {rules()}
        others = {judged_otherwise(past.archive, sha256) for sha256 in hashes}
    return Rebuilt(last.version.digest, standing, published.digest, workbooks, count, tuple(sorted(others)))


class _Past:
    """Archived configuration, each laid out in a scratch folder of its own, as settings and context."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder, self._settings = folder, settings
        self.archive = archive_at(settings.archive)
        self._laid: dict[tuple[int, Provenance], Settings] = {}

    def settings(self, year: int, provenance: Provenance) -> Settings:
        """The settings that judge as then."""
        if (year, provenance) not in self._laid:
            found = archived_configuration(self.archive, provenance, configuration(year, self._settings))
            folder = self._folder / f"configuration_{len(self._laid)}"
            for path, content in found.files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            then = {"config_dir": folder, "apply_proposals": found.apply_proposals}
            self._laid[year, provenance] = self._settings.model_copy(update=then)
        return self._laid[year, provenance]

    def context(self, step: Step, provenance: Provenance) -> tuple[Context, Window, Settings]:
        """What a workbook of the step's quarter was judged under."""
        settings = self.settings(step.version.year, provenance)
        return *context(step.version.year, step.version.quarter, settings), settings

    def setting(self, step: Step) -> Setting:
        """What the version was published under."""
        ctx, window, settings = self.context(step, step.provenance)
        began = step.began.replace(tzinfo=UTC)
        return Setting(
            window=window,
            units=ctx.catalog.units,
            light=ctx.policy.traffic_light,
            provenance=step.provenance,
            judge=history_judge(ctx),
            form=ctx.form,
            day=began.astimezone(load_calendar(settings.config_dir).zone).date(),
            digest_columns=step.version.digest_columns,
        )


def _judge(step: Step, replay: Replay, past: _Past) -> int:
    """Judges the step's workbooks that are not in the scratch warehouse yet, and counts them."""
    judged_now = 0
    for provenance, workbooks in replay.receive(step).items():
        ctx, _, settings = past.context(step, provenance)
        size = settings.batch_of(len(workbooks))
        groups = [workbooks[start : start + size] for start in range(0, len(workbooks), size)]
        with executor(ctx, settings) as judge:
            for group, judged in zip(groups, runner(settings)(judge, _batches(groups, past.archive)), strict=True):
                replay.store(step, judged, group)
        judged_now += len(workbooks)
    return judged_now


def _batches(groups: Sequence[Sequence[ReplayedSubmission]], archive: AnyArchive) -> Iterator[Batch]:
    for group in groups:
        yield Batch([inbox_file(_kept(w, archive), w) for w in group])


def _kept(workbook: ReplayedSubmission, archive: AnyArchive) -> Kept:
    said = archive.state(workbook.sha256, workbook.bytes)
    if said is not None:
        raise WarehouseError(
            f"{workbook.file} ({workbook.sha256}) is {said} in the archive {archive.folder}; restore it"
        )
    return archive.kept(workbook.sha256)
