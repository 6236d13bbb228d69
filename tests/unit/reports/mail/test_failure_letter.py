"""What the operator reads of a run that failed."""

from __future__ import annotations

from reports.mail.failure_letter import failure_letter
from reports.mail.letter import as_text

REASON = "2024 T3: inbox /srv/poa/inbox/2024T3 is not a folder; name the one that holds the units' workbooks"


def test_it_says_which_run_why_and_what_to_do() -> None:
    link = "http://127.0.0.1:4200/runs/flow-run/1"
    letter = failure_letter("daily intake", "daily intake 2024-10-10", "Failed", REASON, link)
    text = as_text(letter)
    assert letter.subject == "POA: falló la corrida daily intake 2024-10-10"
    assert REASON in " ".join(text.split())
    assert link in text
    assert "La siguiente corrida retoma lo que faltó" in " ".join(text.split())


def test_a_reason_of_many_lines_stays_on_one_and_ends() -> None:
    letter = failure_letter("daily intake", "daily intake 2024-10-10", "Failed", "a\nb " + "x" * 5000, None)
    [said] = letter.meaning
    assert said.startswith("a b x")
    assert len(said) <= 1200
    assert "Ver en Prefect" not in as_text(letter)


def test_a_run_that_was_killed_is_explained() -> None:
    said = "Process exited with status code: -9. Process exited due to a SIGKILL signal."
    text = " ".join(as_text(failure_letter("daily intake", "daily intake 2024-10-10", "Crashed", said, None)).split())
    assert "El proceso que hacía la corrida se interrumpió antes de terminar" in text
    assert said in text
    assert "Revise la memoria del equipo" in text
