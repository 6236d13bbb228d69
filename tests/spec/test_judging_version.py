"""Nothing that is stored of a judgement changes without the judging version.

`judging_versions.txt` has a line for each version: its number, the hash of the corpus under it, what changed. Lines are
only added. Where the hash differs, raise JUDGING_VERSION in schemas/contracts/judging_version.py and add the line that the test
shows; while an unreleased version collects changes of wording, its line may be replaced.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from judged_corpus import Corpus, hash_of, rules_of

from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.judging_version import JUDGING_VERSION, LIBRARIES, differing, judged_by
from schemas.rules.rulebook import CARDS
from workbooks.reading.admission import Limits

ROOT = Path(__file__).parents[2]
VERSIONS = [
    line.split(maxsplit=2)
    for line in Path(__file__).with_name("judging_versions.txt").read_text(encoding="utf-8").splitlines()
]
# What these packages import that decides nothing of what is read: they write workbooks, or refuse what is stored.
DECIDE_NOTHING = {"xlsxwriter", "pandera"}


@pytest.fixture(scope="module")
def corpus(
    tmp_path_factory: pytest.TempPathFactory, third_quarter: Context, limits: Limits, founding: Path, as_printed: Path
) -> list[Judged]:
    return Corpus(tmp_path_factory.mktemp("corpus"), third_quarter, limits, founding, as_printed).judged()


def test_the_corpus_fires_every_rule(corpus: list[Judged]) -> None:
    assert set(CARDS) - rules_of(corpus) == set()


def test_what_is_stored_is_what_the_judging_version_stands_for(corpus: list[Judged]) -> None:
    number, stated, _ = VERSIONS[-1]
    found = hash_of(corpus)
    assert found == stated, (
        f"what is stored of a judgement changed under judging version {number}: raise JUDGING_VERSION and add the line "
        f"«{int(number) + 1} {found} what changed» to tests/spec/judging_versions.txt"
    )


def test_the_last_version_is_the_programs_and_none_stands_twice() -> None:
    numbers = [int(number) for number, *_ in VERSIONS]
    assert numbers == list(range(1, JUDGING_VERSION + 1))
    assert len({stated for _, stated, _ in VERSIONS}) == len(VERSIONS)


def test_every_library_that_decides_what_is_read_is_stated() -> None:
    files = [path for name in ("workbooks", "transforms", "schemas") for path in (ROOT / name).rglob("*.py")]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    ours = {"config", "schemas", "transforms", "workbooks"}
    libraries = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - ours
    assert libraries - DECIDE_NOTHING == {name.replace("-", "_") for name in LIBRARIES}


def test_another_version_of_a_library_is_told() -> None:
    assert differing(judged_by(), judged_by()) == ""
    other = judged_by().replace("judging_version = ", "judging_version = 9").replace('rapidfuzz = "', 'rapidfuzz = "9.')
    told = differing(judged_by(), other)
    assert told.startswith(f"judging version {JUDGING_VERSION} (9{JUDGING_VERSION}), rapidfuzz ")
