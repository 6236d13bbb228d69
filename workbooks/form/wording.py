"""Labels as a unit spells them: numbered or not, in other words, with breaks and slips."""

from __future__ import annotations

import random
import unicodedata

from config.form import Field, Form, Label
from workbooks.form.layout import Layout

QUARTERS = {
    "1ER TRIMESTRE": ("1ER TRIMESTRE", "2DO TRIMESTRE", "3ER TRIMESTRE", "4TO TRIMESTRE"),
    "PRIMER TRIMESTRE": ("PRIMER TRIMESTRE", "SEGUNDO TRIMESTRE", "TERCER TRIMESTRE", "CUARTO TRIMESTRE"),
    "T1": ("T1", "T2", "T3", "T4"),
    "Trim. I": ("Trim. I", "Trim. II", "Trim. III", "Trim. IV"),
    "1° Trim": ("1° Trim", "2° Trim", "3° Trim", "4° Trim"),
    "Trimestre 1": ("Trimestre 1", "Trimestre 2", "Trimestre 3", "Trimestre 4"),
    "ENE-MAR": ("ENE-MAR", "ABR-JUN", "JUL-SEP", "OCT-DIC"),
}
LONG_LABEL, LONG_WORD = 10, 5  # letters; a slip is made in a long word of a long label
LETTERS = "aeiounrst"


def label(form: Form, wanted: Label, layout: Layout) -> str:
    """The label with its number; a field's is not printed again where a section's or group's title bears it."""
    return spelled(worded(wanted, layout), _number(form, wanted), layout)


def caption(form: Form, wanted: Label, layout: Layout) -> str:
    """The label of a value beside it, with a colon where the form prints a number in it."""
    text = label(form, wanted, layout)
    return text if _number(form, wanted) is None else f"{text}:"


def worded(wanted: Label, layout: Layout) -> str:
    """The label's own words or its first other spelling, a quarter in the layout's words; without number."""
    if isinstance(wanted, Field) and wanted.quarter and layout.quarters != "printed":
        return QUARTERS[layout.quarters][wanted.quarter - 1]
    return wanted.spellings[0] if layout.other_wording and wanted.spellings else wanted.label


def spelled(words: str, number: int | None, layout: Layout) -> str:
    """Words as the layout writes a label, with the number where it prints any."""
    text = slipped(plain(words, layout), layout)
    text = _broken(text) if layout.breaks else text
    return text if number is None or layout.unnumbered else f"{text} ({number})"


def plain(text: str, layout: Layout) -> str:
    """Text in the layout's case and accents."""
    if layout.unaccented:
        parts = unicodedata.normalize("NFD", text)
        text = unicodedata.normalize("NFC", "".join(mark for mark in parts if not unicodedata.combining(mark)))
    return {"printed": text, "lower": text.lower(), "upper": text.upper()}[layout.case]


def slipped(text: str, layout: Layout) -> str:
    """Text with the layout's slip, where it makes any."""
    return _with_slip(text, layout.typos) if layout.typos else text


def _number(form: Form, wanted: Label) -> int | None:
    if not isinstance(wanted, Field):
        return wanted.number
    titles: list[Label] = [group for group in form.group if group.block == wanted.block]
    titles += [section for section in form.section if section.name == wanted.section]
    return None if wanted.number in {title.number for title in titles} else wanted.number


def _broken(text: str) -> str:
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    if not spaces:
        return text
    at = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return f"{text[:at]}\n{text[at + 1 :]}"


def _with_slip(text: str, seed: int) -> str:
    """One letter left out, doubled, swapped with the next or replaced, inside a long word."""
    chance = random.Random(f"{seed}:{text}")
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= LONG_WORD and word.isalpha()]
    if not long or sum(letter.isalpha() for letter in text) < LONG_LABEL:
        return text
    place = chance.choice(long)
    word = words[place]
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = (
        before + after,
        before + letter + letter + after,
        before + after[0] + letter + after[1:],
        before + chance.choice(LETTERS) + after,
    )
    words[place] = chance.choice([slip for slip in slips if slip != word])
    return " ".join(words)
