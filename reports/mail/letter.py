"""A letter to a unit, in Spanish: said once, and written as plain text and as HTML that say the same."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from reports import wording
from reports.unit.html import environment

WIDTH = 76  # characters of a line of plain text
LONGEST = 300  # characters of anything that somebody wrote
# Colours of the headline: text and tint, as on the page.
TONES = {
    "aceptado": ("#1d5a3a", "#e7f2eb"),
    "observado": ("#6b5600", "#fbf5d9"),
    "rechazado": ("#8c1d18", "#fbeae8"),
    "aviso": ("#2c4a66", "#eaf1f7"),
}


@dataclass(frozen=True)
class Item:
    """A point of a list: what it comes to in a few words, and the rest."""

    lead: str
    detail: str = ""


@dataclass(frozen=True)
class LetterSection:
    """A part under its title: paragraphs, then facts (label, value), then a list, numbered where order matters."""

    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    numbered: bool = False


@dataclass(frozen=True)
class Letter:
    """What a message says; ``tone`` is a key of TONES, ``figure`` what stands beside the headline (label, value)."""

    subject: str
    title: str
    unit: str
    opening: str
    tone: str
    headline: str
    meaning: tuple[str, ...]
    figure: tuple[str, str] | None
    sections: tuple[LetterSection, ...]
    closing: tuple[str, ...]


def one_line(text: str, limit: int = LONGEST) -> str:
    """``text`` on one line, nothing in it hidden or endless: fit for a header, a line or a cell."""
    return wording.clipped(wording.visible(" ".join(text.split())), limit)


def as_html(letter: Letter) -> str:
    """The letter as an HTML body that asks for nothing: no script, no picture, no address."""
    ink, tint = TONES[letter.tone]
    return environment().get_template("letter.html").render(letter=letter, ink=ink, tint=tint)


def as_text(letter: Letter) -> str:
    """The letter as plain text of short lines."""
    told = [letter.headline, *letter.meaning]
    if letter.figure:
        told.append(": ".join(letter.figure))
    parts = [f"{letter.title}\n{letter.unit}", letter.opening, "\n".join(told)]
    parts += [_section(section) for section in letter.sections]
    parts.append("\n".join(["--", *letter.closing]))
    return "\n\n".join(_wrapped(part) for part in parts) + "\n"


def _section(section: LetterSection) -> str:
    lines = [section.title.upper(), *section.paragraphs]
    lines += [f"  {label}: {value}" for label, value in section.facts]
    for number, item in enumerate(section.items, 1):
        lines.append(f"  {number}. {item.lead}" if section.numbered else f"  * {item.lead}")
        if item.detail:
            lines.append(f"     {item.detail}" if section.numbered else f"    {item.detail}")
    return "\n".join(lines)


def _wrapped(part: str) -> str:
    return "\n".join(
        textwrap.fill(
            line.replace(wording.NBSP, " "),
            WIDTH,
            subsequent_indent=" " * (len(line) - len(line.lstrip())),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in part.split("\n")
    )
