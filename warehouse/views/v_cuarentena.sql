-- One row per quarantined row, kept as the unit wrote it.
SELECT
    v.ejercicio,
    v.trimestre,
    v.version,
    v.vigente,
    q.unit_code AS ur,
    q.activity_no AS no_actividad,
    q.sheet AS hoja,
    q.row AS fila,
    q.rules AS reglas,
    q.cells AS celdas,
    q.proposal AS propuesta
FROM visible_quarantined_row v
JOIN quarantined_row q ON q.id = v.quarantined_row_id
