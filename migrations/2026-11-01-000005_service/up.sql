CREATE TABLE service (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    service_type text NOT NULL CHECK (service_type IN ('CONDOMS_LUBRICANT', 'HIV_TESTING', 'HIV_SELF_TEST', 'PREP', 'PEP', 'NEEDLE_SYRINGE_PROGRAMME', 'OPIOID_AGONIST_THERAPY', 'NALOXONE_OVERDOSE_RESPONSE', 'SAFER_USE_EDUCATION', 'WOUND_ABSCESS_CARE', 'ALCOHOL_DRUG_SUPPORT', 'PEER_EDUCATION', 'DROP_IN_CENTRE', 'ART', 'VIRAL_LOAD', 'STI_SCREENING_TREATMENT', 'HEPATITIS_B', 'HEPATITIS_C', 'TB_SCREENING_PREVENTION', 'ANAL_HEALTH', 'CERVICAL_SCREENING', 'CONTRACEPTION', 'EMERGENCY_CONTRACEPTION', 'GENDER_AFFIRMING_SUPPORT', 'GENERAL_OUTPATIENT', 'MENTAL_HEALTH', 'PSYCHOSOCIAL_SUPPORT', 'POST_TEST_CLUB', 'SUPPORT_GROUP', 'POST_VIOLENCE_CARE', 'CRISIS_RESPONSE', 'SHELTER', 'RELOCATION', 'LEGAL_AID', 'PARALEGAL', 'DETENTION_VISIT', 'DIGITAL_SAFETY', 'NUTRITION', 'ECONOMIC_EMPOWERMENT', 'TRANSPORT_SUPPORT', 'IDENTITY_DOCUMENTS', 'OTHER')),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    county_code text NOT NULL,
    populations text[] NOT NULL,
    accepts_minors boolean NOT NULL,
    facility_id uuid REFERENCES facility (id),
    capacity text NOT NULL DEFAULT 'UNKNOWN' CHECK (capacity IN ('OPEN', 'LIMITED', 'WAITLIST', 'FULL', 'UNKNOWN')),
    capacity_updated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT moment(),
    closed_at timestamptz,
    PRIMARY KEY (organisation_id, id)
);
COMMENT ON TABLE service IS 'DIRECTORY: what the members offer.';
CREATE INDEX service_id ON service (id);
CREATE INDEX service_order ON service (name, id) WHERE closed_at IS NULL;
ALTER TABLE service ENABLE ROW LEVEL SECURITY;
ALTER TABLE service FORCE ROW LEVEL SECURITY;
CREATE POLICY service_read ON service FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY service_add ON service FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant());
CREATE POLICY service_change ON service FOR UPDATE TO pamoja_app USING (organisation_id = tenant()) WITH CHECK (organisation_id = tenant());
GRANT SELECT, INSERT ON service TO pamoja_app;
GRANT UPDATE (name, county_code, populations, accepts_minors, facility_id, capacity, capacity_updated_at, closed_at) ON service TO pamoja_app;
