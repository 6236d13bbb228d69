-- The findings that a version shows: those of its judgements and its own, but for a UR for which another judgement
-- speaks; of a judgement that is set aside, for others speak for all its URs, only the version's own. A finding about a
-- whole workbook is shown under the UR in whose name the workbook came.
SELECT
    s.snapshot_id,
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    COALESCE(f.unit_code, NULLIF(j.sender, '')) AS ur,
    f.id AS finding_id
FROM snapshot_judgement s
JOIN judgement j ON j.id = s.judgement_id
JOIN finding f ON f.judgement_id = s.judgement_id AND (f.snapshot_id IS NULL OR f.snapshot_id = s.snapshot_id)
LEFT JOIN judgement_unit d ON d.judgement_id = f.judgement_id AND d.unit_code = f.unit_code
LEFT JOIN snapshot_unit u
    ON u.snapshot_id = s.snapshot_id AND u.unit_code = f.unit_code AND u.judgement_id = f.judgement_id
WHERE d.id IS NULL OR u.id IS NOT NULL
UNION ALL
SELECT
    s.snapshot_id,
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    COALESCE(f.unit_code, NULLIF(j.sender, '')) AS ur,
    f.id AS finding_id
FROM snapshot_state s
JOIN finding f ON f.snapshot_id = s.snapshot_id
JOIN judgement j ON j.id = f.judgement_id
WHERE NOT EXISTS (
    SELECT 1 FROM snapshot_unit u WHERE u.snapshot_id = s.snapshot_id AND u.judgement_id = f.judgement_id
)
