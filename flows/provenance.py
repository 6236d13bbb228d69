"""The configuration that a quarter is judged under: its files, their hashes, and both kept in the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.files import SHIPPED, locate
from config.settings import Settings
from schemas.contracts.judging_version import differing, judged_by
from warehouse.archive.archives import AnyArchive, archive_at
from warehouse.connect import WarehouseError
from warehouse.submissions.provenance import Provenance

CATALOGS = ("catalogs/units.csv", "catalogs/conac_funcional.csv", "catalogs/conac_modalidad.csv")
# The file in the archive that says what a judgement was made by.
JUDGED_BY = "judging.toml"
REPORT_CODE = ("config", "schemas", "workbooks", "warehouse", "reports", "flows")

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Configuration:
    """The files in force for a fiscal year, by their path in a configuration folder, and whether proposals apply."""

    form: Files
    policy: Files
    catalogs: Files
    apply_proposals: bool

    @property
    def files(self) -> Files:
        """All of them."""
        return {**self.form, **self.policy, **self.catalogs}

    @cached_property
    def provenance(self) -> Provenance:
        """The hashes that a judgement made under it carries, with that of what this program judges by."""
        return Provenance(
            rules=rules(),
            form=digest(self.form),
            policy=digest(self.policy, proposals(self.apply_proposals)),
            catalogs=digest(self.catalogs),
        )


def configuration(year: int, settings: Settings) -> Configuration:
    """The configuration in force; raises ConfigError where a file is missing."""

    def read(names: Iterable[str]) -> Files:
        return {name: locate(name, settings.config_dir).read_bytes() for name in names}

    return Configuration(
        form=read([f"forms/poa_{year}.toml"]),
        policy=read(["policy.toml", "calendar.toml"]),
        catalogs=read(CATALOGS),
        apply_proposals=settings.apply_proposals,
    )


def kept_provenance(year: int, settings: Settings) -> Provenance:
    """What a run of the year judges under; the files that its hashes stand for are in the archive from now on."""
    found, archive = configuration(year, settings), archive_at(settings.archive)
    named = found.provenance
    archive.put_configuration(named.rules, made_by())
    archive.put_configuration(named.form, found.form)
    archive.put_configuration(named.policy, found.policy)
    archive.put_configuration(named.catalogs, found.catalogs)
    return named


def archived_configuration(archive: AnyArchive, provenance: Provenance, now: Configuration) -> Configuration:
    """The configuration of those hashes (the rules' apart) out of the archive, or what is still the same ``now``.

    Raises WarehouseError where it is in neither, or what is archived is not what its hash says.
    """
    form, policy, catalogs = (
        _archived(archive, sha256, there)
        for sha256, there in (
            (provenance.form, now.form),
            (provenance.policy, now.policy),
            (provenance.catalogs, now.catalogs),
        )
    )
    applied = digest(policy, proposals(True)) == provenance.policy
    return Configuration(form, policy, catalogs, applied)


def _archived(archive: AnyArchive, sha256: str, now: Files) -> Files:
    if sha256 in digests(now):
        return now
    files = archive.configuration(sha256)
    if sha256 not in digests(files):
        raise WarehouseError(f"configuration {sha256} in the archive {archive.folder} is altered; restore it")
    return files


def digests(files: Files) -> frozenset[str]:
    """The hashes that ``files`` may be archived under: a policy is told apart by whether proposals apply."""
    return frozenset((digest(files), *(digest(files, proposals(choice)) for choice in (True, False))))


def proposals(applied: bool) -> str:
    """What the policy's hash begins with."""
    return f"proposals={applied}"


def made_by() -> Files:
    """What this program judges by, as it is archived."""
    return {JUDGED_BY: judged_by().encode()}


def rules() -> str:
    """SHA-256 of what this program judges by: its judging version and some libraries."""
    return digest(made_by())


def judged_otherwise(archive: AnyArchive, sha256: str) -> str:
    """How what judgements of the hash ``sha256`` were made by differs from what this program judges by, for people."""
    try:
        then = archive.configuration(sha256).get(JUDGED_BY)
    except WarehouseError:
        then = None
    if then is None:
        return f"before judging versions were kept (rules {sha256[:12]})"
    return f"under {differing(then.decode(), judged_by())}"


def report_program(year: int, settings: Settings) -> str:
    """SHA-256 over what reports are made by: the program's code and templates, and the configuration in force."""
    files = configuration(year, settings).files
    return digest(files, _code(REPORT_CODE))


def _code(packages: Iterable[str]) -> str:
    total = hashlib.sha256()
    for package in packages:
        for path in sorted((SHIPPED.parent / package).rglob("*")):
            if path.is_file() and not {"sample", "__pycache__"} & set(path.parts):
                _add(total, path.name, path.read_bytes())
    return total.hexdigest()


def digest(files: Files, chosen: str = "") -> str:
    """SHA-256 over ``chosen``, then each file's name and bytes in the order of the paths."""
    total = hashlib.sha256(chosen.encode())
    for path, content in sorted(files.items()):
        _add(total, Path(path).name, content)
    return total.hexdigest()


def _add(total: hashlib._Hash, name: str, content: bytes) -> None:
    total.update(name.encode())
    total.update(content)
