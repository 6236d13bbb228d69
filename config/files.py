"""Where configuration files lie: the office's own folder first, then the ones shipped with the product."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from config.errors import UsageError

SHIPPED = Path(__file__).resolve().parent

Model = TypeVar("Model", bound=BaseModel)


class ConfigError(UsageError):
    """A configuration file is missing or wrong; the message names the file, the key and the remedy."""


class Strict(BaseModel):
    """A configuration record: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def locate(relative: str, config_dir: Path | None = None) -> Path:
    """Path of the file ``relative`` (such as ``policy.toml``): in ``config_dir`` if it is there, else ours.

    Raises ConfigError where neither folder holds it.
    """
    places = [SHIPPED] if config_dir is None else [config_dir, SHIPPED]
    for folder in places:
        if (folder / relative).is_file():
            return folder / relative
    searched = " or ".join(str(folder) for folder in places)
    raise ConfigError(f"{relative} was not found in {searched}")


def read_toml(path: Path, model: type[Model]) -> Model:
    """The TOML file as ``model``; raises ConfigError naming the file, the key and what is wrong with it."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {explain(error)}") from error


def explain(error: ValidationError) -> str:
    """Pydantic's complaints on one line each: key, then what is wrong."""
    lines: list[str] = []
    for item in error.errors():
        item_dict: dict[str, Any] = dict(item)
        key = ".".join(str(part) for part in item_dict["loc"]) or "file"
        lines.append(f"{key}: {item_dict['msg']}")
    return "; ".join(lines)
