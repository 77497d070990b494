-- A figure can't be aimed at one client. A rating is of the service that the sender named: the rated organisation moves the referral, and
-- not the rating. The service stands in a row that the sender alone reads, and refers to no row that others could see locked.
ALTER TABLE referral_sender ADD COLUMN service_id uuid;
COMMENT ON TABLE referral_sender IS 'PRIVATE from_organisation_id: who of the sender referred and to which service, why it was called off, and in whose stead it was made.';
GRANT SELECT (service_id), INSERT (service_id), UPDATE (service_id) ON referral_sender TO pamoja_app;

-- What was named before isn't known any more: the service that the referral is at comes closest.
ALTER TABLE referral_sender NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
UPDATE referral_sender SET service_id = progress.service_id
FROM referral_progress AS progress
WHERE progress.from_organisation_id = referral_sender.from_organisation_id AND progress.referral_id = referral_sender.referral_id
    AND progress.service_id IS NOT NULL;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_sender FORCE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION check_rating() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.friendliness IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.from_organisation_id, NEW.referral_id, NEW.friendliness, NEW.service_organisation_id, NEW.service_id, NEW.rated_in)
        IS NOT DISTINCT FROM (OLD.from_organisation_id, OLD.referral_id, OLD.friendliness, OLD.service_organisation_id, OLD.service_id, OLD.rated_in) THEN
        RETURN NEW;
    END IF;
    PERFORM FROM referral_progress AS progress
    JOIN referral_sender AS sent ON sent.from_organisation_id = progress.from_organisation_id AND sent.referral_id = progress.referral_id
    WHERE progress.from_organisation_id = NEW.from_organisation_id AND progress.referral_id = NEW.referral_id
        AND progress.to_organisation_id = NEW.service_organisation_id AND sent.service_id = NEW.service_id;
    IF NOT FOUND OR NEW.rated_in IS DISTINCT FROM present_month() THEN
        RAISE EXCEPTION 'a rating is of the service that the client was referred to, in the present month' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION check_rating() IS 'Raises 42501 unless a rating that is given or changed is of the service that the client was referred to, in the present month.';

-- For publish_friendliness alone.
CREATE POLICY service_publish ON service FOR SELECT TO pamoja_owner USING (organisation_id = tenant() AND door() = 'job');

-- It tells clients apart, and gives nothing back.
CREATE POLICY referral_client_of_rating ON referral_client FOR SELECT TO pamoja_owner USING ((SELECT door()) = 'job'
    AND (from_organisation_id, referral_id) IN (
        SELECT report.from_organisation_id, report.referral_id FROM client_report AS report WHERE report.service_organisation_id = (SELECT tenant())));

-- Each organisation weighs the same, and counts from three clients on who rated that service; a client who rated several times counts
-- once, with the mean. What was rated in a service's first three months doesn't count: nobody makes a service for one client to rate.
CREATE OR REPLACE FUNCTION publish_friendliness() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    DELETE FROM service_friendliness WHERE organisation_id = tenant() AND month <> present_month();
    INSERT INTO service_friendliness (organisation_id, service_id, month, friendliness)
        SELECT service_organisation_id, service_id, present_month(), round(avg(mean) * 2) / 2
        FROM (
            SELECT service_organisation_id, service_id, avg(of_client.mean) AS mean, count(*) AS clients
            FROM (
                SELECT report.service_organisation_id, report.service_id, report.from_organisation_id, avg(report.friendliness) AS mean
                FROM client_report AS report
                JOIN service ON service.organisation_id = report.service_organisation_id AND service.id = report.service_id
                JOIN referral_client AS rater ON rater.from_organisation_id = report.from_organisation_id AND rater.referral_id = report.referral_id
                WHERE report.service_organisation_id = tenant() AND report.from_organisation_id <> tenant() AND report.rated_in < present_month()
                    AND report.rated_in >= (service.created_at AT TIME ZONE 'UTC' + interval '3 hours')::date + interval '3 months'
                GROUP BY report.service_organisation_id, report.service_id, report.from_organisation_id, rater.client
            ) AS of_client
            GROUP BY service_organisation_id, service_id, from_organisation_id
            HAVING count(*) >= 3
        ) AS of_organisation
        GROUP BY service_organisation_id, service_id
        HAVING sum(clients) >= 10 AND count(*) >= 3
        ON CONFLICT (organisation_id, service_id) DO NOTHING;
END;
COMMENT ON TABLE service_friendliness IS 'DIRECTORY: how friendly other organisations'' clients found a service, each organisation weighing the same from three clients on, as it was when that month began, rounded to halves; no row below the threshold.';
