-- When somebody is there, in which languages, and on which line: of a service, and of an organisation. For members alone.
-- Hours are written as OpenStreetMap writes opening hours. An organisation's are in a table of their own, because nobody but an operator
-- changes the organisation itself.
ALTER TABLE service
    ADD COLUMN hours text CONSTRAINT service_hours CHECK (hours ~ '^((; )?(Mo|Tu|We|Th|Fr|Sa|Su)(,(Mo|Tu|We|Th|Fr|Sa|Su))* [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])+$'),
    ADD COLUMN languages text[] NOT NULL DEFAULT '{}' CONSTRAINT service_languages CHECK (cardinality(languages) <= 10),
    ADD COLUMN line text CONSTRAINT service_line CHECK (line ~ '^(\+254[0-9]{9}|0800[0-9]{6}|[1-9][0-9]{2,5})$');
GRANT SELECT (hours, languages, line), UPDATE (hours, languages, line) ON service TO pamoja_app;

CREATE TABLE organisation_contact (
    organisation_id uuid PRIMARY KEY REFERENCES organisation (id),
    hours text CHECK (hours ~ '^((; )?(Mo|Tu|We|Th|Fr|Sa|Su)(,(Mo|Tu|We|Th|Fr|Sa|Su))* [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])+$'),
    languages text[] NOT NULL DEFAULT '{}' CHECK (cardinality(languages) <= 10),
    line text CHECK (line ~ '^(\+254[0-9]{9}|0800[0-9]{6}|[1-9][0-9]{2,5})$')
);
COMMENT ON TABLE organisation_contact IS 'DIRECTORY: how members reach an organisation; it alone writes it.';
ALTER TABLE organisation_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation_contact FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_contact_read ON organisation_contact FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY organisation_contact_add ON organisation_contact FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'member');
CREATE POLICY organisation_contact_change ON organisation_contact FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'member') WITH CHECK (organisation_id = tenant() AND door() = 'member');
GRANT SELECT (organisation_id, hours, languages, line), INSERT (organisation_id), UPDATE (hours, languages, line) ON organisation_contact TO pamoja_app;
