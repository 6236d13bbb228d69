"""The charts of the secretariat's page as Vega-Lite specifications; the page gives them their rows by name.

The same report gives the same specifications: nothing in them is numbered by the library.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from reports.secretariat.report import Secretariat
from reports.secretariat.units import AHEAD, BOTH, NEITHER, SPENDING

Spec = dict[str, Any]

# Name, shape, letter and colour of each traffic light: none is told by colour alone.
LIGHTS: Final = (
    ("verde", "circle", "V", "#2e7d4f"),
    ("amarillo", "triangle-up", "A", "#c79a00"),
    ("rojo", "square", "R", "#b3261e"),
    ("azul", "diamond", "Z", "#2c5d92"),
)
SERIES: Final = (
    ("Cumplimiento", "cumplimiento", "#7b1e3a", (1, 0)),
    ("Avance físico anual", "avance_anual", "#2c5d92", (6, 3)),
    ("Avance presupuestal", "avance_presupuestal", "#6b5600", (2, 3)),
)
BAND: Final = 19  # pixels of a strategy's bar and the space round it; the script counts on it too
LETTER: Final = 11  # pixels of the narrowest bar that a letter fits over
PERCENT: Final = "format(datum.value * 100, '.0f') + ' %'"
INK, SOFT, LINE = "#22262b", "#545b64", "#d5d9de"
FONT: Final = '"Segoe UI", system-ui, Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif'


def chart_specs(report: Secretariat) -> dict[str, Spec]:
    """Specifications by the id of the element that they are drawn in."""
    drawn = {
        "grafica-unidades": _by_unit(report),
        "grafica-estrategias": _by_strategy(report),
        "grafica-presupuesto": _budget(report),
        "grafica-tendencia": _trend(report),
    }
    return {name: _finished(chart) for name, chart in drawn.items()}


@cache
def _altair() -> Any:
    # Imported where charts are made: it takes as long as the rest of the program. Its own types know no loops.
    import altair

    return altair


def _by_unit(report: Secretariat) -> Any:
    """Bars in order of compliance, the lowest first, under the bounds of the traffic light."""
    alt = _altair()
    base = alt.Chart(alt.NamedData("unidades"))
    ur = alt.X("ur:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False))
    height = alt.Y("tope:Q", title=None, scale=alt.Scale(domain=[0, 1.08], nice=False), axis=_bounds_axis(report))
    bars = base.mark_bar(cursor="pointer").encode(x=ur, y=height, color=_colour(), tooltip=_tooltip("ur", "unidad"))
    fits = alt.ExprRef(f"bandwidth('x') > {LETTER} ? 1 : 0")
    letters = base.mark_text(dy=-7, fontWeight=600, opacity=fits).encode(x=ur, y=height, text=alt.Text("letra:N"))
    return _titled(alt.layer(bars, letters, _bounds("y")), "Cumplimiento por UR, de menor a mayor", height=250)


def _by_strategy(report: Secretariat) -> Any:
    alt = _altair()
    base = alt.Chart(alt.NamedData("estrategias"))
    name = alt.Y("estrategia:N", sort=None, title=None, axis=alt.Axis(ticks=False, labelLimit=130))
    width = alt.X("tope:Q", title=None, scale=alt.Scale(domain=[0, 1.12], nice=False), axis=_percent_axis())
    bars = base.mark_bar(height=11).encode(y=name, x=width, color=_colour(), tooltip=_tooltip("estrategia"))
    letters = base.mark_text(dx=9, fontWeight=600).encode(y=name, x=width, text=alt.Text("letra:N"))
    title = "Cumplimiento por estrategia, de menor a mayor"
    drawn = report.strategies["cumplimiento"].drop_nulls().len()
    return _titled(alt.layer(bars, letters, _bounds("x"), _named_bounds()), title, height=BAND * max(1, drawn))


def _budget(report: Secretariat) -> Any:
    """Each UR by what it exercised and how far it came, with the quadrants named."""
    alt = _altair()
    base = alt.Chart(alt.NamedData("presupuesto"))
    axis = {"nice": False, "domain": [0, _limit(report)]}
    points = base.mark_point(filled=True, size=70, opacity=0.75, cursor="pointer").encode(
        x=alt.X("ejercido:Q", title="Avance presupuestal", axis=_percent_axis(), scale=alt.Scale(**axis)),
        y=alt.Y("avance:Q", title="Avance físico anual", axis=_percent_axis(), scale=alt.Scale(**axis)),
        color=_colour(),
        shape=alt.Shape("semaforo:N", scale=alt.Scale(domain=_names(), range=[shape for _, shape, *_ in LIGHTS])),
        tooltip=[*_tooltip("ur", "unidad"), alt.Tooltip("cuadrante:N", title="Cuadrante")],
    )
    reference = alt.Chart(alt.NamedData("referencia")).mark_rule(color=SOFT, strokeDash=[5, 4])
    rules = [reference.encode(x="valor:Q"), reference.encode(y="valor:Q")]
    chart = alt.layer(*rules, *_quadrants(), points)
    return _titled(chart, "Presupuesto ejercido y avance físico por UR", height=340)


def _quadrants() -> list[Any]:
    alt = _altair()
    corners = (
        (AHEAD, "left", "top"),
        (BOTH, "right", "top"),
        (NEITHER, "left", "bottom"),
        (SPENDING, "right", "bottom"),
    )
    half = alt.ExprRef("width / 2 - 12")
    return [
        alt.Chart(alt.NamedData("una"))
        .mark_text(
            text=name, align=align, baseline=baseline, color=SOFT, fontStyle="italic", fontSize=12,
            limit=half, dx=6 if align == "left" else -6, dy=6 if baseline == "top" else -6,
        )
        .encode(
            x=alt.value(0) if align == "left" else alt.value("width"),
            y=alt.value(0) if baseline == "top" else alt.value("height"),
        )
        for name, align, baseline in corners
    ]  # fmt: skip


def _trend(report: Secretariat) -> Any:
    alt = _altair()
    names = [name for name, *_ in SERIES]
    base = alt.Chart(alt.NamedData("tendencia")).encode(
        x=alt.X("trimestre:N", title=None, sort=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.4)),
        y=alt.Y("valor:Q", title=None, scale=alt.Scale(domainMin=0, zero=True), axis=_percent_axis()),
        color=alt.Color(
            "serie:N", scale=alt.Scale(domain=names, range=[tone for *_, tone, _ in SERIES]), legend=_legend("stroke")
        ),
    )
    dashes = alt.StrokeDash("serie:N", scale=alt.Scale(domain=names, range=[list(dash) for *_, dash in SERIES]))
    lines = base.mark_line(strokeWidth=2.5).encode(strokeDash=dashes)
    points = base.mark_point(filled=True, size=60)
    return _titled(alt.layer(lines, points), "Avance por trimestre", height=240)


def _bounds(channel: str) -> Any:
    """Lines at the bounds of green and amber."""
    alt = _altair()
    place = alt.X("valor:Q") if channel == "x" else alt.Y("valor:Q")
    return alt.Chart(alt.NamedData("limites")).mark_rule(color=INK, strokeDash=[5, 4]).encode(**{channel: place})


def _named_bounds() -> Any:
    """The letter and figure of each bound, over its line."""
    alt = _altair()
    base = alt.Chart(alt.NamedData("limites")).mark_text(baseline="bottom", dy=-4, color=INK, fontSize=11)
    return base.encode(x="valor:Q", y=alt.value(0), text="texto:N")


def _bounds_axis(report: Secretariat) -> Any:
    """An axis that names the bounds of the traffic light."""
    green, amber, _ = report.of.bounds
    named = f"datum.value == {green} ? 'verde ' : datum.value == {amber} ? 'amarillo ' : ''"
    return _altair().Axis(labelExpr=f"({named}) + {PERCENT}", values=[0, 0.5, amber, green, 1], grid=False, ticks=False)


def _colour() -> Any:
    alt = _altair()
    scale = alt.Scale(domain=_names(), range=[colour for *_, colour in LIGHTS])
    return alt.Color("semaforo:N", scale=scale, legend=_legend())


def _legend(symbol: str = "square") -> Any:
    alt = _altair()
    return alt.Legend(title=None, orient="top", symbolType=symbol, symbolStrokeWidth=3)


def _tooltip(*names: str) -> list[Any]:
    alt = _altair()
    titles = {"ur": "UR", "unidad": "Unidad", "estrategia": "Estrategia"}
    return [
        *(alt.Tooltip(f"{name}:N", title=titles[name]) for name in names),
        alt.Tooltip("texto:N", title="Cumplimiento"),
        alt.Tooltip("semaforo:N", title="Semáforo"),
    ]


def _names() -> list[str]:
    return [name for name, *_ in LIGHTS]


def _percent_axis() -> Any:
    alt = _altair()
    return alt.Axis(labelExpr=PERCENT, gridColor="#eceef0", tickCount=6)


def _limit(report: Secretariat) -> float:
    """Where both axes end: the next tenth above the furthest UR, at least the whole year."""
    furthest = [report.units[name].max() for name in ("avance_anual", "avance_presupuestal")]
    return max([1.05, *(float(str(value)) + 0.05 for value in furthest if value is not None)])


def _titled(chart: Any, description: str, height: Any) -> Any:
    fitted = {"type": "fit-x", "contains": "padding"}
    return chart.properties(width="container", height=height, description=description, autosize=fitted)


def _finished(chart: Any) -> Spec:
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 12}
    styled = (
        chart.configure(font=FONT, background="transparent")
        .configure_axis(**text, titleFontSize=12, titleFontWeight=600, domainColor=LINE, tickColor=LINE)
        .configure_legend(labelFont=FONT, labelColor=INK, labelFontSize=12)
        .configure_view(stroke=None)
        .configure_text(font=FONT, color=INK)
    )
    spec: Spec = styled.to_dict()
    return spec
