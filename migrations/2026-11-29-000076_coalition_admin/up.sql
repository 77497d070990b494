-- Only the coalition's own office has coalition administrators. A key says so, and no trigger: it also holds when an organisation's kind
-- changes at the same time as a role.
ALTER TABLE user_account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE organisation NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
    found text;
BEGIN
    SELECT string_agg(DISTINCT organisation.slug, ', ' ORDER BY organisation.slug) INTO found
    FROM user_account JOIN organisation ON organisation.id = user_account.organisation_id
    WHERE 'COALITION_ADMIN' = ANY (user_account.roles) AND organisation.kind <> 'SECRETARIAT';
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'accounts of % have the role COALITION_ADMIN, which is for the secretariat alone: take it from them, then migrate again', found;
    END IF;
END
$$;
ALTER TABLE organisation ADD CONSTRAINT organisation_id_kind UNIQUE (id, kind);
ALTER TABLE user_account ADD COLUMN administers_kind organisation_kind
    GENERATED ALWAYS AS (CASE WHEN 'COALITION_ADMIN' = ANY (roles) THEN 'SECRETARIAT' END) STORED;
ALTER TABLE user_account ADD CONSTRAINT user_account_coalition_admin
    FOREIGN KEY (organisation_id, administers_kind) REFERENCES organisation (id, kind);
GRANT SELECT (administers_kind) ON user_account TO pamoja_app;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
