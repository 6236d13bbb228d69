-- One row per strategy; activities that name none stand under a null. Means as in v_avance_unidad.
SELECT
    a.ejercicio,
    a.trimestre,
    a.version,
    a.vigente,
    a.estrategia,
    COUNT(*) AS actividades,
    SUM(a.monto_asignado) AS monto_asignado,
    CASE
        WHEN SUM(a.peso_cumplimiento) > 0 THEN SUM(a.cumplimiento * a.peso_cumplimiento) / SUM(a.peso_cumplimiento)
        ELSE AVG(a.cumplimiento)
    END AS cumplimiento,
    CASE
        WHEN SUM(a.peso_avance_anual) > 0 THEN SUM(a.avance_anual * a.peso_avance_anual) / SUM(a.peso_avance_anual)
        ELSE AVG(a.avance_anual)
    END AS avance_anual
FROM activity_weight a
GROUP BY a.ejercicio, a.trimestre, a.version, a.vigente, a.estrategia
