"""The views: their SQL files, the columns that they promise, and their place in the database.

Views are derived: dropped before a migration and made after it. The view ``views_in_force`` records which
ones stand, so that a changed or vanished file is noticed. Those named in English are parts that the public
``v_...`` views share.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from warehouse.database import postgresql
from warehouse.database.engine import POSTGRESQL, WarehouseError

Columns: TypeAlias = dict[str, type[pl.DataType]]

FOLDER: Final = Path(__file__).resolve().parents[1] / "views"
IN_FORCE: Final = "views_in_force"

# In the order of creation: a view stands after those that it reads.
ORDER: Final = (
    "snapshot_state",
    "snapshot_judgement",
    "visible_finding",
    "visible_quarantined_row",
    "visible_extra_value",
    "activity_to_date",
    "activity_ratio",
    "v_entregas",
    "v_avance_actividad",
    "activity_weight",
    "v_avance_unidad",
    "v_avance_estrategia",
    "v_presupuesto",
    "v_observaciones",
    "v_cuarentena",
    "v_cambios",
    "v_extra",
)

_VERSION: Columns = {"ejercicio": pl.Int64, "trimestre": pl.Int64, "version": pl.Int64, "vigente": pl.Boolean}

# The public contract: every view's columns, in order. `recibida_en` and `conocida_desde` are local time of
# the office.
PUBLIC: Final[dict[str, Columns]] = {
    "v_entregas": {
        **_VERSION,
        **dict.fromkeys(("ur", "unidad", "estado"), pl.String),
        "recibida_en": pl.Datetime,
        "oportuna": pl.Boolean,
        "libro": pl.String,
        **dict.fromkeys(("renglones", "en_cuarentena", "observaciones"), pl.Int64),
        "calidad": pl.Float64,
        "dispensadas": pl.Int64,
        "estado_version": pl.String,
    },
    "v_avance_actividad": {
        **_VERSION,
        **dict.fromkeys(("ur", "unidad"), pl.String),
        "no_actividad": pl.Int64,
        **dict.fromkeys(("actividad", "estrategia", "unidad_medida"), pl.String),
        **dict.fromkeys(("monto_asignado", "meta_anual", "programado_a_la_fecha", "realizado_a_la_fecha"), pl.Float64),
        **dict.fromkeys(("cumplimiento", "avance_anual"), pl.Float64),
        **dict.fromkeys(("semaforo", "unidad_canonica", "lectura"), pl.String),
    },
    "v_avance_unidad": {
        **_VERSION,
        **dict.fromkeys(("ur", "unidad"), pl.String),
        "actividades": pl.Int64,
        **dict.fromkeys(("monto_asignado", "cumplimiento", "avance_anual"), pl.Float64),
        **dict.fromkeys(("verdes", "amarillos", "rojos", "azules", "sin_programar"), pl.Int64),
    },
    "v_avance_estrategia": {
        **_VERSION,
        "estrategia": pl.String,
        "actividades": pl.Int64,
        **dict.fromkeys(("monto_asignado", "cumplimiento", "avance_anual"), pl.Float64),
    },
    "v_presupuesto": {
        **_VERSION,
        **dict.fromkeys(("nivel", "ur", "unidad"), pl.String),
        **dict.fromkeys(("asignado", "ejercido_t1", "ejercido_t2", "ejercido_t3", "ejercido_t4"), pl.Float64),
        "avance_reportado": pl.Float64,
    },
    "v_observaciones": {
        **_VERSION,
        "ur": pl.String,
        "no_actividad": pl.Int64,
        **dict.fromkeys(("regla", "severidad", "hoja", "celda", "campo", "valor", "esperado"), pl.String),
        "diferencia": pl.Float64,
        "mensaje": pl.String,
        "dispensada": pl.Boolean,
        "respuesta": pl.String,
        "conocida_desde": pl.Datetime,
        "conocida_trimestre": pl.Int64,
    },
    "v_cuarentena": {
        **_VERSION,
        "ur": pl.String,
        "no_actividad": pl.Int64,
        "hoja": pl.String,
        "fila": pl.Int64,
        **dict.fromkeys(("reglas", "celdas", "propuesta"), pl.String),
    },
    "v_cambios": {
        **_VERSION,
        "ur": pl.String,
        "no_actividad": pl.Int64,
        **dict.fromkeys(("campo", "antes", "despues", "origen", "respecto_a"), pl.String),
    },
    "v_extra": {
        **_VERSION,
        "ur": pl.String,
        "no_actividad": pl.Int64,
        **dict.fromkeys(("campo", "valor", "hoja", "celda"), pl.String),
    },
}


@cache
def definitions() -> dict[str, str]:
    """The SELECT of each view by its name, in the order of creation."""
    return {name: (FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip() for name in ORDER}


def are_current(connection: Connection) -> bool:
    """Whether the views that stand are exactly those of the SQL files."""
    return installed_views(connection) == view_digests()


def create(connection: Connection) -> None:
    """Makes all views and the record of them; on PostgreSQL the public ones lie in the schema that readers enter."""
    apart = f"{postgresql.PUBLIC}." if connection.dialect.name == POSTGRESQL else ""
    for name, definition in definitions().items():
        connection.exec_driver_sql(f"CREATE VIEW {apart if name in PUBLIC else ''}{name} AS\n{definition}")
    rows = [
        f"SELECT {i} AS place, '{name}' AS name, '{digest}' AS digest"
        for i, (name, digest) in enumerate(view_digests())
    ]
    connection.exec_driver_sql(f"CREATE VIEW {IN_FORCE} AS\n" + "\nUNION ALL ".join(rows))


def drop(connection: Connection) -> None:
    """Drops the views that stand, the last first; raises WarehouseError where another view needs one."""
    found = installed_views(connection)
    for name in (IN_FORCE, *(name for name, _ in reversed(found))) if found else ():
        try:
            connection.exec_driver_sql(f"DROP VIEW {name}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == postgresql.NOT_ALLOWED:
                raise
            reason = " ".join(str(error.orig).split())
            raise WarehouseError(f"the view {name} cannot be made anew: {reason}; drop what depends on it") from error


def installed_views(connection: Connection) -> list[tuple[str, str]]:
    """Name and digest of the views that stand, in the order of creation."""
    if not inspect(connection).has_table(IN_FORCE):
        return []
    rows = connection.execute(text(f"SELECT name, digest FROM {IN_FORCE} ORDER BY place"))
    return [(name, digest) for name, digest in rows]


def view_digests() -> list[tuple[str, str]]:
    """Name and digest of the views that should stand."""
    return [(name, sha256(sql.encode()).hexdigest()) for name, sql in definitions().items()]
