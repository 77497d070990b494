CREATE TABLE organisation (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,31}$'),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    kind text NOT NULL CHECK (kind IN ('MSM_LED', 'SEX_WORKER_LED', 'HARM_REDUCTION', 'TRANS_LED', 'HEALTH_PROVIDER', 'LEGAL_AID', 'SECRETARIAT', 'OTHER')),
    populations text[] NOT NULL CHECK (populations <@ ARRAY['MSM', 'MALE_SEX_WORKER', 'FEMALE_SEX_WORKER', 'TRANS_WOMAN', 'TRANS_MAN', 'GENDER_DIVERSE', 'PERSON_WHO_INJECTS_DRUGS', 'PERSON_WHO_USES_DRUGS', 'PERSON_IN_PRISON', 'OTHER', 'NOT_STATED']),
    counties text[] NOT NULL,
    status text NOT NULL CHECK (status IN ('INVITED', 'ACTIVE', 'FROZEN', 'LEFT')),
    created_at timestamptz NOT NULL DEFAULT moment()
);
COMMENT ON TABLE organisation IS 'DIRECTORY: the members of the coalition.';
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_read ON organisation FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY organisation_add ON organisation FOR INSERT TO pamoja_app WITH CHECK (door() = 'operator');
CREATE POLICY organisation_change ON organisation FOR UPDATE TO pamoja_app USING (door() = 'operator') WITH CHECK (door() = 'operator');
GRANT SELECT, INSERT ON organisation TO pamoja_app;
GRANT UPDATE (name, kind, populations, counties, status) ON organisation TO pamoja_app;
