-- Where there is no line, slips are printed in advance and the referrals come later. A blank slip belongs to the organisation that printed
-- it; who presents one elsewhere before its referral is there is checked in all the same, and the check-in waits for the referral.

CREATE TABLE blank_slip (
    organisation_id uuid NOT NULL,
    look_up_hash bytea NOT NULL CHECK (octet_length(look_up_hash) = 32),
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 16),
    batch_id uuid NOT NULL,
    user_id uuid NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT moment(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, look_up_hash),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE blank_slip IS 'PRIVATE organisation_id: slips that were printed in advance and have no referral yet; the referral that takes one deletes it here.';
CREATE INDEX blank_slip_hash ON blank_slip (look_up_hash);
CREATE INDEX blank_slip_batch ON blank_slip (organisation_id, batch_id);
CREATE INDEX blank_slip_user ON blank_slip (organisation_id, user_id, expires_at);
ALTER TABLE blank_slip ENABLE ROW LEVEL SECURITY;
ALTER TABLE blank_slip FORCE ROW LEVEL SECURITY;
CREATE POLICY blank_slip_read ON blank_slip FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY blank_slip_add ON blank_slip FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND user_id = acting_user() AND door() = 'member');
CREATE POLICY blank_slip_remove ON blank_slip FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT, INSERT, DELETE ON blank_slip TO pamoja_app;

CREATE TABLE pending_check_in (
    organisation_id uuid NOT NULL,
    look_up_hash bytea NOT NULL CHECK (octet_length(look_up_hash) = 32),
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    checked_in_at timestamptz NOT NULL DEFAULT moment(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, look_up_hash),
    UNIQUE (organisation_id, id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE pending_check_in IS 'PRIVATE organisation_id: clients who came with a slip whose referral is not there yet; the referral that meets one deletes it.';
CREATE INDEX pending_check_in_hash ON pending_check_in (look_up_hash);
ALTER TABLE pending_check_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_check_in FORCE ROW LEVEL SECURITY;
CREATE POLICY pending_check_in_read ON pending_check_in FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY pending_check_in_add ON pending_check_in FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND user_id = acting_user() AND door() = 'member');
CREATE POLICY pending_check_in_remove ON pending_check_in FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT, INSERT, DELETE ON pending_check_in TO pamoja_app;

-- Only the functions below act as the owner. These policies let them look for a slip among all organisations', use up one of the acting
-- organisation's own, and end a wait for a referral that the acting organisation sends. Nothing of a blank slip is ever changed: the
-- policy for that is there because a row that is locked must pass it.
CREATE POLICY blank_slip_recognise ON blank_slip FOR SELECT TO pamoja_owner USING (expires_at > moment());
CREATE POLICY blank_slip_hold ON blank_slip FOR UPDATE TO pamoja_owner USING (expires_at > moment()) WITH CHECK (false);
CREATE POLICY blank_slip_bind ON blank_slip FOR DELETE TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY pending_check_in_find ON pending_check_in FOR SELECT TO pamoja_owner USING (expires_at > moment());
CREATE POLICY referral_slip_meet ON referral_slip FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY pending_check_in_meet ON pending_check_in FOR DELETE TO pamoja_owner USING (
    EXISTS (
        SELECT FROM referral_slip
        WHERE referral_slip.from_organisation_id = tenant()
            AND referral_slip.to_organisation_id = pending_check_in.organisation_id
            AND referral_slip.look_up_hash = pending_check_in.look_up_hash
    )
);
CREATE POLICY referral_event_meet ON referral_event FOR INSERT TO pamoja_owner WITH CHECK (
    from_organisation_id = tenant() AND status = 'ARRIVED' AND by_organisation_id = to_organisation_id
);

CREATE FUNCTION hold_blank_slip(hash bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    -- While this transaction lasts no referral can take it, so that none overlooks the check-in; one that is just taking it is waited for.
    PERFORM FROM blank_slip WHERE look_up_hash = hash AND organisation_id <> tenant() AND expires_at > moment() FOR KEY SHARE;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION hold_blank_slip(bytea) IS 'Whether this is a slip that another organisation printed in advance and that has no referral yet; nothing else about it.';
REVOKE ALL ON FUNCTION hold_blank_slip(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_blank_slip(bytea) TO pamoja_app;

CREATE FUNCTION bind_blank_slip(hash bytea, candidates uuid[]) RETURNS TABLE (nonce bytea, waiting uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN;
    END IF;
    -- Of two referrals that take it at once the second waits here, and then finds it gone; so does a check-in that is under way.
    DELETE FROM blank_slip WHERE blank_slip.organisation_id = tenant() AND blank_slip.look_up_hash = hash AND blank_slip.expires_at > moment()
    RETURNING blank_slip.nonce INTO nonce;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT pending_check_in.organisation_id INTO waiting FROM pending_check_in
    WHERE pending_check_in.look_up_hash = hash AND pending_check_in.organisation_id = ANY (candidates)
        AND pending_check_in.organisation_id <> tenant() AND pending_check_in.expires_at > moment()
    ORDER BY pending_check_in.checked_in_at, pending_check_in.organisation_id LIMIT 1;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION bind_blank_slip(bytea, uuid[]) IS 'Uses up a blank slip of the acting organisation, and tells which of the candidates its bearer was first checked in at; no row when it can''t be used.';
REVOKE ALL ON FUNCTION bind_blank_slip(bytea, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bind_blank_slip(bytea, uuid[]) TO pamoja_app;

CREATE FUNCTION meet_pending_check_in(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    receiver uuid;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    DELETE FROM pending_check_in USING referral_slip
    WHERE referral_slip.from_organisation_id = tenant() AND referral_slip.referral_id = wanted
        AND pending_check_in.organisation_id = referral_slip.to_organisation_id
        AND pending_check_in.look_up_hash = referral_slip.look_up_hash AND pending_check_in.expires_at > moment()
    RETURNING pending_check_in.organisation_id INTO receiver;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
    VALUES (tenant(), wanted, receiver, 'ARRIVED', receiver);
    RETURN true;
END
$$;
COMMENT ON FUNCTION meet_pending_check_in(uuid) IS 'Records on a referral of the acting organisation that its client has arrived, if its receiver checked that slip in before; false when it didn''t.';
REVOKE ALL ON FUNCTION meet_pending_check_in(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION meet_pending_check_in(uuid) TO pamoja_app;
