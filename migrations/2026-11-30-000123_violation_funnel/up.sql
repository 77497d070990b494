-- The justice funnel: how far an organisation's violations came. Whoever may read the figures need not read a violation, so it is counted
-- here, and nothing but the counts leaves.

CREATE POLICY violation_step_own ON violation_step FOR SELECT TO pamoja_owner USING (organisation_id = (SELECT tenant()));
ALTER POLICY violation_own ON violation USING (organisation_id = (SELECT tenant()));

CREATE FUNCTION months_between(earlier date, later date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (extract(year FROM later) - extract(year FROM earlier))::integer * 12 + (extract(month FROM later) - extract(month FROM earlier))::integer;
COMMENT ON FUNCTION months_between(date, date) IS 'How many months later the one month is than the other; less than none when it is earlier.';
REVOKE ALL ON FUNCTION months_between(date, date) FROM PUBLIC;

CREATE FUNCTION violation_funnel(
    first_month date, last_month date, of_types text[], by_perpetrators text[], in_counties text[], of_populations text[],
    reporting text[], following_up text[], before_court text[], mediating text[], bands integer[]
) RETURNS TABLE (part text, stage text, band integer, outcome text, reason text, cases bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' OR NOT on_own_device() OR NOT may_do('violationFunnel') THEN
        RAISE EXCEPTION 'the funnel is read by paralegals and analysts, from devices of their own' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH selected AS (
        SELECT violation.id, violation.documented_in, violation.outcome::text AS outcome, violation.ended_in, violation.end_reasons::text[] AS end_reasons,
            violation.not_reported_reasons::text[] AS not_reported_reasons
        FROM violation
        WHERE violation.documented_in BETWEEN first_month AND last_month AND violation.status <> 'ENTERED_IN_ERROR'
            AND (cardinality(of_types) = 0 OR violation.types::text[] && of_types)
            AND (cardinality(by_perpetrators) = 0 OR violation.perpetrators::text[] && by_perpetrators)
            AND (cardinality(in_counties) = 0 OR violation.county_code::text = ANY (in_counties))
            AND (cardinality(of_populations) = 0 OR violation.populations::text[] && of_populations)
    ), reached AS (
        SELECT step.violation_id,
            min(step.month) FILTER (WHERE step.kind::text = ANY (reporting)) AS reported_in,
            min(step.month) FILTER (WHERE step.kind::text = ANY (following_up)) AS followed_up_in,
            min(step.month) FILTER (WHERE step.kind::text = ANY (before_court)) AS in_court_in,
            min(step.month) FILTER (WHERE step.kind::text = ANY (mediating)) AS mediated_in
        FROM violation_step AS step
        GROUP BY step.violation_id
    ), way AS MATERIALIZED (
        SELECT selected.*,
            CASE
                WHEN reached.in_court_in IS NOT NULL THEN 'IN_COURT'
                WHEN reached.followed_up_in IS NOT NULL THEN 'FOLLOWED_UP'
                WHEN reached.reported_in IS NOT NULL THEN 'REPORTED'
                WHEN reached.mediated_in IS NOT NULL THEN 'MEDIATION'
                ELSE 'DOCUMENTED'
            END AS furthest,
            width_bucket(months_between(selected.documented_in, reached.reported_in), bands) AS reported,
            width_bucket(months_between(selected.documented_in, reached.followed_up_in), bands) AS followed_up,
            width_bucket(months_between(selected.documented_in, reached.in_court_in), bands) AS in_court,
            width_bucket(months_between(selected.documented_in, reached.mediated_in), bands) AS mediated,
            CASE WHEN selected.outcome IS NOT NULL THEN width_bucket(months_between(selected.documented_in, selected.ended_in), bands) END AS ended
        FROM selected LEFT JOIN reached ON reached.violation_id = selected.id
    ), alike AS (
        SELECT way.reported, way.followed_up, way.in_court, way.mediated, way.ended, count(*) AS many FROM way GROUP BY 1, 2, 3, 4, 5
    )
    SELECT 'STAGE', came.stage, came.band, NULL::text, NULL::text, sum(alike.many)::bigint
    FROM alike, LATERAL (VALUES
        ('DOCUMENTED', 0), ('REPORTED', alike.reported), ('FOLLOWED_UP', alike.followed_up), ('IN_COURT', alike.in_court),
        ('MEDIATION', alike.mediated), ('ENDED', alike.ended)
    ) AS came (stage, band)
    WHERE came.band IS NOT NULL
    GROUP BY 2, 3
    UNION ALL
    SELECT 'ENDING', way.furthest, NULL, way.outcome, NULL, count(*) FROM way WHERE way.outcome IS NOT NULL GROUP BY 2, 4
    UNION ALL
    SELECT 'ENDING_REASON', way.furthest, NULL, way.outcome, given.code, count(*)
    FROM way, unnest(way.end_reasons) AS given (code) WHERE way.outcome IS NOT NULL GROUP BY 2, 4, 5
    UNION ALL
    SELECT 'NOT_REPORTED', NULL, NULL, NULL, given.code, count(*) FROM way, unnest(way.not_reported_reasons) AS given (code) GROUP BY 5;
END
$$;
COMMENT ON FUNCTION violation_funnel(date, date, text[], text[], text[], text[], text[], text[], text[], text[], integer[]) IS 'How far the tenant''s violations came that were documented in these months, in counts. Which kinds of steps lead to a stage and where the bands begin the program says.';
REVOKE ALL ON FUNCTION violation_funnel(date, date, text[], text[], text[], text[], text[], text[], text[], text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION violation_funnel(date, date, text[], text[], text[], text[], text[], text[], text[], text[], integer[]) TO pamoja_app;
