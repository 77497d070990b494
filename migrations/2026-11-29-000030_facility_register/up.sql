-- How old the register is that was taken in, county by county: an older file is not taken for a newer one.
CREATE TABLE facility_register (
    county_code county_code PRIMARY KEY,
    newest_entry date NOT NULL,
    taken_in_at timestamptz NOT NULL DEFAULT moment()
);
COMMENT ON TABLE facility_register IS 'PUBLIC: of the facility register as it was taken in, the day of the newest entry of each county.';
ALTER TABLE facility_register ENABLE ROW LEVEL SECURITY;
ALTER TABLE facility_register FORCE ROW LEVEL SECURITY;
CREATE POLICY facility_register_read ON facility_register FOR SELECT TO pamoja_app USING (true);
CREATE POLICY facility_register_add ON facility_register FOR INSERT TO pamoja_app WITH CHECK (door() = 'operator');
CREATE POLICY facility_register_change ON facility_register FOR UPDATE TO pamoja_app USING (door() = 'operator') WITH CHECK (door() = 'operator');
GRANT SELECT (county_code, newest_entry, taken_in_at), INSERT (county_code, newest_entry), UPDATE (newest_entry, taken_in_at) ON facility_register TO pamoja_app;
