-- Each published version of a quarter; `vigente`: the last one.
SELECT
    s.id AS snapshot_id,
    s.year AS ejercicio,
    s.quarter AS trimestre,
    s.version AS version,
    s.version = (SELECT MAX(l.version) FROM snapshot l WHERE l.year = s.year AND l.quarter = s.quarter) AS vigente,
    s.green AS green,
    s.amber AS amber,
    s.blue AS blue,
    s.state AS state
FROM snapshot s
