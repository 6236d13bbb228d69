-- One row per finding; one about the whole workbook stands under the UR in whose name it came. `conocida_desde` is when
-- the workbook that first told it was received; `respuesta`, what its unit answered until this version.
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
    w.finding_id IS NOT NULL AS dispensada,
    a.answer AS respuesta,
    b.received_local AS conocida_desde,
    b.quarter AS conocida_trimestre
FROM visible_finding v
JOIN finding f ON f.id = v.finding_id
JOIN judgement j ON j.id = f.judgement_id
LEFT JOIN known_finding k ON k.finding_id = f.id
JOIN submission b ON b.id = COALESCE(k.submission_id, j.submission_id)
LEFT JOIN snapshot_answer s ON s.snapshot_id = v.snapshot_id AND s.finding_id = v.finding_id
LEFT JOIN answer a ON a.id = s.answer_id
LEFT JOIN snapshot_waiver w ON w.snapshot_id = v.snapshot_id AND w.finding_id = v.finding_id
