-- The judgements that a version refers to, each once; `speaks`: for at least one UR.
SELECT
    s.snapshot_id,
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    u.judgement_id,
    MAX(CASE WHEN u.status IN ('aceptado', 'observado') THEN 1 ELSE 0 END) AS speaks
FROM snapshot_state s
JOIN snapshot_unit u ON u.snapshot_id = s.snapshot_id
WHERE u.judgement_id IS NOT NULL
GROUP BY s.snapshot_id, s.ejercicio, s.trimestre, s.version, s.vigente, u.judgement_id
