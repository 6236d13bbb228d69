"""A unit's whole year: what it planned, what it achieved each quarter and what it spent."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from config.catalog import Unit
from workbooks.sample.texts import ActivityText, UnitText, WorkArea, texts, unit_text

FRACTIONS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MOST_OVER_PLAN = 1.2  # a quarter's result never goes further over its plan
PACES = (
    (1.0, 1.0),
    (1.0, 1.0),
    (1.0, 1.0),
    (0.9, 1.1),
    (0.6, 0.85),
    (1.08, 1.2),
)  # result as a share of the plan

# What a regulation may have.
LAST_ARTICLE = 300


@dataclass(frozen=True)
class YearActivity:
    """An activity over the four quarters; ``amount`` in pesos."""

    no: int
    description: str
    legal_basis: str
    strategy: str
    amount: int
    measure: str
    planned: tuple[int, ...]
    achieved: tuple[int, ...]
    purpose: str

    @property
    def annual(self) -> int:
        """The annual target."""
        return sum(self.planned)


@dataclass(frozen=True)
class Habits:
    """How a unit fills the form: UR as a number, percentages typed, an empty derived line kept."""

    code_as_number: bool
    typed_percent: bool
    empty_derived: bool
    comment: str | None


@dataclass(frozen=True)
class Programme:
    """A unit's programme of the year; ``exercised`` is cumulative, in pesos, by quarter."""

    unit: Unit
    title: str
    area: WorkArea
    amount: int
    exercised: tuple[int, ...]
    activities: tuple[YearActivity, ...]
    habits: Habits


def programme(unit: Unit, rng: Random, *, size: int | None = None, area: WorkArea | None = None) -> Programme:
    """The unit's programme: ``size`` activities, else 4 to 8, under the axis of ``area``, else its own."""
    text = unit_text(unit)
    area = area or texts().area[text.area]
    chosen = _chosen(text, rng, size or rng.randint(4, 8))
    amount = rng.randint(280_000, 4_800_000)
    amounts = _amounts(amount, len(chosen), rng)
    activities = tuple(
        _activity(number, activity, amounts[number - 1], unit, area, rng)
        for number, activity in enumerate(chosen, start=1)
    )
    return Programme(unit, text.programme, area, amount, _exercised(amount, rng), activities, _habits(rng))


def _chosen(text: UnitText, rng: Random, size: int) -> list[ActivityText]:
    """The unit's own activities first, in their order, then common ones."""
    own = min(len(text.activities), size)
    picked = sorted(rng.sample(range(len(text.activities)), own))
    return [text.activities[i] for i in picked] + rng.sample(texts().common, size - own)


def _amounts(total: int, n: int, rng: Random) -> list[int]:
    """Equal parts, rounded to the peso, or uneven parts of round hundreds with the rest on the last."""
    if rng.random() < 0.4:
        return [round(total / n)] * n
    weights = [rng.uniform(1, 3) for _ in range(n)]
    parts = [round(total * weight / sum(weights), -2) for weight in weights[:-1]]
    return [int(part) for part in parts] + [total - int(sum(parts))]


def _exercised(amount: int, rng: Random) -> tuple[int, ...]:
    shares = (
        rng.uniform(0.17, 0.24),
        rng.uniform(0.4, 0.49),
        rng.uniform(0.64, 0.74),
        rng.uniform(0.94, 1.0),
    )
    return tuple(round(amount * share) for share in shares)


def _habits(rng: Random) -> Habits:
    comment = rng.choice(texts().comments) if rng.random() < 0.4 else None
    return Habits(rng.random() < 0.5, rng.random() < 0.3, rng.random() < 0.3, comment)


def _activity(no: int, text: ActivityText, amount: int, unit: Unit, area: WorkArea, rng: Random) -> YearActivity:
    planned = _planned(_target(text.target, rng), rng)
    return YearActivity(
        no=no,
        description=text.do,
        legal_basis=_legal_basis((int(unit.code) + 4) % LAST_ARTICLE + 1, rng),
        strategy=f"{area.axis_code}.{rng.randint(1, area.strategies)}",
        amount=amount,
        measure=text.measure,
        planned=planned,
        achieved=_achieved(planned, rng),
        purpose=text.purpose,
    )


def _legal_basis(article: int, rng: Random) -> str:
    first, second, third = (FRACTIONS[i] for i in sorted(rng.sample(range(len(FRACTIONS)), 3)))
    wordings = (
        f"Art. {article} Fracc. {first}",
        f"Art. {article} Fraccs. {first} y {second}",
        f"Art. {article} Fraccs. {first}, {second} y {third}",
        f"Art. {article} Fraccs. {first}-{third}",
    )
    return rng.choice(wordings)


def _target(target: int, rng: Random) -> int:
    """The text's target, or about it where it is large and not a number of days."""
    if target < 100 or target % 365 == 0:
        return target
    return int(round(target * rng.uniform(0.85, 1.15), -1))


def _planned(annual: int, rng: Random) -> tuple[int, ...]:
    if annual < 4:
        return ((0, 0, 1, 0), (0, 1, 0, 1), (0, 1, 1, 1))[annual - 1]
    if annual < 24 or rng.random() < 0.6:
        return tuple(annual * (q + 1) // 4 - annual * q // 4 for q in range(4))
    weights = [rng.uniform(0.8, 1.2) for _ in range(4)]
    parts = [round(annual * weight / sum(weights)) for weight in weights[:3]]
    return (*parts, annual - sum(parts))


def _achieved(planned: tuple[int, ...], rng: Random) -> tuple[int, ...]:
    low, high = rng.choice(PACES)
    results = []
    for plan in planned:
        most = int(plan * MOST_OVER_PLAN)
        results.append(min(most, max(1, round(plan * rng.uniform(low, high)))) if plan else 0)
    return tuple(results)
