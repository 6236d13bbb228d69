"""A01-A08: whether the file can be read and holds the form."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.rules.layout import DISPLACED, by_order

HIDDEN, OURS = "hidden", "observations"


def _no_form(evidence: Evidence, _: Context) -> pl.DataFrame:
    ours = (
        pl.when(pl.col(c.FILE_ID).is_in(evidence.ours_alone[c.FILE_ID].to_list()))
        .then(pl.lit(OURS))
        .otherwise(pl.lit(""))
    )
    none = evidence.workbooks.filter(pl.col(c.PAGES) == 0).select(c.FILE_ID, ours.alias(c.VARIANT))
    hidden = evidence.unread.select(c.FILE_ID, c.SHEET, pl.lit(HIDDEN).alias(c.VARIANT), pl.col(c.SHEET).alias(c.VALUE))
    return pl.concat([none, hidden], how="diagonal")


def _other_year(evidence: Evidence, context: Context) -> pl.DataFrame:
    other = evidence.workbooks.filter((pl.col(c.PAGES) > 0) & (pl.col(c.FISCAL_YEAR) != context.year))
    return other.select(
        c.FILE_ID,
        pl.col(c.FISCAL_YEAR).cast(pl.String).alias(c.VALUE),
        pl.lit(str(context.year)).alias(c.EXPECTED),
        (pl.col(c.FISCAL_YEAR) - context.year).cast(pl.Float64).alias(c.DIFFERENCE),
    )


def _column_missing(evidence: Evidence, context: Context) -> pl.DataFrame:
    missing = evidence.workbooks.filter((pl.col(c.PAGES) > 0) & pl.col(c.MISSING).is_not_null())
    lacking = missing.select(c.FILE_ID, pl.col(c.MISSING).alias(c.EXPECTED))
    return pl.concat([lacking, by_order(evidence, context)], how="diagonal")


def _no_activity(evidence: Evidence, _: Context) -> pl.DataFrame:
    whole = evidence.workbooks.filter((pl.col(c.PAGES) > 0) & pl.col(c.MISSING).is_null())
    return whole.join(evidence.rows, on=c.FILE_ID, how="anti").select(c.FILE_ID)


CARDS = (
    Card(
        code="A01",
        title="El archivo se puede leer",
        why="Un archivo que no abre no dice nada: sin él, la unidad queda como faltante.",
        fields=(),
        scope="workbook",
        messages={
            "empty": "El archivo está vacío (0 bytes).",
            "lock_file": "Es el archivo de bloqueo que Excel crea mientras el libro está abierto (empieza con «~$»), no el libro.",
            "html": "Es una página web guardada con terminación de Excel; no es un libro de Excel.",
            "not_a_workbook": "El contenido no es un libro de Excel, aunque su nombre lo parezca.",
            "damaged": "El archivo está dañado o incompleto y no se puede abrir.",
            "document_type": "El archivo contiene una definición de tipo de documento (DTD), que ningún libro de Excel lleva; por seguridad no se abre.",
            "unreadable": "El sistema no pudo abrir el archivo ({error}).",
        },
        remedy="Abra su libro en Excel, use «Guardar como» con el tipo «Libro de Excel (.xlsx)» y envíelo de nuevo.",
        example="Un correo cortó el archivo a la mitad.",
        variants=("",),
    ),
    Card(
        code="A02",
        title="El archivo no está cifrado",
        why="El sistema no conoce contraseñas ni las pide; lo cifrado no se puede revisar.",
        fields=(),
        scope="workbook",
        messages={"encrypted": "El archivo tiene contraseña de apertura y no se puede leer."},
        remedy="En Excel, quite la contraseña en «Archivo > Información > Proteger libro > Cifrar con contraseña», guarde y envíelo de nuevo.",
        example="Libro protegido con contraseña para abrirlo.",
    ),
    Card(
        code="A03",
        title="El archivo está dentro de los límites",
        why="Un libro de tamaño normal se lee en milésimas de segundo; uno desmedido suele traer imágenes, hojas ajenas o renglones vacíos con formato.",
        fields=(),
        scope="workbook",
        messages={
            "bytes": "El archivo pesa {found}; el límite es {limit}.",
            "expanded": "El contenido del archivo pesa {found} al abrirse; el límite es {limit}.",
            "members": "El archivo contiene {found} partes; el límite es {limit}.",
            "sheets": "El libro tiene {found} hojas; el límite es {limit}.",
            "cells": "El libro abarca {found} celdas; el límite es {limit}.",
            "reader_failed": "El lector no pudo procesar el contenido del archivo.",
            "timeout": "El archivo no se pudo leer en el tiempo permitido ({limit} segundos).",
            "worker_died": "El archivo agotó la memoria permitida o detuvo el lector.",
        },
        remedy="Copie el formato a un libro nuevo, sin hojas ni imágenes ajenas al POA, guárdelo y envíelo de nuevo.",
        example="Libro con un millón de renglones vacíos con formato.",
    ),
    Card(
        code="A04",
        title="El libro contiene el formato del POA",
        why="Sin la tabla de actividades no hay nada que consolidar.",
        fields=(),
        scope="workbook",
        messages={
            "": "Ninguna hoja del libro contiene la tabla de actividades del POA.",
            OURS: "Es el libro de observaciones que se le envió, no su libro del POA. Sus respuestas se leyeron; si ya había entregado su libro, esa entrega sigue vigente.",
            HIDDEN: "La hoja oculta «{found}» también contiene el formato; no se leyó, porque hay otra a la vista.",
        },
        remedy="Envíe su libro del POA. Si creía haberlo enviado, verifique que envió el libro correcto y que conserva los encabezados del formato, con sus números entre paréntesis. Si la hoja oculta es la buena, muéstrela y quite la otra; si es una copia, no tiene que hacer nada.",
        example="Se envió la plantilla de personal en lugar del POA; o quedó oculta una copia del trimestre anterior.",
        variants=("", HIDDEN),
        check=_no_form,
    ),
    Card(
        code="A05",
        title="El formato es del ejercicio solicitado",
        why="Las metas de otro ejercicio no se pueden sumar con las de este.",
        fields=(),
        scope="workbook",
        messages={"": "El formato dice ejercicio {found}; se solicitó el de {expected}."},
        remedy="Envíe el formato del ejercicio solicitado.",
        example="Se envió el POA del año anterior.",
        check=_other_year,
    ),
    Card(
        code="A06",
        title="Están todas las columnas obligatorias",
        why="Lo que no está en su columna, o está bajo un encabezado equivocado, se leería como otra cosa.",
        fields=(13, 14, 15, 19, 20, 21),
        scope="workbook",
        messages={
            "": "En la tabla de actividades no se encontraron estas columnas: {expected}.",
            DISPLACED: "Los encabezados de esta tabla faltan o no están sobre sus datos; los datos se leyeron en el orden del formato, en el que las sumas cuadran.",
        },
        remedy="Restituya las columnas con su encabezado, tal como las imprime el formato, y envíe el libro de nuevo.",
        example="Se borró la columna META ANUAL (19).",
        variants=("", DISPLACED),
        check=_column_missing,
    ),
    Card(
        code="A08",
        title="Hay al menos una actividad capturada",
        why="Un formato sin actividades no informa nada del trimestre.",
        fields=(13, 14, 15),
        scope="workbook",
        messages={"": "El formato no tiene ninguna actividad capturada."},
        remedy="Capture las actividades de la unidad y envíe el libro de nuevo.",
        example="Se envió el formato en blanco.",
        check=_no_activity,
    ),
)
