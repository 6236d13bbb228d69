"""A message: its structure, its encoding, the same bytes for the same content, and names that attack headers."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest

from config.address import Mailbox
from reports.mail.letter import Item, Letter, LetterSection, as_html, as_text, one_line
from reports.mail.message import Attachment, Mail, message_of
from reports.mail.outbox import Outbox

OFFICE = Mailbox("Oficina de Planeación", "planeacion@example.gob.mx")
UNIT = Mailbox("UNIDAD DE ANÁLISIS", "ur06@example.gob.mx")
MOMENT = datetime(2024, 10, 16, 18, tzinfo=UTC)
LETTER = Letter(
    subject="POA, tercer trimestre de 2024: UR 06, observado",
    title="POA, tercer trimestre de 2024",
    unit="UR 06 UNIDAD DE ANÁLISIS",
    opening="Se recibió y se revisó el libro de su unidad.",
    tone="observado",
    headline="Libro aceptado con observaciones",
    meaning=("El libro se cargó, con 3 avisos.",),
    figure=("Índice de calidad", "92.4 de 100"),
    sections=(
        LetterSection("Correcciones", ("Juntas suman.",), items=(Item("Corregir esta celda", "R05"),), numbered=True),
        LetterSection("Acuse", facts=(("Archivo", "POA.xlsx"),)),
    ),
    closing=("Mensaje automático.",),
)
FILES = (Attachment("UR06_2024T3.html", "<p>¡Sí!</p>".encode()), Attachment("UR06_2024T3_anotado.xlsx", b"PK\x03\x04"))
MAIL = Mail("ab" * 32, "poa.2024T3.UR06", "UR06_2024T3_informe_abababab", UNIT, LETTER, FILES)


def parsed(mail: Mail) -> EmailMessage:
    read = email.message_from_bytes(message_of(mail, OFFICE, MOMENT).as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_both_bodies_then_the_files() -> None:
    message = parsed(MAIL)
    assert [(part.get_content_type(), part.get_filename()) for part in message.walk()] == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/html", "UR06_2024T3.html"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "UR06_2024T3_anotado.xlsx"),
    ]
    assert [part.get_payload(decode=True) for part in message.iter_attachments()] == [file.data for file in FILES]


def test_accents_arrive_in_headers_and_bodies_over_any_server() -> None:
    wire = message_of(MAIL, OFFICE, MOMENT).as_bytes()
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    message = parsed(MAIL)
    assert str(message["From"]) == "Oficina de Planeación <planeacion@example.gob.mx>"
    assert str(message["To"]) == "UNIDAD DE ANÁLISIS <ur06@example.gob.mx>"
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "Índice de calidad: 92.4 de 100" in plain.get_content()
    assert "Se recibió y se revisó" in page.get_content()


def test_the_same_content_is_the_same_bytes_and_the_same_id() -> None:
    assert message_of(MAIL, OFFICE, MOMENT).as_bytes() == message_of(MAIL, OFFICE, MOMENT).as_bytes()
    other = parsed(replace(MAIL, content="cd" * 32))
    assert parsed(MAIL)["Message-ID"] == f"<{'ab' * 20}@example.gob.mx>"
    assert other["Message-ID"] != parsed(MAIL)["Message-ID"]


@pytest.mark.parametrize(
    "name",
    [
        "UNIDAD\r\nBcc: otra@example.org",
        "UNIDAD\nSubject: otro",
        "UNIDAD\r\n\r\n<script>alert(1)</script>",
        "UNIDAD\x0bBcc: otra@example.org\x85Bcc: otra@example.org\u2028Bcc: otra@example.org",
        '"UNIDAD" <otra@example.org>, otra@example.org',
        "=?utf-8?q?UNIDAD=0D=0ABcc=3A_otra=40example=2Eorg?=",
        "\u202eDADINU\x00",
    ],
)
def test_a_name_adds_no_header_no_recipient_and_no_body(name: str) -> None:
    letter = replace(LETTER, subject=one_line(f"POA: UR {name}"), unit=one_line(name))
    hostile = parsed(replace(MAIL, recipient=replace(UNIT, name=name), letter=letter))
    assert hostile.keys() == parsed(MAIL).keys()
    assert [one.addr_spec for one in hostile["To"].addresses] == ["ur06@example.gob.mx"]
    assert [part.get_content_type() for part in hostile.walk()] == [p.get_content_type() for p in parsed(MAIL).walk()]
    assert "<script" not in as_html(letter)


def test_a_header_with_a_line_break_is_refused_and_never_sent() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message_of(replace(MAIL, letter=replace(LETTER, subject="POA\r\nBcc: otra@example.org")), OFFICE, MOMENT)


def test_a_line_break_that_the_library_would_decode_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.mail.message._literal", lambda text: text)
    smuggled = replace(UNIT, name="=?utf-8?q?UNIDAD=0D=0ABcc=3A_otra=40example=2Eorg?=")
    with pytest.raises(ValueError, match="line break"):
        message_of(replace(MAIL, recipient=smuggled), OFFICE, MOMENT)


def test_plain_text_reads_like_the_page() -> None:
    assert as_text(LETTER) == (
        "POA, tercer trimestre de 2024\n"
        "UR 06 UNIDAD DE ANÁLISIS\n\n"
        "Se recibió y se revisó el libro de su unidad.\n\n"
        "Libro aceptado con observaciones\n"
        "El libro se cargó, con 3 avisos.\n"
        "Índice de calidad: 92.4 de 100\n\n"
        "CORRECCIONES\n"
        "Juntas suman.\n"
        "  1. Corregir esta celda\n"
        "     R05\n\n"
        "ACUSE\n"
        "  Archivo: POA.xlsx\n\n"
        "--\n"
        "Mensaje automático.\n"
    )


def test_an_outbox_holds_a_message_once(tmp_path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    for _ in range(2):
        outbox.send(message_of(MAIL, OFFICE, MOMENT), MAIL.name)
    [path] = (tmp_path / "outbox").iterdir()
    assert path.name == "UR06_2024T3_informe_abababab.eml"
    assert email.message_from_bytes(path.read_bytes(), policy=default)["X-Unsent"] == "1"
