CREATE OR REPLACE FUNCTION publish_friendliness() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    DELETE FROM service_friendliness WHERE organisation_id = tenant() AND month <> present_month();
    INSERT INTO service_friendliness (organisation_id, service_id, month, friendliness)
        SELECT service_organisation_id, service_id, present_month(), round(avg(mean) * 2) / 2
        FROM (
            SELECT service_organisation_id, service_id, avg(friendliness) AS mean, count(*) AS ratings
            FROM client_report
            WHERE service_organisation_id = tenant() AND from_organisation_id <> tenant() AND rated_in < present_month()
            GROUP BY service_organisation_id, service_id, from_organisation_id
        ) AS of_organisation
        GROUP BY service_organisation_id, service_id
        HAVING sum(ratings) >= 10 AND count(*) >= 3
        ON CONFLICT (organisation_id, service_id) DO NOTHING;
END;
COMMENT ON TABLE service_friendliness IS 'DIRECTORY: how friendly other organisations'' clients found a service, each organisation weighing the same, as it was when that month began, rounded to halves; no row below the threshold.';
DROP POLICY service_publish ON service;
DROP POLICY referral_client_of_rating ON referral_client;
CREATE OR REPLACE FUNCTION check_rating() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.friendliness IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.from_organisation_id, NEW.referral_id, NEW.friendliness, NEW.service_organisation_id, NEW.service_id, NEW.rated_in)
        IS NOT DISTINCT FROM (OLD.from_organisation_id, OLD.referral_id, OLD.friendliness, OLD.service_organisation_id, OLD.service_id, OLD.rated_in) THEN
        RETURN NEW;
    END IF;
    PERFORM FROM referral_progress
    WHERE from_organisation_id = NEW.from_organisation_id AND referral_id = NEW.referral_id
        AND to_organisation_id = NEW.service_organisation_id AND service_id = NEW.service_id;
    IF NOT FOUND OR NEW.rated_in IS DISTINCT FROM present_month() THEN
        RAISE EXCEPTION 'a rating is of the service that its referral names, in the present month' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION check_rating() IS 'Raises 42501 unless a rating that is given or changed is of the service that its referral names, in the present month.';
ALTER TABLE referral_sender DROP COLUMN service_id;
COMMENT ON TABLE referral_sender IS 'PRIVATE from_organisation_id: who of the sender referred, why it was called off, and in whose stead it was made.';
