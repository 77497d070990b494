CREATE TABLE facility (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    level text,
    county_code text NOT NULL,
    sub_county text,
    operational boolean NOT NULL,
    key_population_friendly boolean NOT NULL,
    service_types text[] NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT moment()
);
COMMENT ON TABLE facility IS 'PUBLIC: the national facility register.';
CREATE INDEX facility_county ON facility (county_code);
CREATE INDEX facility_order ON facility ((NOT key_population_friendly), name, id);
CREATE INDEX facility_name ON facility USING gin (name gin_trgm_ops);
ALTER TABLE facility ENABLE ROW LEVEL SECURITY;
ALTER TABLE facility FORCE ROW LEVEL SECURITY;
CREATE POLICY facility_read ON facility FOR SELECT TO pamoja_app USING (true);
CREATE POLICY facility_add ON facility FOR INSERT TO pamoja_app WITH CHECK (door() = 'operator');
CREATE POLICY facility_change ON facility FOR UPDATE TO pamoja_app USING (door() = 'operator') WITH CHECK (door() = 'operator');
GRANT SELECT, INSERT ON facility TO pamoja_app;
GRANT UPDATE (name, level, county_code, sub_county, operational, key_population_friendly, service_types, imported_at) ON facility TO pamoja_app;
