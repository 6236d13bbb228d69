"""Control totals of a run: nothing is published that does not add up."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.database.engine import WarehouseError


class ControlError(WarehouseError):
    """A run's totals do not add up; the message says which. Nothing of the run is published."""


@dataclass(frozen=True)
class ControlTotals:
    """Workbooks and rows of one run; rows are those of the workbooks judged in it."""

    seen: int
    accepted: int
    observed: int
    rejected: int
    unchanged: int
    skipped: int
    rows_found: int
    rows_accepted: int
    rows_quarantined: int

    def check(self, stored_accepted: int, stored_quarantined: int) -> None:
        """Raises ControlError where a workbook or a row was lost between finding, judging and storing."""
        workbooks = self.accepted + self.observed + self.rejected + self.unchanged + self.skipped
        sums = (
            ("workbooks seen", self.seen, "accepted + observed + rejected + unchanged + skipped", workbooks),
            (
                "rows found",
                self.rows_found,
                "accepted + quarantined",
                self.rows_accepted + self.rows_quarantined,
            ),
            ("rows accepted", self.rows_accepted, "stored as activities", stored_accepted),
            ("rows quarantined", self.rows_quarantined, "stored in quarantine", stored_quarantined),
        )
        wrong = [f"{what} {total} is not {parts} {found}" for what, total, parts, found in sums if total != found]
        if wrong:
            raise ControlError(f"control totals do not add up, nothing was published: {'; '.join(wrong)}")
