"""A corpus that fires every rule and holds every layout, and one hash over all that is stored of its judgements."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

import polars as pl
from clean_form import Change, activity, clean_content, header
from made_files import changed
from made_history import CLOSES, at, history, judged, together
from made_workbook import SOUND_BUDGET
from test_each_defect import FIRST, SECOND, sent
from test_file_rules import CHANGES, UNREADABLE, hide_a_copy
from test_history_rules import COPIED
from test_history_rules import SECOND as SECOND_QUARTER

from flows.history import with_history
from flows.path import Batch, InboxFile
from flows.path import judged as judged_batch
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import alone
from schemas.findings.refusal import Refusal
from schemas.rules.rulebook import CARDS
from workbooks.form.layout import Layout, parameters
from workbooks.form.write import write_form
from workbooks.reading.admission import Limits

CREATED = datetime(2024, 10, 3, 9, 0)
# Of a file: how its bytes came out, which no rule looks at.
NOT_JUDGED = (c.SHA256, c.BYTES)
# One a message of the file rules, for each takes long to make.
ON_BOOKS = (
    "A04 no table",
    "A05 other year",
    "A06 the printed number over other words, elsewhere",
    "A06 column lost",
    "A08 blank form",
)
# What the specs of single rules try on made rows only.
MORE: tuple[Change, ...] = (
    header(general_axis="ER2-2.1 Otra cosa"),
    activity(SECOND, activity_no=20),
    activity(FIRST, strategy_code="sin clave"),
    activity(FIRST, legal_basis="según proceda"),
    activity(FIRST, purpose="@Atender"),
    activity(SECOND, justification="Se cumplió en el cuarto trimestre de este año como se esperaba"),
)


@dataclass(frozen=True)
class Corpus:
    """Where workbooks are written, and what they are judged under."""

    folder: Path
    context: Context
    limits: Limits
    founding: Path
    as_printed: Path

    def judged(self) -> list[Judged]:
        """Every batch of the corpus, its history findings among the others."""
        small = replace(self.limits, max_bytes=2 * 1024**2, max_expanded_bytes=10 * 1024**2)
        repaired = replace(self.context, apply_proposals=True)
        return [
            self._batch(list(self._written()), self.context, self.limits),
            self._batch([*self._unreadable(), self.founding], self.context, small, refused=True),
            self._batch([self.founding, self.as_printed], repaired, self.limits),
            self._with_past(),
            self._two_of_a_unit(),
        ]

    def _batch(self, paths: Sequence[Path], context: Context, limits: Limits, *, refused: bool = False) -> Judged:
        files = [InboxFile(path, path.name, f"{number:064}", 0) for number, path in enumerate(paths)]
        refusals = {len(paths) - 1: Refusal("A03", "timeout", {"limit": "30"})} if refused else {}
        every = judged_batch(Batch(files, refusals), context, limits)
        return with_history(every, alone(every, CLOSES), context)

    def _written(self) -> Iterator[Path]:
        """Each defect, each habit of layout, each change of the founding workbook, and that workbook itself."""
        yield from sent(_made(self.folder / "defects"), self.context).values()
        clean, form = clean_content(), self.context.form
        habits = [Layout(**{name: value}) for name, values in parameters().items() for value in values[1:]]
        folder = _made(self.folder / "layouts")
        for number, (layout, change) in enumerate([*((one, None) for one in habits), *((Layout(), x) for x in MORE)]):
            path = folder / f"{number}.xlsx"
            write_form(path, form, change(clean) if change else clean, created=CREATED, layout=layout)
            yield path
        folder = _made(self.folder / "changes")
        for number, change_book in enumerate((*(CHANGES[name][0] for name in ON_BOOKS), hide_a_copy)):
            yield changed(self.founding, folder / f"{number}.xlsx", change_book)
        for path in (self.founding, self.as_printed):
            yield Path(shutil.copy(path, folder))

    def _unreadable(self) -> Iterator[Path]:
        for number, (_, name, content) in enumerate(UNREADABLE):
            path = _made(self.folder / f"unreadable {number}") / name
            path.write_bytes(content)
            yield path

    def _with_past(self) -> Judged:
        """A workbook that was received late and again, and changed what the second quarter said."""
        before = {"achieved_q1": "#5", "annual_target": "#20", "assigned_amount": "#450", "justification": COPIED}
        earlier = judged(
            at(self.context, 2), rows=[{**SECOND_QUARTER, **before}, SECOND_QUARTER, {"activity_no": "#7"}]
        )
        now = judged(self.context, rows=[{"justification": COPIED}, {}])
        receipt = {c.FILE_ID: 0, c.RECEIVED_AT: datetime(2024, 10, 18, 9), c.ON_TIME: False, c.REPEATS: 2}
        past = history(now, {2: earlier}, receipts=[{**receipt, c.KNOWN_AS: "UR06 final.xlsx"}])
        return with_history(now, past, self.context)

    def _two_of_a_unit(self) -> Judged:
        """Two workbooks that deliver the same UR, of a programme whose amounts do not add up."""
        line = {"level": "derived", "unit_name": "63 UNIDAD DE INTELIGENCIA", "assigned_amount": "#0"}
        own = [SOUND_BUDGET[0], {**line, "level": "principal", "assigned_amount": "#1300"}]
        rows = [{"activity_no": "#1", "assigned_amount": "#1000"}, {"unit_code": "63", "assigned_amount": "#0"}]
        child = judged(self.context, rows=[{**row, "unit_code": "63"} for row in rows], budget=own, file="UR63.xlsx")
        both = together(judged(self.context, rows=rows, budget=[*SOUND_BUDGET, line]), child)
        return with_history(both, history(both), self.context)


def hash_of(batches: Sequence[Judged]) -> str:
    """SHA-256 (hexadecimal) over the frames' values in their order, and the rules' message templates."""
    total = hashlib.sha256()
    for name, frame in chain.from_iterable(vars(batch).items() for batch in batches):
        kept = frame.drop(*NOT_JUDGED) if name == "files" else frame
        total.update(json.dumps(kept.rows(), ensure_ascii=False, default=str).encode())
    templates = {code: dict(sorted(card.messages.items())) for code, card in sorted(CARDS.items())}
    total.update(json.dumps(templates, ensure_ascii=False).encode())
    return total.hexdigest()


def rules_of(batches: Sequence[Judged]) -> set[str]:
    """The rules that the corpus fires."""
    return set(pl.concat([batch.findings for batch in batches])[c.RULE])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
