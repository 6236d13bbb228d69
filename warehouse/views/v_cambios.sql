-- One row per value that a version says otherwise than the one it is held against, `respecto_a`: the version before it,
-- or the current one of the last quarter before when it was published.
SELECT
    s.ejercicio,
    s.trimestre,
    s.version,
    s.vigente,
    h.unit_code AS ur,
    h.activity_no AS no_actividad,
    h.label AS campo,
    h.before AS antes,
    h.after AS despues,
    b.file AS origen,
    CAST(a.year AS TEXT) || 'T' || CAST(a.quarter AS TEXT) || '.' || CAST(a.version AS TEXT) AS respecto_a
FROM snapshot_state s
JOIN change h ON h.snapshot_id = s.snapshot_id
JOIN snapshot a ON a.id = h.against_id
LEFT JOIN submission b ON b.id = h.submission_id
