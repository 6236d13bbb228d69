-- Each activity of a version with its sums over quarters 1 to the reported one.
-- Joins instead of a GROUP BY: SQLite carries a filter on the quarter through one level of grouping, not through two.
SELECT
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    s.green,
    s.amber,
    s.blue,
    u.unit_code AS ur,
    u.unit_name AS unidad,
    a.activity_no AS no_actividad,
    a.description AS actividad,
    a.strategy_code AS estrategia,
    a.measure_unit AS unidad_medida,
    a.assigned_amount AS monto_asignado,
    a.annual_target AS meta_anual,
    COALESCE(q1.planned, 0.0) + COALESCE(q2.planned, 0.0) + COALESCE(q3.planned, 0.0) + COALESCE(q4.planned, 0.0)
        AS programado_a_la_fecha,
    COALESCE(q1.achieved, 0.0) + COALESCE(q2.achieved, 0.0) + COALESCE(q3.achieved, 0.0) + COALESCE(q4.achieved, 0.0)
        AS realizado_a_la_fecha
FROM snapshot_state s
JOIN snapshot_unit u ON u.snapshot_id = s.snapshot_id AND u.status IN ('aceptado', 'observado')
JOIN activity a ON a.judgement_id = u.judgement_id AND a.unit_code = u.unit_code
LEFT JOIN activity_quarter q1 ON q1.activity_id = a.id AND q1.quarter = 1 AND s.trimestre >= 1
LEFT JOIN activity_quarter q2 ON q2.activity_id = a.id AND q2.quarter = 2 AND s.trimestre >= 2
LEFT JOIN activity_quarter q3 ON q3.activity_id = a.id AND q3.quarter = 3 AND s.trimestre >= 3
LEFT JOIN activity_quarter q4 ON q4.activity_id = a.id AND q4.quarter = 4 AND s.trimestre >= 4
