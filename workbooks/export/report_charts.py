"""Native charts of a report's workbook: they follow the cells that they point at, and the filters on them."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter import Workbook

from workbooks.export.report_sheet import CellBlock, Chart, ReportSheet, Series

INK, SOFT, GRID = "#22262B", "#545B64", "#E3E6E9"
SMALL: Final = {"size": 9, "color": SOFT, "bold": False}


def add_charts(book: Workbook, sheet: ReportSheet, sheets: tuple[ReportSheet, ...]) -> None:
    """Adds the sheet's charts; what they point at may stand on any of ``sheets``, which are all written."""
    tops = {one.name: list(one.headings()) for one in sheets}
    for chart in sheet.charts:
        drawn = book.add_chart({"type": chart.kind})
        lines = book.add_chart({"type": "line"})
        for series in chart.series:
            over = series.line and chart.kind == "column"
            (lines if over else drawn).add_series(_series(chart, series, tops))
        if any(series.line for series in chart.series) and chart.kind == "column":
            drawn.combine(lines)
        _dress(drawn, chart)
        worksheet = book.get_worksheet_by_name(sheet.name)
        place = {"x_offset": 12 if chart.at[1] else 0, "object_position": 2, "description": chart.title}
        worksheet.insert_chart(*chart.at, drawn, place)


def _series(chart: Chart, series: Series, tops: dict[str, list[int]]) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "name": series.name,
        "categories": _reference(series.categories, tops),
        "values": _reference(series.values, tops),
        "gap": 40,
    }
    first = series.colours[0]
    if series.line or chart.kind == "line":
        drawn["line"] = {"color": first, "width": 1.5 if series.line else 2.25}
        drawn["line"] |= {"dash_type": "dash"} if series.line else {}
        drawn["marker"] = {"type": "none"} if series.line else _marker(first)
    elif chart.kind == "scatter":
        drawn["marker"] = _marker(first)
        drawn["line"] = {"none": True}
    else:
        drawn["fill"] = {"color": first}
        drawn["points"] = [{"fill": {"color": colour}} for colour in series.colours]
    if series.labels:
        texts = [{"value": text} if text else {"delete": True} for text in series.labels]
        drawn["data_labels"] = {"value": True, "custom": texts, "position": "right", "font": SMALL}
    elif chart.kind == "bar":
        drawn["data_labels"] = {"value": True, "font": SMALL}
    return drawn


def _marker(colour: str) -> dict[str, Any]:
    return {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": "#FFFFFF"}}


def _reference(cells: CellBlock, tops: dict[str, list[int]]) -> list[Any]:
    top = tops[cells.sheet][cells.table] + 1
    return [cells.sheet, top + cells.rows[0], cells.columns[0], top + cells.rows[1], cells.columns[1]]


def _dress(drawn: Any, chart: Chart) -> None:
    title = {"size": 11, "color": INK, "bold": True}
    drawn.set_title({"name": chart.title, "name_font": title, "overlay": False})
    grid = {"visible": True, "line": {"color": GRID, "width": 0.75}}
    numbers = {
        "num_format": chart.number,
        "num_font": SMALL,
        "major_gridlines": grid,
        "line": {"none": True},
    }
    along, up_to = (_ends(least, most) for least, most in (chart.across, chart.ends))
    plain = {"num_font": SMALL, "line": {"color": "#9AA0A7"}, "major_tick_mark": "none"}
    across, up = ({"name": name, "name_font": SMALL} if name else {} for name in chart.axes)
    if chart.kind == "scatter":
        drawn.set_x_axis(numbers | across | along)
        drawn.set_y_axis(numbers | up | up_to)
    elif chart.kind == "bar":
        drawn.set_x_axis(numbers | up_to | {"visible": False, "major_gridlines": {"visible": False}})
        drawn.set_y_axis(plain | {"reverse": True, "major_gridlines": {"visible": False}})
    else:
        drawn.set_x_axis(plain | across)
        drawn.set_y_axis(numbers | up | up_to)
    drawn.set_legend({"position": "bottom", "font": SMALL} if chart.legend else {"none": True})
    drawn.set_chartarea({"border": {"color": "#D5D9DE"}})
    drawn.set_size({"width": chart.size[0], "height": chart.size[1]})


def _ends(least: float, most: float | None) -> dict[str, float]:
    return {"min": least} if most is None else {"min": least, "max": most}
