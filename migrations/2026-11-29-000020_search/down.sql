CREATE EXTENSION pg_trgm;
CREATE INDEX facility_name ON facility USING gin (name gin_trgm_ops);
