-- One row per activity. cumplimiento = achieved to date / planned to date; avance_anual = achieved to date / target.
SELECT
    a.ejercicio,
    a.trimestre,
    a.version,
    a.vigente,
    a.ur,
    a.unidad,
    a.no_actividad,
    a.actividad,
    a.estrategia,
    a.unidad_medida,
    a.monto_asignado,
    a.meta_anual,
    a.programado_a_la_fecha,
    a.realizado_a_la_fecha,
    a.cumplimiento,
    a.avance_anual,
    CASE
        WHEN a.cumplimiento IS NULL THEN 'sin programar'
        WHEN a.cumplimiento > a.blue THEN 'azul'
        WHEN a.cumplimiento >= a.green THEN 'verde'
        WHEN a.cumplimiento >= a.amber THEN 'amarillo'
        ELSE 'rojo'
    END AS semaforo,
    a.unidad_canonica,
    CASE a.reading WHEN 'last' THEN 'último' WHEN 'average' THEN 'promedio' WHEN 'maximum' THEN 'máximo' ELSE 'suma' END
        AS lectura
FROM activity_ratio a
