-- Each published version of a quarter; `vigente`: the last one, which no other follows.
-- A join, not a subquery of its own: databases carry a filter on `vigente` through a grouping only where it is none.
SELECT
    s.id AS snapshot_id,
    s.year AS ejercicio,
    s.quarter AS trimestre,
    s.version AS version,
    n.id IS NULL AS vigente,
    s.green AS green,
    s.amber AS amber,
    s.blue AS blue,
    s.state AS state
FROM snapshot s
LEFT JOIN snapshot n ON n.year = s.year AND n.quarter = s.quarter AND n.version = s.version + 1
