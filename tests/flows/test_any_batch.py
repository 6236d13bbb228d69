"""A workbook is judged in any batch, in any order, exactly as it is judged alone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from test_annotated import given_back, of_file
from test_holes import with_cell

from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import CONTRACTS, Judged
from schemas.verdict.unit_verdict import REJECTED
from workbooks.annotated.returned import alone
from workbooks.reading.admission import Limits

Frames: TypeAlias = dict[str, pl.DataFrame]

ERROR, NO_RESULT = '<c r="{}" t="e"><f>SUM(#REF!)</f><v>#REF!</v></c>', '<c r="{}"><f>SUM(M27:P27)</f></c>'
OBSERVATIONS, RETURNED = "observaciones.xlsx", "devuelto.xlsx"
BROKEN, BROKEN_AS_PRINTED = "celda_rota.xlsx", "impreso_roto.xlsx"
REFUSED = {
    "vacio.xlsx": b"",
    "pagina.xls": b"<html><body><table></table></body></html>",
    "otro.ods": b"PK\x03\x04 cortado",
}
NAMES = (
    *("limpio.xlsx", "impreso.xlsx", RETURNED, OBSERVATIONS, BROKEN, BROKEN_AS_PRINTED, "sin_resultado.xlsx"),
    *("cortado.xlsx", *REFUSED),
)
OTHER_KINDS = ("celda_rota.xls", "celda_rota.ods")
QUIET: dict[str, Any] = {
    "derandomize": True,
    "database": None,
    # A failing batch tells its workbooks; shrinking it would read hundreds more.
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow],
}


class Judge:
    """Judges workbooks of ``folder`` by their names."""

    def __init__(self, folder: Path, context: Context, limits: Limits) -> None:
        self.folder, self.context, self.limits = folder, context, limits
        self.alone: dict[str, Frames] = {}
        self.know(NAMES)

    def __repr__(self) -> str:
        return f"Judge({self.folder})"

    def know(self, names: Sequence[str]) -> None:
        self.alone |= {name: self.frames(self.judged([name]), 0) for name in names}

    def judged(self, names: Sequence[str]) -> Judged:
        files = [InboxFile(self.folder / name, name, name, 1) for name in names]
        return judged(Batch(files), self.context, self.limits)

    def frames(self, found: Judged, file_id: int) -> Frames:
        own = of_file(found, file_id)
        return {name: getattr(own, name).drop(c.FILE_ID) for name in CONTRACTS}

    def otherwise(self, names: list[str]) -> list[tuple[int, str, str]]:
        """Position, workbook and frame of what is judged otherwise in a batch of these workbooks than alone."""
        found = self.judged(names)
        return [
            (file_id, name, frame)
            for file_id, name in enumerate(names)
            for frame, rows in self.frames(found, file_id).items()
            if not rows.equals(self.alone[name][frame])
        ]


@pytest.fixture(scope="module")
def judge(
    tmp_path_factory: pytest.TempPathFactory,
    founding: Path,
    as_printed: Path,
    third_quarter: Context,
    limits: Limits,
) -> Judge:
    folder = tmp_path_factory.mktemp("any_batch")
    shutil.copy(founding, folder / "limpio.xlsx")
    shutil.copy(as_printed, folder / "impreso.xlsx")
    spoilt = ((BROKEN, founding, "H27", ERROR), (BROKEN_AS_PRINTED, as_printed, "H32", ERROR))
    for name, source, cell, content in (*spoilt, ("sin_resultado.xlsx", founding, "Q27", NO_RESULT)):
        with_cell(source, folder / name, cell, content.format(cell))
    (folder / "cortado.xlsx").write_bytes(founding.read_bytes()[:9000])
    for name, bytes_sent in REFUSED.items():
        (folder / name).write_bytes(bytes_sent)
    sent = given_back([as_printed], third_quarter, limits)
    (folder / RETURNED).write_bytes(sent.back[0].content)
    (folder / OBSERVATIONS).write_bytes(alone(sent.told[0]).content)
    return Judge(folder, third_quarter, limits)


@pytest.fixture(scope="module")
def judge_of_all_kinds(judge: Judge) -> Judge:
    """It knows what another program saved, too."""
    if not shutil.which("soffice"):
        pytest.skip("needs soffice to write .xls and .ods")
    profile, out = f"-env:UserInstallation=file://{judge.folder / 'profile'}", str(judge.folder)
    source = str(judge.folder / BROKEN)
    for name in OTHER_KINDS:
        command = ["soffice", profile, "--headless", "--convert-to", name.rpartition(".")[2], "--outdir", out, source]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    judge.know(OTHER_KINDS)
    return judge


def test_the_workbooks_are_what_they_are_drawn_for(judge: Judge) -> None:
    """Some are rejected, each for its own reason, and the broken ones have a row in quarantine."""
    first = {name: frames["findings"][c.RULE][0] for name, frames in judge.alone.items()}
    rejected = {n: first[n] for n, frames in judge.alone.items() if frames["files"][c.VERDICT].item() == REJECTED}
    assert rejected == {OBSERVATIONS: "A04", "cortado.xlsx": "A01", **dict.fromkeys(REFUSED, "A01")}
    broken = {name for name, frames in judge.alone.items() if "R02" in frames["findings"][c.RULE]}
    assert {BROKEN, BROKEN_AS_PRINTED, "sin_resultado.xlsx"} <= broken


@settings(max_examples=8, **QUIET)
@example(names=[OBSERVATIONS, BROKEN])
@example(names=[BROKEN_AS_PRINTED, RETURNED])
@given(names=st.lists(st.sampled_from(NAMES), min_size=2, max_size=5))
def test_a_workbook_is_judged_in_any_batch_as_it_is_alone(names: list[str], judge: Judge) -> None:
    assert judge.otherwise(names) == []


@pytest.mark.soak
@settings(max_examples=100, **QUIET)
@given(names=st.lists(st.sampled_from(NAMES + OTHER_KINDS), min_size=2, max_size=8))
def test_a_workbook_of_any_kind_is_judged_in_any_batch_as_it_is_alone(
    names: list[str], judge_of_all_kinds: Judge
) -> None:
    assert judge_of_all_kinds.otherwise(names) == []
