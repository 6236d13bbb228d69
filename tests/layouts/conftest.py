"""The founding workbook's content is told where the form writer's own tests lie."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "workbooks"))
