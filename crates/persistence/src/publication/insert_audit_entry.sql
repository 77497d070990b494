-- The publication is recorded in the audit of the coalition's secretariat.
INSERT INTO audit_entry (organisation_id, action) SELECT id, $1 FROM organisation WHERE kind = 'SECRETARIAT'
