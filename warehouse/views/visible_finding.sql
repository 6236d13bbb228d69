-- The findings that a version shows: those of its judgements and its own, but for a UR for which another judgement
-- speaks. A finding about a whole workbook is shown under the UR in whose name the workbook came.
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
