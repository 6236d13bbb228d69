"""Frames keep their contracts: columns, order and types, whatever they are made from."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.contracts import columns as c
from schemas.contracts.frames import CONTRACTS, FILES, Judged, conform, empty, joined


def judged(*names: str) -> Judged:
    frames = {name: empty(contract) for name, contract in CONTRACTS.items()}
    files = pl.DataFrame({c.FILE_ID: range(len(names)), c.FILE: names}, schema_overrides={c.FILE: pl.String})
    return Judged(**{**frames, "files": conform(files, FILES)})


@pytest.mark.parametrize("name", CONTRACTS)
def test_an_empty_frame_has_its_contract(name: str) -> None:
    assert empty(CONTRACTS[name]).schema == pl.Schema(CONTRACTS[name])


def test_conform_orders_casts_fills_and_drops() -> None:
    frame = pl.DataFrame({"other": [1], c.BYTES: [5], c.FILE_ID: [0]}, schema_overrides={c.BYTES: pl.UInt8})
    found = conform(frame, FILES)
    assert found.schema == pl.Schema(FILES)
    assert (found[c.FILE_ID].item(), found[c.BYTES].item(), found[c.VERDICT].item()) == (0, 5, None)


def test_joined_batches_are_numbered_on() -> None:
    both = joined(judged("a", "b"), judged("c"))
    assert both.files.select(c.FILE_ID, c.FILE).rows() == [(0, "a"), (1, "b"), (2, "c")]
    assert joined(judged(), judged("c")).files[c.FILE_ID].to_list() == [0]
