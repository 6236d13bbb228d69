-- One row per UR that delivered. Means are weighted by assigned amount, plain where no amounts are stated.
-- Colours are counted by their bounds: databases work the name of each out again for every count.
SELECT
    a.ejercicio,
    a.trimestre,
    a.version,
    a.vigente,
    a.ur,
    a.unidad,
    COUNT(*) AS actividades,
    SUM(a.monto_asignado) AS monto_asignado,
    CASE
        WHEN SUM(a.peso_cumplimiento) > 0 THEN SUM(a.cumplimiento * a.peso_cumplimiento) / SUM(a.peso_cumplimiento)
        ELSE AVG(a.cumplimiento)
    END AS cumplimiento,
    CASE
        WHEN SUM(a.peso_avance_anual) > 0 THEN SUM(a.avance_anual * a.peso_avance_anual) / SUM(a.peso_avance_anual)
        ELSE AVG(a.avance_anual)
    END AS avance_anual,
    SUM(CASE WHEN a.razon BETWEEN a.green AND a.blue THEN 1 ELSE 0 END) AS verdes,
    SUM(CASE WHEN a.razon >= a.amber AND a.razon < a.green THEN 1 ELSE 0 END) AS amarillos,
    SUM(CASE WHEN a.razon < a.amber THEN 1 ELSE 0 END) AS rojos,
    SUM(CASE WHEN a.razon > a.blue THEN 1 ELSE 0 END) AS azules,
    COUNT(*) - COUNT(a.razon) AS sin_programar
FROM activity_weight a
GROUP BY a.ejercicio, a.trimestre, a.version, a.vigente, a.ur, a.unidad
