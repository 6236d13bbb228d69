"""What the operator is told of a run that failed."""

from __future__ import annotations

from reports.mail.letter import LONGEST, Letter, LetterSection, one_line

# A message of ours says what, where and the remedy: more of it than of what a unit wrote.
LONGEST_REASON = 4 * LONGEST
# What Prefect calls a run whose process ended before it did.
CRASHED = "Crashed"

MEND = "Corrija lo que dice el mensaje. La siguiente corrida retoma lo que faltó, y siempre es seguro volver a correr."
INTERRUPTED = (
    "El proceso que hacía la corrida se interrumpió antes de terminar: lo detuvo el sistema, a menudo por falta de "
    "memoria, o una persona. Nada quedó guardado a medias."
)
LOOK = (
    "Revise la memoria del equipo y su bitácora de esa hora. La siguiente corrida retoma lo que faltó, y siempre es "
    "seguro volver a correr."
)


def failure_letter(flow: str, run: str, state: str, reason: str, link: str | None) -> Letter:
    """The letter about a run of ``flow``, in Spanish; ``reason`` is the run's own message, ``link`` opens it."""
    crashed = state == CRASHED
    facts = [("Proceso", one_line(flow)), ("Corrida", one_line(run)), ("Estado", one_line(state))]
    if link:
        facts.append(("Ver en Prefect", link))
    return Letter(
        subject=one_line(f"POA: falló la corrida {run}"),
        title="POA: proceso programado",
        unit="Oficina de planeación",
        opening="Una corrida programada no terminó como debía.",
        tone="rechazado",
        headline="Hay algo que atender",
        meaning=(*([INTERRUPTED] if crashed else []), one_line(reason, LONGEST_REASON)),
        figure=None,
        sections=(
            LetterSection("La corrida", facts=tuple(facts)),
            LetterSection(
                "Qué hacer",
                (
                    LOOK if crashed else MEND,
                    "Para no esperarla, inicie la corrida desde Prefect (Quick run) o con prefect deployment run.",
                ),
            ),
        ),
        closing=("Mensaje automático del sistema que consolida los POA.",),
    )
