"""A made-up inbox of forty units, with defects planted on purpose; and the founding workbook."""

from workbooks.sample.bench import ONE_UNIT, TWO_UNITS, bench_catalog, bench_workbooks
from workbooks.sample.inbox import FOUNDING, SampleInbox, sample_inbox
from workbooks.sample.planting import Planted

__all__ = [
    "FOUNDING",
    "ONE_UNIT",
    "TWO_UNITS",
    "Planted",
    "SampleInbox",
    "bench_catalog",
    "bench_workbooks",
    "sample_inbox",
]
