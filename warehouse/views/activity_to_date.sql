-- Each activity of a version with its sums over quarters 1 to the reported one.
-- Year, quarter and version are grouped by as well, so that a filter on them reaches the tables.
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
    COALESCE(SUM(q.planned), 0.0) AS programado_a_la_fecha,
    COALESCE(SUM(q.achieved), 0.0) AS realizado_a_la_fecha
FROM snapshot_state s
JOIN snapshot_unit u ON u.snapshot_id = s.snapshot_id AND u.status IN ('aceptado', 'observado')
JOIN activity a ON a.judgement_id = u.judgement_id AND a.unit_code = u.unit_code
JOIN activity_quarter q ON q.activity_id = a.id AND q.quarter <= s.trimestre
GROUP BY s.ejercicio, s.trimestre, s.version, s.vigente, s.green, s.amber, s.blue, u.id, a.id
