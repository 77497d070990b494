COMMENT ON TABLE service_friendliness IS 'DIRECTORY: the mean rating of a service as it was when that month began, rounded to halves; no row below the threshold.';
CREATE OR REPLACE FUNCTION publish_friendliness() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    DELETE FROM service_friendliness WHERE organisation_id = tenant() AND month < present_month();
    INSERT INTO service_friendliness (organisation_id, service_id, month, friendliness)
        SELECT service_organisation_id, service_id, present_month(), round(avg(friendliness) * 2) / 2
        FROM client_report
        WHERE service_organisation_id = tenant() AND from_organisation_id <> tenant() AND rated_in < present_month()
        GROUP BY service_organisation_id, service_id
        HAVING count(*) >= 10 AND count(DISTINCT from_organisation_id) >= 3
        ON CONFLICT (organisation_id, service_id) DO NOTHING;
END;
DROP TRIGGER client_report_check_rating ON client_report;
DROP FUNCTION check_rating();
ALTER TABLE client_report DROP CONSTRAINT client_report_of,
    ADD FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE,
    ADD FOREIGN KEY (service_organisation_id, service_id) REFERENCES service (organisation_id, id);
