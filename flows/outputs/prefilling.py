"""Every unit's next form out of the warehouse into a folder: prefilled where the year knows it, else blank."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from config.atomic import write_if_changed
from config.catalog import Catalog, load_catalog
from config.errors import UsageError
from config.form import load_form
from config.policy import load_policy
from config.settings import Settings
from reports.prefilled.content import header_of
from reports.prefilled.report import Office, blank, prefilled
from schemas.contracts import columns as c
from schemas.contracts.core import usable
from warehouse.connect import Warehouse, open_warehouse
from warehouse.queries.last_reported import institution_of, last_reported, measures_of
from warehouse.queries.published import AsPublished, as_published
from warehouse.submissions.registry import JUDGEMENT_ID
from workbooks.form.content import HeaderValue
from workbooks.prefilled.prefilled import Prefilled
from workbooks.prefilled.write import write_prefilled


@dataclass(frozen=True)
class FormWritten:
    """A form as handed out: its units, the first principal, year and quarter (1-4) of the workbook that it was made of
    (None: of the catalogue alone), its activities, those set aside among them, the cells to be corrected, and whether
    the file is new or other than it was.
    """

    path: Path
    units: tuple[str, ...]
    name: str
    source: tuple[int, int] | None
    activities: int
    set_aside: int
    to_mend: int
    new: bool


@dataclass(frozen=True)
class Forms:
    """What was handed out, and the units that delivered this year and are no longer in the catalogue."""

    handed: tuple[FormWritten, ...]
    retired: tuple[str, ...]


@dataclass(frozen=True)
class _Group:
    """Units that share a workbook, the first principal, and what they told last: where, and in which judgement."""

    units: tuple[str, ...]
    source: tuple[int, int] | None = None
    published: AsPublished | None = None


def write_forms(year: int, quarter: int | None, out: Path, units: Sequence[str], settings: Settings) -> Forms:
    """Write the form of ``year`` for every workbook of the catalogue's units, or for those of ``units``, into ``out``.

    For ``quarter`` (1-4) it holds what each unit told last in the year, locked; without one it is the year's blank
    programme. Raises UsageError for a unit that the catalogue lacks, ConfigError for a year without a form.
    """
    folder = settings.config_dir
    form, catalog, policy = usable(load_form(year, folder)), load_catalog(folder), load_policy(folder)
    unknown = sorted(set(units) - set(catalog.units))
    if unknown:
        raise UsageError(f"UR {', '.join(unknown)} is not in the catalogue of units (catalogs/units.csv)")
    out.mkdir(parents=True, exist_ok=True)
    with open_warehouse(settings.warehouse) as warehouse:
        told = last_reported(warehouse, year, quarter or 1)
        # The institution and the units of measure are what they are, whichever quarter says so.
        judgements = last_reported(warehouse, year + 1, 1)[JUDGEMENT_ID].unique().sort().to_list()
        office = Office(form, catalog, policy, tuple(measures_of(warehouse, judgements)))
        institution = institution_of(warehouse, judgements)
        groups = (group for group in _groups(warehouse, told, catalog) if not units or set(units) & set(group.units))
        handed = [_hand_out(group, office, institution, year, quarter, out) for group in groups]
    gone = told.filter((pl.col("year") == year) & ~pl.col(c.UNIT_CODE).is_in(list(catalog.units)))[c.UNIT_CODE]
    kept = {code for form_ in handed for code in form_.units}
    return Forms(tuple(handed), tuple(code for code in gone if not units and code not in kept))


def _groups(warehouse: Warehouse, told: pl.DataFrame, catalog: Catalog) -> Iterator[_Group]:
    """The catalogue's units as they shared workbooks last, by principal; those that never delivered each alone."""
    spoken = {row[c.UNIT_CODE]: row for row in told.iter_rows(named=True)}
    done: set[str] = set()
    found: list[_Group] = []
    for row in told.filter(pl.col(c.UNIT_CODE).is_in(list(catalog.units))).iter_rows(named=True):
        if row[c.UNIT_CODE] in done:
            continue
        published = as_published(warehouse, row[JUDGEMENT_ID], row["version"])
        units = tuple(_members(published, row[JUDGEMENT_ID], spoken, catalog, done))
        done.update(units)
        found.append(_Group(units, (row["year"], row[c.QUARTER]), published))
    found += [_Group((code,)) for code in catalog.units if code not in done]
    return iter(sorted(found, key=lambda group: group.units[0]))


def _members(
    published: AsPublished, judgement: int, spoken: Mapping[str, dict[str, int]], catalog: Catalog, done: set[str]
) -> list[str]:
    """The units that the workbook speaks for or names while nobody speaks for them: its principal first, those that the
    catalogue lacks last; they stay with it, for what they reported counts until the office decides otherwise.
    """
    named = published.judged.budget.drop_nulls(c.UNIT_CODE).select(c.UNIT_CODE, c.LEVEL)
    levels = pl.concat([named, published.judged.units.select(c.UNIT_CODE, c.LEVEL)]).unique(
        c.UNIT_CODE, keep="first", maintain_order=True
    )
    unknown = ~pl.col(c.UNIT_CODE).is_in(list(catalog.units))
    ordered = levels.sort(unknown, pl.col(c.LEVEL) != "principal", maintain_order=True)[c.UNIT_CODE].to_list()

    def belongs(code: str) -> bool:
        speaker = spoken.get(code)
        return speaker is None or speaker[JUDGEMENT_ID] == judgement

    return [code for code in ordered if code not in done and belongs(code)]


def _hand_out(
    group: _Group, office: Office, institution: str | None, year: int, quarter: int | None, out: Path
) -> FormWritten:
    told = _prefilled(group, office, institution, year, quarter)
    rows = [row for row in told.content.activities if row]
    held = {nth for block, nth, name in told.mend if block == "activity" and name == c.UNIT_CODE}
    path = out / f"UR{group.units[0]}_{year}{f'T{quarter}' if quarter else ''}.xlsx"
    return FormWritten(
        path=path,
        units=group.units,
        name=office.catalog.units[group.units[0]].name,
        source=group.source,
        activities=len(rows),
        set_aside=len(held),
        to_mend=sum(1 for text in told.mend.values() if text),
        new=_written(path, office, told),
    )


def _prefilled(group: _Group, office: Office, institution: str | None, year: int, quarter: int | None) -> Prefilled:
    published = group.published
    if published and group.source and group.source[0] == year and quarter:
        findings = pl.concat([published.judged.findings, published.told])
        return prefilled(published.judged, findings, group.units, office, quarter=quarter, told_in=group.source[1])
    header: dict[str, HeaderValue] = {c.INSTITUTION: institution}
    programme: str | None = None
    if published:
        header = header_of(published.judged, office.form)
        lines = published.judged.budget.filter(pl.col(c.LEVEL) == "programme")
        programme = next(iter(lines[c.UNIT_NAME]), None)
    return blank(header, programme, group.units, office, quarter=quarter or 1)


def _written(path: Path, office: Office, told: Prefilled) -> bool:
    """Writes the file where it differs; returns whether it did."""
    stream = io.BytesIO()
    write_prefilled(stream, office.form, told)
    return write_if_changed(path, stream.getvalue())
