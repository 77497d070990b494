-- What was published stands in the audit of the coalition's own office.
INSERT INTO audit_entry (organisation_id, action) SELECT id, $1 FROM organisation WHERE kind = 'SECRETARIAT'
