-- Each activity of a version with its two ratios: achieved to date / planned to date, and achieved to date / target.
SELECT
    t.*,
    CASE WHEN t.programado_a_la_fecha > 0 THEN t.realizado_a_la_fecha / t.programado_a_la_fecha END AS cumplimiento,
    CASE WHEN t.meta_anual > 0 THEN t.realizado_a_la_fecha / t.meta_anual END AS avance_anual
FROM activity_to_date t
