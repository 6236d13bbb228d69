"""Workbooks whose true figures agree, as a unit would write them: rounded here and there, in one form or another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from schemas.contracts import columns as c

LARGEST_AMOUNT = 10**10
LARGEST_COUNT = 10**10
ACTIVITIES = 10
UNITS = ("06", "07", "08")
STORED, TEXT = "stored", "text"
PERCENTS = ("75%", "75.0 %", "75", "75 as text", "0.75")


@dataclass(frozen=True)
class Amount:
    """A true amount, and how it is written: to how many decimals, stored or as text."""

    true: Decimal
    digits: int
    form: str

    @property
    def rounded(self) -> Decimal:
        return _rounded(self.true, self.digits)

    @property
    def half(self) -> Decimal:
        """Half of the last digit that can be seen: of a stored number no zeros after the last decimal are."""
        shown = self.rounded.normalize().as_tuple().exponent if self.form == STORED else -self.digits
        return Decimal("0.5").scaleb(min(0, int(shown)))

    @property
    def cell(self) -> str:
        return f"#{self.rounded}" if self.form == STORED else f"{self.rounded:,.{self.digits}f}"


def percent(ratio: Decimal, decimals: int, form: str) -> str:
    """A ratio as the cell that says it in points of so many decimals, or as the fraction that shows them.

    One point is only written with its sign: a bare 1 is 100 %.
    """
    points = _rounded(ratio * 100, decimals)
    if points == 1:
        form = "75%"
    shown = {"75%": f"{points}%", "75.0 %": f"{points} %", "75": f"#{points}", "75 as text": f"{points}"}
    return shown.get(form, f"#{points / 100}")


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


# What a unit truly has: to the hundredth of a cent, the cent, the peso, in tens, in thousands.
STEPS = st.sampled_from([Decimal("0.0001"), Decimal("0.01"), Decimal(1), Decimal(10), Decimal(1000)])


@st.composite
def true_amounts(draw: st.DrawFn, count: int, largest: int = LARGEST_AMOUNT) -> list[Decimal]:
    """Amounts of one size and one step, as those of one workbook are."""
    step, top = draw(STEPS), draw(st.sampled_from([10**3, 10**5, 10**7, largest]))
    numbers = st.integers(0, int(top / step))
    return [step * number for number in draw(st.lists(numbers, min_size=count, max_size=count))]


@st.composite
def written(draw: st.DrawFn, true: Decimal) -> Amount:
    return Amount(true, draw(st.sampled_from([0, 1, 2])), draw(st.sampled_from([STORED, TEXT])))


@dataclass(frozen=True)
class Unit:
    """A budget line and its activities' amounts."""

    code: str
    assigned: Amount
    activities: tuple[Amount, ...]

    @property
    def slack(self) -> Decimal:
        """How far the written sum may lie from the written total."""
        return self.assigned.half + sum((amount.half for amount in self.activities), Decimal(0))


@st.composite
def units(draw: st.DrawFn, *, rounding: bool = True) -> list[Unit]:
    """Units whose true amounts add up; without ``rounding`` what is written adds up too."""
    found = []
    for code in UNITS[: draw(st.integers(1, len(UNITS)))]:
        true = draw(true_amounts(ACTIVITIES))
        amounts = [draw(written(amount)) for amount in true]
        if not rounding:
            amounts = [replace(amount, true=amount.rounded) for amount in amounts]
        total = Amount(sum((amount.true for amount in amounts), Decimal(0)), 2, TEXT)
        found.append(Unit(code, draw(written(total.true)) if rounding else total, tuple(amounts)))
    return found


def budget_of(said: list[Unit], programme: Amount) -> Iterator[dict[str, str]]:
    """Budget lines as made_workbook takes them."""
    yield {c.LEVEL: "programme", c.UNIT_NAME: "PROGRAMA", c.ASSIGNED_AMOUNT: programme.cell}
    for unit in said:
        level = "principal" if unit is said[0] else "derived"
        yield {c.LEVEL: level, c.UNIT_NAME: f"{unit.code} UNIDAD", c.ASSIGNED_AMOUNT: unit.assigned.cell}


def rows_of(said: list[Unit]) -> Iterator[dict[str, str]]:
    """Activity rows as made_workbook takes them."""
    for unit in said:
        for number, amount in enumerate(unit.activities, 1):
            yield {c.UNIT_CODE: unit.code, c.ACTIVITY_NO: f"#{number}", c.ASSIGNED_AMOUNT: amount.cell}
