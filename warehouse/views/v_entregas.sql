-- One row per UR expected. `renglones` counts the rows found, those in quarantine included; `observaciones` leaves out
-- the waived ones, `dispensadas`. `estado_version`: preliminar, or definitivo from the closing of the quarter on.
SELECT
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    u.unit_code AS ur,
    u.unit_name AS unidad,
    u.status AS estado,
    b.received_local AS recibida_en,
    b.on_time AS oportuna,
    b.file AS libro,
    COALESCE(d.rows_accepted + d.rows_quarantined, j.rows_found) AS renglones,
    COALESCE(d.rows_quarantined, j.rows_quarantined) AS en_cuarentena,
    u.findings AS observaciones,
    u.quality AS calidad,
    u.findings_waived AS dispensadas,
    s.state AS estado_version
FROM snapshot_state s
JOIN snapshot_unit u ON u.snapshot_id = s.snapshot_id
LEFT JOIN judgement j ON j.id = u.judgement_id
LEFT JOIN submission b ON b.id = j.submission_id
LEFT JOIN judgement_unit d ON d.judgement_id = u.judgement_id AND d.unit_code = u.unit_code
