-- One row per value of a field that has no column of its own, and per cell of a column that the form does not have.
SELECT
    v.ejercicio,
    v.trimestre,
    v.version,
    v.vigente,
    x.unit_code AS ur,
    x.activity_no AS no_actividad,
    x.label AS campo,
    x.value AS valor,
    x.sheet AS hoja,
    x.cell AS celda
FROM visible_extra_value v
JOIN extra_value x ON x.id = v.extra_value_id
