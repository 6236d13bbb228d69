-- The quarantined rows that a version shows: those of its judgements, but for a UR for which another judgement speaks.
SELECT
    s.snapshot_id,
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    q.id AS quarantined_row_id
FROM snapshot_judgement s
JOIN quarantined_row q ON q.judgement_id = s.judgement_id
LEFT JOIN judgement_unit d ON d.judgement_id = q.judgement_id AND d.unit_code = q.unit_code
LEFT JOIN snapshot_unit u
    ON u.snapshot_id = s.snapshot_id AND u.unit_code = q.unit_code AND u.judgement_id = q.judgement_id
WHERE d.id IS NULL OR u.id IS NOT NULL
