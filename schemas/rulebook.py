"""All rule cards, and the severity that policy gives them."""

from __future__ import annotations

from config.files import ConfigError
from config.policy import Policy
from schemas.card import Card
from schemas.rules import budget, cells, classification, files, header, identity, layout, measures, sums

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
            *measures.CARDS,
        ),
        key=lambda card: card.code,
    )
}


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
    return {
        (card.code, variant): policy.severity[key]
        for card in CARDS.values()
        for variant, key in zip(card.variants, card.policy_keys, strict=True)
    }
