-- Each activity of a version with its figures over quarters 1 to the reported one, read as its unit of measure wants:
-- their sum, the last, the average or the highest. A quarter with nothing planned is no part of an average, and one
-- with nothing planned and nothing achieved is not the last.
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
    a.measure AS unidad_canonica,
    a.reading,
    a.assigned_amount AS monto_asignado,
    a.annual_target AS meta_anual,
    CASE a.reading
        WHEN 'last' THEN COALESCE(
            (SELECT q.planned FROM activity_quarter q
             WHERE q.activity_id = a.id AND q.quarter <= s.trimestre AND q.planned <> 0
             ORDER BY q.quarter DESC LIMIT 1), 0.0)
        WHEN 'average' THEN COALESCE(
            (SELECT AVG(q.planned) FROM activity_quarter q
             WHERE q.activity_id = a.id AND q.quarter <= s.trimestre AND q.planned <> 0), 0.0)
        WHEN 'maximum' THEN COALESCE(
            (SELECT MAX(q.planned) FROM activity_quarter q
             WHERE q.activity_id = a.id AND q.quarter <= s.trimestre), 0.0)
        ELSE COALESCE(q1.planned, 0.0) + COALESCE(q2.planned, 0.0) + COALESCE(q3.planned, 0.0)
            + COALESCE(q4.planned, 0.0)
    END AS programado_a_la_fecha,
    CASE a.reading
        WHEN 'last' THEN COALESCE(
            (SELECT q.achieved FROM activity_quarter q
             WHERE q.activity_id = a.id AND q.quarter <= s.trimestre AND q.achieved IS NOT NULL
                AND (q.planned <> 0 OR q.achieved <> 0)
             ORDER BY q.quarter DESC LIMIT 1), 0.0)
        WHEN 'average' THEN COALESCE(
            (SELECT AVG(q.achieved) FROM activity_quarter q
             WHERE q.activity_id = a.id AND q.quarter <= s.trimestre AND q.planned <> 0), 0.0)
        WHEN 'maximum' THEN COALESCE(
            (SELECT MAX(q.achieved) FROM activity_quarter q
             WHERE q.activity_id = a.id AND q.quarter <= s.trimestre), 0.0)
        ELSE COALESCE(q1.achieved, 0.0) + COALESCE(q2.achieved, 0.0) + COALESCE(q3.achieved, 0.0)
            + COALESCE(q4.achieved, 0.0)
    END AS realizado_a_la_fecha
FROM snapshot_state s
JOIN snapshot_unit u ON u.snapshot_id = s.snapshot_id AND u.status IN ('aceptado', 'observado')
JOIN activity a ON a.judgement_id = u.judgement_id AND a.unit_code = u.unit_code
LEFT JOIN activity_quarter q1 ON q1.activity_id = a.id AND q1.quarter = 1 AND s.trimestre >= 1
LEFT JOIN activity_quarter q2 ON q2.activity_id = a.id AND q2.quarter = 2 AND s.trimestre >= 2
LEFT JOIN activity_quarter q3 ON q3.activity_id = a.id AND q3.quarter = 3 AND s.trimestre >= 3
LEFT JOIN activity_quarter q4 ON q4.activity_id = a.id AND q4.quarter = 4 AND s.trimestre >= 4
