"""The page of the unit's report: its words and what it must never let through."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import judged_example as example
import pytest

from reports.unit.html import TEMPLATES, render_unit_report

VOID = {"meta", "link", "br"}


class Outline(HTMLParser):
    """Tags as they nest, ids, links within the page and the text of it all."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


CASES = {
    "observed": example.observed(),
    "clean": example.clean(),
    "rejected": example.rejected(),
    "crowded": example.crowded(),
    "hostile": example.hostile(),
}


@pytest.mark.parametrize("case", CASES)
def test_the_page_is_well_formed_and_its_links_lead_somewhere(report_of, case):
    outline = Outline(render_unit_report(report_of(CASES[case])))
    assert outline.open == []
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in outline.tags if tag == "a"]
    assert {link[1:] for link in links} <= set(ids)
    assert {attrs.get("scope") for tag, attrs in outline.tags if tag == "th"} <= {"row", "col"}
    assert {"header", "main", "footer"} <= {tag for tag, _ in outline.tags}


def test_every_finding_is_on_the_page(report):
    text = Outline(render_unit_report(report)).text
    for row in example.OPEN_FINDINGS:
        assert row["message"].replace(" %", "\N{NO-BREAK SPACE}%") in text.replace(" %", "\N{NO-BREAK SPACE}%")
    for words in (
        "Índice de calidad 92.4",
        "8 leídos",
        "Renglón en cuarentena",
        "14 Avisos",
        "POA 2, celda H31",
    ):
        assert words in text.replace("\N{NO-BREAK SPACE}", " ").replace(" ▲", "")


def test_no_code_name_reaches_the_page(report):
    text = Outline(render_unit_report(report)).text
    assert not re.search(r"\b(annual_target|reported_progress|strategy_code|exercised_q4|renglon|planned_q1)\b", text)


def test_a_clean_page_thanks_and_asks_nothing(report_of):
    text = Outline(render_unit_report(report_of(example.clean()))).text
    assert "Gracias por el cuidado con que se preparó" in text
    assert "No tiene que hacer nada más este trimestre" in text
    assert "celda por celda" not in text
    assert "correcciones" not in text


def test_a_rejected_page_says_what_happened_and_what_to_do(report_of):
    text = Outline(render_unit_report(report_of(example.rejected()))).text
    assert "Libro rechazado" in text
    assert "El archivo es una página web guardada con terminación .xls" in text
    assert f"Qué hacer: {example.REMEDIES['A01'].remedy}" in text
    assert "Índice de calidad" not in text


def test_what_a_unit_wrote_never_becomes_part_of_the_page(report_of):
    page = render_unit_report(report_of(example.hostile(), received="<b>hoy</b>"))
    outline = Outline(page)
    assert not {"script", "img", "b onclick"} & {tag for tag, _ in outline.tags}
    assert page.count("<style>") == 1
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)
    assert "<script>alert(1)</script>" in outline.text
    assert "x" * 300 not in page


def test_the_same_report_gives_the_same_bytes(report_of):
    pages = {render_unit_report(report_of(example.observed())) for _ in range(2)}
    assert len(pages) == 1


def test_colours_of_words_stand_out_from_their_ground():
    css = (TEMPLATES / "unit_report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", css)) | {"paper": "#ffffff"}
    pairs = [(name.removesuffix("-tint"), name) for name in colours if name.endswith("-tint")]
    for ink, ground in [
        *pairs,
        ("ink", "paper"),
        ("soft", "paper"),
        ("wine", "paper"),
        ("soft", "aviso-tint"),
    ]:
        assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
