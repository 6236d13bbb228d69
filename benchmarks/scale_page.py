"""docs/escala.md: its words, around the figures of benchmarks.scale."""

from __future__ import annotations

from collections.abc import Sequence

BEGINNING = """\
<!-- written by `python -m benchmarks.scale --write`; not to be edited by hand -->
# Scale

What one workbook costs, what a quarter of 1,000, 100,000 and 10 million would need, where each limit lies, and which setting
moves it. `.venv/bin/python -m benchmarks.scale --write` measures again and writes this page. A workbook is that of
[`rendimiento.md`](rendimiento.md): the founding one's size, 2 units, 14 activities, 4 sheets; its stages and times on the
clock are there. Findings are few here; a workbook full of them takes more in the warehouse.

*Judging* (read, locate, type, rules, verdict, gate) is what workers or a cluster do. The *main process* does the rest for
all: list and hash the inbox, archive, load, hold the quarter's workbooks against each other and against earlier quarters,
publish. The warehouse's bytes are with its indexes; of PostgreSQL without its write-ahead log.
"""

LIMITS = """\
## What the second table is and is not

A rule of three: one quarter, in one run, everything as in the small one, times more. It is not a measurement of a large run.
Seconds of processor are those of this program: PostgreSQL's own come on top, on its machine. Two things are known to bend
it. The history pass and the digest hold a whole quarter's facts, so memory grows with the quarter (last line of the
first table; taken between a quarter of the workbooks and all, it holds some first-time allocation and is rather too
high: 9,999 workbooks, measured in [`rendimiento.md`](rendimiento.md), took less than half of it). And a large index
costs more a row than a small one. Times on the clock of a machine that others use are too long, never too short.

- **1,000 workbooks** (a large state's quarter): a minute or less, one machine, SQLite. Nothing to set.
- **100,000** (every municipality of a country and its units): PostgreSQL, and `POA_WORKERS` as many as there are cores, or a
  cluster; memory as the last column says. However many workers there are, the main process is at work for what its
  column says, and waits for its disk and its database beside.
- **10 million**: not as one quarter of one warehouse. One transaction that runs for that long, by one process, is no way to
  work, and the memory of the last column is more than a machine has. It is done by warehouses: a quarter has its natural
  seams (the state, the ministry), no rule looks across institutions, and each warehouse has its own lock, so that a
  hundred warehouses of 100,000 run side by side on one cluster and one object store. A view over all of them is then a
  matter of `poa export` and whatever reads its files; this program has none.

## Where the limits lie

| limit | what it does | what moves it |
|---|---|---|
| judging | the most work by far, divisible without limit: batches know nothing of each other | `POA_WORKERS`; `POA_EXECUTOR=dask` |
| the main process | {ratio} judging cores keep it busy; more only wait for it | more warehouses; nothing else |
| one transaction a quarter | what makes a run all or nothing: nothing of a large run is seen before its end, and a failure costs all of it (workbooks archived stay) | smaller inboxes one after another: each run adds to the quarter |
| SQLite's one writer | a second run on the same file waits `POA_LOCK_TIMEOUT` seconds, then says so | PostgreSQL lets other quarters' readers and mail go on; one consolidation at a time holds there too |
| PostgreSQL's loading | rows go by COPY, a stream a table and batch: the clock of the main process in the first table | a server near by: some round trips a table and batch |
| history pass (A09–A11, T01–T05) | once a run, over all that is current in the quarter and in earlier ones, in memory | more warehouses |
| memory of the main process | batches under way (2 a worker) and their results, and the history pass | `POA_BATCH_SIZE`, `POA_WORKERS` down; `POA_MEMORY_LIMIT` is of a worker |
| an inbox by address | every file is fetched for its hash, then again to be archived: 16 at a time from S3, one at a time by SFTP | put the machine beside the store |
| an archive by address | one PUT a workbook, 16 at a time; by SFTP one at a time | S3 rather than SFTP; a local folder that is copied later: both are laid out alike |
| Prefect | one task a batch: 20 to 60 ms | `POA_BATCH_SIZE` up to 250; `--direct` |
| a Dask cluster | bytes of the workbooks go out and judged frames come back through the main process: on a network of 1 Gbit/s some thousands of workbooks a second, not the limit | threads of the cluster in `POA_WORKERS`, or it starves |

On Dask set `POA_WORKERS` to the threads of the whole cluster: it says how many batches are under way, and how small they are
cut. Guarded processes are started once a worker's life (about five seconds of processor each), so that a cluster pays for
itself from some thousands of workbooks on, not below.
"""


def page(summary: str, tables: Sequence[str], ratios: tuple[float, float]) -> str:
    """The document; ``ratios`` is how many judging cores keep one main process busy: least, most."""
    return "\n".join([BEGINNING, f"{summary}\n", *tables, LIMITS.format(ratio=f"{ratios[0]:.1f} to {ratios[1]:.1f}")])
