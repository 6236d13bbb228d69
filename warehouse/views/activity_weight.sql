-- What each activity adds to the means of its UR and its strategy: its ratios capped at 1 and, for each mean, its
-- weight, the assigned amount; null where the activity does not count in that mean. `razon` is cumplimiento uncapped.
SELECT
    a.ejercicio,
    a.trimestre,
    a.version,
    a.vigente,
    a.ur,
    a.unidad,
    a.estrategia,
    a.monto_asignado,
    a.cumplimiento AS razon,
    a.green,
    a.amber,
    a.blue,
    CASE WHEN a.cumplimiento > 1 THEN 1.0 ELSE a.cumplimiento END AS cumplimiento,
    CASE WHEN a.cumplimiento IS NOT NULL THEN COALESCE(a.monto_asignado, 0.0) END AS peso_cumplimiento,
    CASE WHEN a.avance_anual > 1 THEN 1.0 ELSE a.avance_anual END AS avance_anual,
    CASE WHEN a.avance_anual IS NOT NULL THEN COALESCE(a.monto_asignado, 0.0) END AS peso_avance_anual
FROM activity_ratio a
