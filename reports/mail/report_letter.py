"""What a unit is told of a workbook by mail: that it was received, what came of it, and what to do by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reports import wording
from reports.mail.letter import Item, Letter, LetterSection, one_line
from reports.unit.causes import Cause
from reports.unit.report import UnitReport

SHOWN = 3  # cells that a correction names
REASONS = 5  # of a rejection
AUTOMATIC = "Mensaje automático de la consolidación del POA. Si tiene dudas, responda a este correo."
WAY = "Use el mismo medio por el que entrega su POA."
WITH_ANSWERS = (
    f"{WAY} Si respondió alguna observación en la columna «Respuesta de la unidad», envíe también el libro de "
    "observaciones."
)
# What comes back annotated as a copy, which is not to be worked on.
COPIED = (".xls", ".xlsb", ".ods")
ANNOTATED = f"{WAY} Puede trabajar sobre el libro anotado que se adjunta: sus marcas se retiran al recibirlo."


@dataclass(frozen=True)
class Receipt:
    """A workbook as received, ``at`` the office's clocks; ``standing``: whether it is what speaks for its URs."""

    file: str
    sha256: str
    bytes: int
    at: datetime
    on_time: bool
    verdict: str
    standing: bool


@dataclass(frozen=True)
class Deadline:
    """The last day that workbooks are received, the day of the letter, and whether the quarter was closed for good."""

    closes: date
    today: date
    closed: bool

    @property
    def sentence(self) -> str:
        """By when to send."""
        day = wording.day_phrase(self.closes.isoformat())
        if self.closed:
            return (
                "El trimestre ya se cerró: lo que envíe se conserva, y se publica sólo si la oficina de planeación "
                "autoriza una excepción."
            )
        if self.today <= self.closes:
            return f"Envíe su libro corregido a más tardar el {day}."
        return f"El plazo terminó el {day}: envíe su libro cuanto antes. Se registrará como extemporáneo."


def report_letter(
    report: UnitReport, receipts: Sequence[Receipt], unit: str, deadline: Deadline, files: Sequence[str], again: bool
) -> Letter:
    """The report of a workbook, with the receipts that it acknowledges; ``again``: its receipt was told before.

    ``unit`` is the UR's code and name, ``files`` the names of what is attached.
    """
    word = report.state.word.lower()
    news = f"informe actualizado, {word}" if again else word
    score = f" ({wording.index(report.quality)} de 100)" if report.quality is not None else ""
    parts = [_counts(report), _corrections(report), _reasons(report)]
    if report.state.verdict != "aceptado":
        parts.append(LetterSection("Cuándo y cómo responder", (deadline.sentence, _how(report, files))))
    parts += [_acknowledged(receipts), _attached(files)]
    return Letter(
        subject=one_line(f"{_period(report.year, report.quarter)}: UR {report.sender or ''}, {news}{score}"),
        title=f"POA, {wording.quarter_phrase(report.year, report.quarter)}",
        unit=one_line(unit),
        opening=_opening(again),
        tone=report.state.verdict,
        headline=report.state.headline,
        meaning=(report.state.meaning, f"Qué sigue: {report.state.next_step}"),
        figure=None if report.quality is None else ("Índice de calidad", f"{wording.index(report.quality)} de 100"),
        sections=tuple(part for part in parts if part is not None),
        closing=(AUTOMATIC,),
    )


def receipt_letter(year: int, quarter: int, unit_code: str, unit: str, receipts: Sequence[Receipt]) -> Letter:
    """The acknowledgement of workbooks whose review tells the unit nothing that it was not told."""
    several = len(receipts) > 1
    standing = next((receipt for receipt in receipts if receipt.standing), None)
    headline = "Se recibieron sus libros" if several else "Se recibió su libro"
    meaning = (
        "La revisión no encontró nada distinto de lo que ya se le informó: su último informe sigue vigente."
        if standing
        else "No es su entrega vigente: una posterior, o una que ya estaba aceptada, cuenta en su lugar."
    )
    return Letter(
        subject=one_line(f"{_period(year, quarter)}: UR {unit_code}, acuse de recibo"),
        title=f"POA, {wording.quarter_phrase(year, quarter)}",
        unit=one_line(unit),
        opening="Este mensaje es el acuse de recibo de lo que envió su unidad.",
        tone="aviso",
        headline=headline,
        meaning=(meaning,),
        figure=None,
        sections=tuple(part for part in (_acknowledged(receipts),) if part is not None),
        closing=("No tiene que hacer nada más por este mensaje.", AUTOMATIC),
    )


def _period(year: int, quarter: int) -> str:
    return f"POA, {wording.quarter_phrase(year, quarter)}"


def _how(report: UnitReport, files: Sequence[str]) -> str:
    if report.state.verdict == "rechazado":
        return WAY
    own = not report.file.lower().endswith(COPIED)
    return ANNOTATED if own and any("_anotado" in name for name in files) else WITH_ANSWERS


def _opening(again: bool) -> str:
    if again:
        return (
            "Cambió el resultado de la revisión de un libro que su unidad ya había enviado. Este informe sustituye al "
            "anterior."
        )
    return "Se recibió y se revisó el libro de su unidad. Este mensaje es su acuse de recibo y el resultado."


def _counts(report: UnitReport) -> LetterSection | None:
    told = [
        ((wording.SEVERITY_WORDS if number == 1 else wording.SEVERITY_PLURALS)[severity], str(number))
        for severity, number in report.by_severity.items()
        if number and severity != "archivo"
    ]
    if report.waived:
        told.append(("Dispensadas, no requieren respuesta", str(len(report.waived))))
    if not report.loaded or not told:
        return None
    if report.since is not None:
        since = report.since
        change = f"{len(since.corrected)} corregidas, {since.new} nuevas, {since.known} ya señaladas"
        told.append(("Desde su entrega anterior", change))
    rows = f"{report.rows_found} leídos, {report.rows_accepted} aceptados, {report.rows_quarantined} en cuarentena"
    return LetterSection("Observaciones", facts=(*told, ("Renglones de actividades", rows)))


def _corrections(report: UnitReport) -> LetterSection | None:
    if not report.corrections:
        return None
    titles = {1: "La corrección que más vale", 2: "Las dos correcciones que más valen"}
    title = titles.get(len(report.corrections), "Las tres correcciones que más valen")
    items = tuple(Item(cause.effort, _about(cause)) for cause in report.corrections)
    together = (
        (f"Juntas llevan el índice de {wording.index(report.quality)} a {wording.index(report.quality_after)}.",)
        if len(items) > 1
        else ()
    )
    return LetterSection(title, paragraphs=together, items=items, numbered=True)


def _about(cause: Cause) -> str:
    cells = list(dict.fromkeys(finding.where for finding in cause.findings if finding.cell))
    more = f" y {len(cells) - SHOWN} más" if len(cells) > SHOWN else ""
    where = f" {'; '.join(cells[:SHOWN])}{more}." if cells else ""
    field = f" {cause.field}." if cause.field else ""
    return one_line(f"{cause.rule}: {cause.title}.{field}{where}")


def _reasons(report: UnitReport) -> LetterSection | None:
    """Why a workbook was rejected: its gravest findings, with what to do about them."""
    if report.state.verdict != "rechazado":
        return None
    gravest = [f for f in report.findings if f.severity == "archivo"] or list(report.findings)
    items = tuple(Item(one_line(f.message), one_line(f.remedy)) for f in gravest[:REASONS])
    return LetterSection("Por qué se rechazó y qué hacer", items=items) if items else None


def _acknowledged(receipts: Sequence[Receipt]) -> LetterSection | None:
    facts: list[tuple[str, str]] = []
    for receipt in receipts:
        day, clock = wording.day_phrase(receipt.at.date().isoformat()), f"{receipt.at:%H:%M}"
        late = "en plazo" if receipt.on_time else "fuera de plazo"
        verdict = wording.VERDICT_WORDS.get(receipt.verdict, receipt.verdict)
        facts += [
            ("Archivo", one_line(f"{receipt.file} ({receipt.bytes:,} bytes)")),
            ("Recibido", f"{day}, {clock} horas, {late}"),
            ("Estado", verdict if receipt.standing else f"{verdict}; no es la entrega vigente"),
            ("Huella (SHA-256)", receipt.sha256),
        ]
    return LetterSection("Acuse de recibo", facts=tuple(facts)) if facts else None


def _attached(files: Sequence[str]) -> LetterSection | None:
    items = tuple(Item(name, _what_it_is(name)) for name in files)
    return LetterSection("Archivos adjuntos", items=items) if items else None


def _what_it_is(name: str) -> str:
    if name.endswith(".html"):
        return "El informe completo, celda por celda. Se abre en cualquier navegador."
    if "_anotado" in name:
        return "Su libro, con cada celda señalada y la hoja Observaciones."
    return "Las observaciones en Excel, con la columna «Respuesta de la unidad»."
