-- One row per finding; one about the whole workbook stands under the UR in whose name it came. Units' answers are not read back yet.
SELECT
    v.ejercicio,
    v.trimestre,
    v.version,
    v.vigente,
    v.ur,
    f.activity_no AS no_actividad,
    f.rule AS regla,
    f.severity AS severidad,
    f.sheet AS hoja,
    f.cell AS celda,
    f.label AS campo,
    f.value AS valor,
    f.expected AS esperado,
    f.difference AS diferencia,
    f.message AS mensaje,
    f.waived AS dispensada,
    CAST(NULL AS TEXT) AS respuesta
FROM visible_finding v
JOIN finding f ON f.id = v.finding_id
