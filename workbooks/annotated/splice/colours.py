"""Whether a font's colour can still be read on one of our fills, which are all light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DARK: Final = "#1F2328"
READABLE: Final = 3.0  # contrast, as the web's accessibility guidelines count it, for text that is large or bold
# Of the theme: background 1 and 2 are light by custom, text 1 and 2 dark; accents lie between and can be read.
LIGHT_THEME: Final = frozenset({"0", "2"})
DARK_THEME: Final = frozenset({"1", "3"})
LIGHTER: Final = 0.4  # a tint from which a theme's accent is pale
# White, yellow, pale blues, greens and yellows of the indexed palette.
LIGHT_INDEXED: Final = frozenset(map(str, (1, 5, 7, 9, 13, 15, 22, 26, 27, 31, *range(34, 36), *range(40, 46))))


def vanishes(colour: Mapping[str, str], fill: str) -> bool:
    """Whether a font of ``colour`` (attributes of its element) would hardly show on ``fill`` ("#RRGGBB")."""
    if "rgb" in colour:
        return _contrast(_luminance(colour["rgb"][-6:]), _luminance(fill[1:])) < READABLE
    if "theme" in colour:
        tint = _number(colour.get("tint"))
        if colour["theme"] in LIGHT_THEME:
            return tint > -LIGHTER
        return tint > LIGHTER if colour["theme"] not in DARK_THEME else tint > 2 * LIGHTER
    return colour.get("indexed") in LIGHT_INDEXED


def _luminance(rgb: str) -> float:
    try:
        channels = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    except ValueError:
        return 0.0
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
