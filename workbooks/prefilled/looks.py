"""How the cells of a prefilled form look: what is locked, to be filled in, to be corrected, or not yet due."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from workbooks.form.style import Look, style_of

State: TypeAlias = Literal["locked", "later", "open", "mend"]

OPEN, MEND, LATER, ALARM, ALARM_INK = "#FFF6C9", "#FBD9B5", "#EFEFEF", "#F4B8B0", "#7A1010"
FILLS: Final[dict[State, str | None]] = {"locked": None, "later": LATER, "open": OPEN, "mend": MEND}


class Looks:
    """The formats of a workbook by look and state; made once each, in the order in which they are first wanted."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Look, State, bool], Any] = {}
        self.alarm = book.add_format({"bg_color": ALARM, "font_color": ALARM_INK, "bold": True})

    def of(self, look: Look, state: State, *, decimals: bool = False) -> Any:
        """The format; counts with ``decimals`` show them."""
        key = (look, state, decimals)
        if key not in self._made:
            fill = FILLS[state]
            more: dict[str, Any] = {"bg_color": fill} if fill else {}
            more["locked"] = state in ("locked", "later")
            if decimals and look == "count":
                more["num_format"] = "General"
            if look == "code" and state in ("open", "mend"):
                more["num_format"] = "@"  # "06" stays "06"
            self._made[key] = self._book.add_format(style_of(look) | more)
        return self._made[key]
