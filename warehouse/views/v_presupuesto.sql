-- One row per budget line: the programme's once a workbook, a UR's from the workbook that speaks for that UR.
SELECT
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    CASE b.level WHEN 'programme' THEN 'programa' WHEN 'derived' THEN 'derivada' ELSE b.level END AS nivel,
    b.unit_code AS ur,
    COALESCE(u.unit_name, b.unit_name) AS unidad,
    b.assigned_amount AS asignado,
    b.exercised_q1 AS ejercido_t1,
    b.exercised_q2 AS ejercido_t2,
    b.exercised_q3 AS ejercido_t3,
    b.exercised_q4 AS ejercido_t4,
    b.reported_progress AS avance_reportado
FROM snapshot_judgement s
JOIN budget_line b ON b.judgement_id = s.judgement_id
LEFT JOIN snapshot_unit u
    ON u.snapshot_id = s.snapshot_id AND u.unit_code = b.unit_code AND u.judgement_id = b.judgement_id
    AND u.status IN ('aceptado', 'observado')
WHERE (b.level = 'programme' AND s.speaks = 1) OR u.id IS NOT NULL
