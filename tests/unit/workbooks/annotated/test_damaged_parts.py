"""Whatever another program wrote into a part, the unit gets a workbook back, and no error of ours is hidden by that.

``returned`` names how libraries give up; what is not among these, a KeyError say, is a fault of ours and is raised.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_packages import packed, parts
from test_returned import KINDS, TOLD

from workbooks.annotated import returned as module
from workbooks.annotated.received import ReceivedWorkbook
from workbooks.annotated.returned import returned
from workbooks.reading.admission import Limits

# Marked before, so that taking our marks out again is tried as well.
SENT = [*KINDS.values()]
ATTRIBUTE = re.compile(rb'\s([\w:]+)="([^"]*)"')
ELEMENT = re.compile(rb"<(?:\w+:)?\w+[^<>]*/>|<((?:\w+:)?\w+)[^<>]*>[^<]*</\1>")
VALUES = (b"", b"x", b"-1", b"99999999", b"rId99", b"../..", "Ñ".encode())


@st.composite
def damaged(draw: st.DrawFn, sent: list[dict[str, bytes]]) -> bytes:
    """A package one or two of whose parts are gone, or lack an element or an attribute, or have another value."""
    made = dict(draw(st.sampled_from(sent)))
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(made)))
        found = [*ATTRIBUTE.finditer(made[name]), *ELEMENT.finditer(made[name])]
        if not found or draw(st.integers(0, 9)) == 0:
            del made[name]
            continue
        hit = draw(st.sampled_from(found))
        other = (
            b"" if hit.re is ELEMENT or draw(st.booleans()) else b' %s="%s"' % (hit[1], draw(st.sampled_from(VALUES)))
        )
        made[name] = made[name][: hit.start()] + other + made[name][hit.end() :]
    return packed(made)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, limits: Limits) -> list[dict[str, bytes]]:
    """The parts of workbooks as units write them, and of the same given back."""
    path = tmp_path_factory.mktemp("sent") / "libro.xlsx"
    every = []
    for content in SENT:
        path.write_bytes(content)
        every += [parts(content), parts(returned(TOLD, ReceivedWorkbook(path, limits)).content)]
    return every


def check(data: st.DataObject, sent: list[dict[str, bytes]], path: Path, limits: Limits) -> None:
    path.write_bytes(data.draw(damaged(sent)))
    back = returned(TOLD, ReceivedWorkbook(path, limits))
    assert back.ending in module.ENDINGS
    with zipfile.ZipFile(io.BytesIO(back.content)) as archive:
        assert archive.testzip() is None


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_part_is_no_error(
    sent: list[dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory, limits: Limits, data: st.DataObject
) -> None:
    check(data, sent, tmp_path_factory.getbasetemp() / "dañado.xlsx", limits)


@pytest.mark.soak
@given(st.data())
@settings(max_examples=2_000)
def test_a_damaged_part_is_no_error_however_drawn(
    sent: list[dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory, limits: Limits, data: st.DataObject
) -> None:
    check(data, sent, tmp_path_factory.getbasetemp() / "dañado también.xlsx", limits)


def test_a_fault_of_ours_is_raised(
    sent: list[dict[str, bytes]], tmp_path: Path, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "libro.xlsx").write_bytes(packed(sent[0]))
    for fault in (TypeError, AttributeError, KeyError, IndexError, ValueError, AssertionError):

        def fails(*_: object, fault: type[Exception] = fault) -> None:
            raise fault

        monkeypatch.setattr(module, "annotate", fails)
        with pytest.raises(fault):
            returned(TOLD, ReceivedWorkbook(tmp_path / "libro.xlsx", limits))
