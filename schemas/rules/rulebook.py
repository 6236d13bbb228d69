"""All rule cards, and the severity that policy gives them."""

from __future__ import annotations

from config.files import ConfigError
from config.policy import Policy
from schemas.cards.card import Card
from schemas.rules import (
    baselines,
    budget,
    cells,
    classification,
    deliveries,
    deviations,
    files,
    header,
    identity,
    layout,
    links,
    measures,
    programme,
    signatures,
    sums,
    words,
)

CARDS: dict[str, Card] = {
    card.code: card
    for card in sorted(
        (
            *files.CARDS,
            *header.CARDS,
            *classification.CARDS,
            *layout.CARDS,
            *budget.CARDS,
            *cells.CARDS,
            *sums.CARDS,
            *identity.CARDS,
            *links.CARDS,
            *words.CARDS,
            *signatures.CARDS,
            *measures.CARDS,
            *deviations.CARDS,
            *programme.CARDS,
            *deliveries.CARDS,
            *baselines.CARDS,
        ),
        key=lambda card: card.code,
    )
}


# Rows that break these cannot be stored: policy may not let them pass.
GATE_RULES = ("P06", "R01.required", "R02", "R03.conflicting", "R09")
KEEPS_OUT = ("archivo", "renglon")


def severities(policy: Policy) -> dict[tuple[str, str], str]:
    """Severity by (rule, variant); raises ConfigError where policy and rule book do not name the same rules."""
    wanted = {key for card in CARDS.values() for key in card.policy_keys}
    missing, unknown = wanted - set(policy.severity), set(policy.severity) - wanted
    if missing or unknown:
        raise ConfigError(
            "policy.toml [severity] "
            + "; ".join(
                part
                for part in (
                    f"lacks {', '.join(sorted(missing))}" if missing else "",
                    f"names unknown rules {', '.join(sorted(unknown))}" if unknown else "",
                )
                if part
            )
        )
    late = [key for key in policy_keys_of_history() if policy.severity[key] in KEEPS_OUT]
    if late:
        raise ConfigError(
            f"policy.toml [severity] {', '.join(late)}: wants aviso or nota, for these are told "
            "when rows and workbooks have been accepted already"
        )
    let_pass = [key for key in GATE_RULES if policy.severity[key] not in KEEPS_OUT]
    if let_pass:
        raise ConfigError(
            f"policy.toml [severity] {', '.join(let_pass)}: wants {' or '.join(KEEPS_OUT)}, "
            "for such rows cannot be stored"
        )
    return {
        (card.code, variant): policy.severity[key]
        for card in CARDS.values()
        for variant, key in zip(card.variants, card.policy_keys, strict=True)
    }


def policy_keys_of_history() -> list[str]:
    """Policy's keys of the rules that are judged in history scope alone."""
    return [
        key
        for card in CARDS.values()
        if card.history_check is not None and card.check is None and card.row_checks is None
        for key in card.policy_keys
    ]
