-- Who of an organisation handles a referral, and who of it made a move. Each organisation's people are its own business: both are tables
-- apart from what the two parties share.

CREATE TABLE referral_handler (
    organisation_id uuid NOT NULL,
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    user_id uuid NOT NULL,
    assigned_at timestamptz,
    PRIMARY KEY (organisation_id, from_organisation_id, referral_id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_handler IS 'PRIVATE organisation_id: who of the organisation handles a referral that it sent or received, and since when by assignment.';
CREATE INDEX referral_handler_user ON referral_handler (organisation_id, user_id);

CREATE TABLE referral_event_user (
    organisation_id uuid NOT NULL,
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    position bigint NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, from_organisation_id, referral_id, position),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (from_organisation_id, referral_id, position) REFERENCES referral_event (from_organisation_id, referral_id, position) ON DELETE CASCADE
);
COMMENT ON TABLE referral_event_user IS 'PRIVATE organisation_id: who of the organisation made a move that the timeline shows.';

-- What is known of the moves that were made before now: the audit entry of a move has the move's own time.
ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE user_account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_event NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_sender NO FORCE ROW LEVEL SECURITY;
INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
SELECT DISTINCT ON (referral_event.from_organisation_id, referral_event.referral_id, referral_event.position)
    audit_entry.organisation_id, referral_event.from_organisation_id, referral_event.referral_id, referral_event.position, audit_entry.user_id
FROM referral_event
JOIN audit_entry ON audit_entry.organisation_id = referral_event.by_organisation_id AND audit_entry.node_id = referral_event.referral_id
    AND audit_entry.at = referral_event.at
JOIN user_account ON user_account.organisation_id = audit_entry.organisation_id AND user_account.id = audit_entry.user_id
ORDER BY referral_event.from_organisation_id, referral_event.referral_id, referral_event.position, audit_entry.position;
INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id)
SELECT referral_sender.from_organisation_id, referral_sender.from_organisation_id, referral_sender.referral_id, referral_sender.user_id
FROM referral_sender
JOIN user_account ON user_account.organisation_id = referral_sender.from_organisation_id AND user_account.id = referral_sender.user_id;
INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id)
SELECT DISTINCT ON (organisation_id, from_organisation_id, referral_id) organisation_id, from_organisation_id, referral_id, user_id
FROM referral_event_user ORDER BY organisation_id, from_organisation_id, referral_id, position
ON CONFLICT DO NOTHING;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_event FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_sender FORCE ROW LEVEL SECURITY;

-- Only a party writes beside a referral: the policies of the referral itself say who is one.
ALTER TABLE referral_handler ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_handler FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_handler_read ON referral_handler FOR SELECT TO pamoja_app USING (organisation_id = (SELECT tenant()));
CREATE POLICY referral_handler_add ON referral_handler FOR INSERT TO pamoja_app WITH CHECK (
    organisation_id = tenant() AND door() = 'member'
    AND EXISTS (
        SELECT FROM referral
        WHERE referral.from_organisation_id = referral_handler.from_organisation_id AND referral.id = referral_handler.referral_id
    )
);
CREATE POLICY referral_handler_change ON referral_handler FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant()) WITH CHECK (organisation_id = tenant() AND door() = 'member');
-- Whoever takes back the organisation's first move handles the referral no longer.
CREATE POLICY referral_handler_remove ON referral_handler FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'member');
GRANT SELECT (organisation_id, from_organisation_id, referral_id, user_id, assigned_at),
    INSERT (organisation_id, from_organisation_id, referral_id, user_id, assigned_at), UPDATE (user_id, assigned_at), DELETE ON referral_handler TO pamoja_app;

ALTER TABLE referral_event_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_event_user FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_event_user_read ON referral_event_user FOR SELECT TO pamoja_app USING (organisation_id = (SELECT tenant()));
CREATE POLICY referral_event_user_add ON referral_event_user FOR INSERT TO pamoja_app WITH CHECK (
    organisation_id = tenant() AND door() = 'member' AND user_id = acting_user()
    AND EXISTS (
        SELECT FROM referral
        WHERE referral.from_organisation_id = referral_event_user.from_organisation_id AND referral.id = referral_event_user.referral_id
    )
);
GRANT SELECT (organisation_id, from_organisation_id, referral_id, position, user_id),
    INSERT (organisation_id, from_organisation_id, referral_id, position, user_id) ON referral_event_user TO pamoja_app;

-- A check-in that waited for its referral was the receiver's first move. The sender's transaction records it, as the owner.
CREATE POLICY referral_handler_meet ON referral_handler FOR INSERT TO pamoja_owner WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_event_user_meet ON referral_event_user FOR INSERT TO pamoja_owner WITH CHECK (from_organisation_id = tenant());
CREATE OR REPLACE FUNCTION meet_pending_check_in(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    receiver uuid;
    desk uuid;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    DELETE FROM pending_check_in USING referral_slip
    WHERE referral_slip.from_organisation_id = tenant() AND referral_slip.referral_id = wanted
        AND pending_check_in.organisation_id = referral_slip.to_organisation_id
        AND pending_check_in.look_up_hash = referral_slip.look_up_hash AND pending_check_in.expires_at > moment()
    RETURNING pending_check_in.organisation_id, pending_check_in.user_id INTO receiver, desk;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
    VALUES (tenant(), wanted, receiver, 'ARRIVED', receiver);
    INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
    VALUES (receiver, tenant(), wanted, currval(pg_get_serial_sequence('referral_event', 'position')), desk);
    INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id) VALUES (receiver, tenant(), wanted, desk);
    RETURN true;
END
$$;
