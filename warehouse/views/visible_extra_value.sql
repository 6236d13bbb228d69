-- The values beyond the core of the form that a version shows: those of workbooks that speak for a UR, but for a UR for
-- which they do not.
SELECT
    s.snapshot_id,
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    x.id AS extra_value_id
FROM snapshot_judgement s
JOIN extra_value x ON x.judgement_id = s.judgement_id
LEFT JOIN judgement_unit d ON d.judgement_id = x.judgement_id AND d.unit_code = x.unit_code
LEFT JOIN snapshot_unit u
    ON u.snapshot_id = s.snapshot_id AND u.unit_code = x.unit_code AND u.judgement_id = x.judgement_id
    AND u.status IN ('aceptado', 'observado')
WHERE s.speaks = 1 AND (d.id IS NULL OR u.id IS NOT NULL)
