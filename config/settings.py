"""Settings of one installation: ``POA_*`` environment variables, each with a default that works."""

from __future__ import annotations

import re
from math import ceil
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.places import Place

# Larger batches judge no faster, and the main process holds several.
LARGEST_BATCH = 250
# A batch costs as much as some fifty workbooks before its first one: small ones are not made smaller.
SMALLEST_BATCH = 100
# Of "UR06" or "ur 6": "UR" is not the end of a word; the code, four digits at most as in a workbook, is no year, and no
# letter or digit follows it.
SENDER = r"(?<![^\W\d_])UR[ _-]?(?!20[0-9]{2}(?![0-9]))([0-9]{1,4})(?![^\W_])"


class Settings(BaseSettings):
    """Every setting by its ``POA_`` variable; sizes in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="POA_", extra="ignore", frozen=True, hide_input_in_errors=True)

    config_dir: Path | None = Field(None, description="folder of the office's own forms, catalogues and policy")
    warehouse: str = Field("sqlite:///poa.db", description="SQLAlchemy URL of the warehouse")
    archive: Place = Field(
        Path("archive"), description="where received workbooks are kept by hash: a folder, s3://bucket/…, sftp://host/…"
    )
    inbox: str | None = Field(
        None,
        description="where unattended runs find a quarter's workbooks: folder or address; {year}, {quarter} filled in",
    )
    reports: Path | None = Field(
        None, description="folder where flows write the units' and the secretariat's reports; unset: they write none"
    )
    reports_url: str | None = Field(
        None, description="where that folder is served, for links to reports; unset: links to files"
    )
    log_json: Path | None = Field(None, description="file that flows add their log to, one JSON object a line")
    executor: Literal["processes", "inline", "dask"] = Field(
        "processes", description="where workbooks are read and judged"
    )
    workers: int = Field(2, ge=1, description="worker processes; with Dask the threads of the whole cluster")
    dask_scheduler: str | None = Field(None, description="address of the Dask scheduler: tcp://host:8786, or tls://…")
    batch_size: int | None = Field(None, ge=1, description="workbooks judged together; unset: as the run has work")
    workbook_timeout: float = Field(30.0, gt=0, description="seconds that one workbook may take to be read")
    memory_limit: int = Field(2 * 1024**3, gt=0, description="bytes of memory that a worker may take beyond its start")
    max_bytes: int = Field(20 * 1024**2, gt=0, description="bytes of a workbook")
    max_expanded_bytes: int = Field(128 * 1024**2, gt=0, description="bytes of a workbook, decompressed")
    max_sheets: int = Field(60, gt=0, le=255, description="sheets in a workbook")
    max_cells: int = Field(2_000_000, gt=0, description="cells in the used area of all sheets")
    apply_proposals: bool = Field(False, description="accept the reading proposed for displaced rows (R18)")
    sender_pattern: str = Field(
        SENDER, description="regular expression on folder and file name; its first group is the UR code"
    )
    lock_timeout: float = Field(10.0, ge=0, description="seconds to wait for another consolidation to end")

    @field_validator("sender_pattern")
    @classmethod
    def _with_a_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from error
        if not groups:
            raise ValueError("wants a group, in parentheses, round the UR code")
        return pattern

    def batch_of(self, workbooks: int) -> int:
        """How many of ``workbooks`` to judge together: ``batch_size``, or what gives each worker two batches, one where
        two would be small.
        """
        shared = 1 if self.executor == "inline" else self.workers
        if self.executor != "inline" and workbooks >= 2 * self.workers * SMALLEST_BATCH:
            shared *= 2
        return self.batch_size or max(1, min(LARGEST_BATCH, ceil(workbooks / shared)))
