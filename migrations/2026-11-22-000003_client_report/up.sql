-- What clients report to whoever referred them, and what of it everybody may know: once a month, a rounded mean over many.

CREATE FUNCTION present_month() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN date_trunc('month', moment() AT TIME ZONE 'UTC' + interval '3 hours')::date;
COMMENT ON FUNCTION present_month() IS 'The first day of the month that it is in Kenya.';

-- A row of its own, as all that only the sender may see; it refers to no table that the receiver reads the times of, and keeps the month alone.
CREATE TABLE client_report (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    outcome text CHECK (outcome IN ('SERVED_WELL', 'TURNED_AWAY', 'MISTREATED', 'WENT_ELSEWHERE')),
    friendliness integer CHECK (friendliness BETWEEN 1 AND 5),
    service_organisation_id uuid,
    service_id uuid,
    rated_in date CHECK (extract(day FROM rated_in) = 1),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (service_organisation_id, service_id) REFERENCES service (organisation_id, id),
    CHECK (outcome IS NOT NULL OR friendliness IS NOT NULL),
    CHECK (num_nulls(friendliness, service_organisation_id, service_id, rated_in) % 4 = 0)
);
COMMENT ON TABLE client_report IS 'PRIVATE from_organisation_id: what the client told the sender, and which service was rated in which month; withdrawal deletes it.';
CREATE INDEX client_report_service ON client_report (service_organisation_id, service_id, rated_in);
ALTER TABLE client_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_report FORCE ROW LEVEL SECURITY;
CREATE POLICY client_report_read ON client_report FOR SELECT TO pamoja_app USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY client_report_add ON client_report FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant());
CREATE POLICY client_report_change ON client_report FOR UPDATE TO pamoja_app USING (from_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY client_report_remove ON client_report FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
-- For publish_friendliness alone: the owner has no other business here.
CREATE POLICY client_report_publish ON client_report FOR SELECT TO pamoja_owner
    USING (service_organisation_id = tenant() AND door() = 'job' AND rated_in < present_month());
GRANT SELECT, INSERT, DELETE ON client_report TO pamoja_app;
GRANT UPDATE (outcome, friendliness, service_organisation_id, service_id, rated_in) ON client_report TO pamoja_app;

CREATE TABLE service_friendliness (
    organisation_id uuid NOT NULL,
    service_id uuid NOT NULL,
    month date NOT NULL,
    friendliness double precision NOT NULL CHECK (friendliness BETWEEN 1 AND 5 AND friendliness * 2 = trunc(friendliness * 2)),
    PRIMARY KEY (organisation_id, service_id),
    FOREIGN KEY (organisation_id, service_id) REFERENCES service (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE service_friendliness IS 'DIRECTORY: the mean rating of a service as it was when that month began, rounded to halves; no row below the threshold.';
ALTER TABLE service_friendliness ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_friendliness FORCE ROW LEVEL SECURITY;
CREATE POLICY service_friendliness_read ON service_friendliness FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY service_friendliness_publish ON service_friendliness FOR ALL TO pamoja_owner
    USING (organisation_id = tenant() AND door() = 'job') WITH CHECK (organisation_id = tenant() AND door() = 'job');
GRANT SELECT ON service_friendliness TO pamoja_app;

-- Ratings of all organisations become one number a service. It gives nothing back, and what it writes stays for the month: a rating that
-- is deleted or replaced meanwhile moves nothing, so nobody sees whose it was. A second run in the same month changes nothing, because
-- what counts can only become less.
CREATE FUNCTION publish_friendliness() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
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
COMMENT ON FUNCTION publish_friendliness() IS 'Publishes once a month how friendly clients of at least three other organisations found the services of the tenant; in a job alone.';
REVOKE ALL ON FUNCTION publish_friendliness() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION publish_friendliness() TO pamoja_app;

-- The client's rights: another pseudonym when a device's key is lost, and erasure of all that was held.
CREATE POLICY referral_client_change ON referral_client FOR UPDATE TO pamoja_app
    USING (from_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant());
GRANT UPDATE (client) ON referral_client TO pamoja_app;
CREATE POLICY referral_non_completion_remove ON referral_non_completion FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT DELETE ON referral_non_completion TO pamoja_app;
