CREATE OR REPLACE FUNCTION hold_outbox_position() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    own text := pg_current_xact_id()::text;
    noted text[] := string_to_array(current_setting('pamoja.outbox_held', true), ' ');
    place bigint;
BEGIN
    SELECT last_value - (NOT is_called)::integer INTO place FROM outbox_position_seq;
    -- Once a transaction: the first lock reaches back furthest, and taking it again costs nothing. What is noted anybody can write, so
    -- it is only believed where it reaches back further: a later lock than this statement needs is never taken instead.
    IF noted[1] = own THEN
        place := least(place, greatest(noted[2]::bigint, 0));
    END IF;
    PERFORM pg_advisory_xact_lock_shared((outbox_lock_space() << 48) | place);
    PERFORM set_config('pamoja.outbox_held', own || ' ' || place, true);
    RETURN NULL;
END
$$;

DROP FUNCTION outbox_note(bigint);
ALTER POLICY outbox_add_training ON outbox WITH CHECK (
    kind = 'TRAINING_REQUEST'
    AND EXISTS (
        SELECT FROM training_request
        WHERE training_request.id = outbox.node_id
            AND (
                outbox.organisation_id IN (training_request.from_organisation_id, training_request.to_organisation_id)
                OR (training_request.to_organisation_id IS NULL AND offers_training(outbox.organisation_id, training_request.topic, training_request.county_code))
            )
    )
);
ALTER POLICY outbox_add ON outbox WITH CHECK (
    kind = 'REFERRAL'
    AND (EXISTS (
            SELECT FROM referral
            WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
        )
        OR EXISTS (
            SELECT FROM open_referral_offer AS offer
            WHERE offer.from_organisation_id = tenant() AND offer.referral_id = outbox.node_id AND offer.organisation_id = outbox.organisation_id
        ))
);
ALTER POLICY training_evaluation_for_host_add ON training_evaluation_for_host WITH CHECK (trainer_organisation_id = tenant());
ALTER POLICY training_participants_add ON training_participants WITH CHECK (trainer_organisation_id = tenant());
ALTER POLICY training_session_change ON training_session WITH CHECK (trainer_organisation_id = tenant());
ALTER POLICY training_session_add ON training_session WITH CHECK (trainer_organisation_id = tenant());
DROP FUNCTION have_asked(uuid[], uuid, text);
ALTER POLICY referral_follow_up_add ON referral_follow_up WITH CHECK (
    (from_organisation_id = tenant() AND (dismissed_by IS NULL OR dismissed_by = acting_user()))
    OR (
        ended_at = moment() AND settled_at IS NULL AND dismissed_by IS NULL
        AND EXISTS (
            SELECT FROM referral
            WHERE referral.from_organisation_id = referral_follow_up.from_organisation_id AND referral.id = referral_follow_up.referral_id
                AND referral.to_organisation_id = tenant()
        )
    )
);
CREATE OR REPLACE FUNCTION offers_training(candidate uuid, wanted_topic text, wanted_county text) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM training_offer
        WHERE organisation_id = candidate AND topic = wanted_topic AND (county_codes = '{}' OR wanted_county = ANY (county_codes))
            AND closed_at IS NULL AND NOT paused AND (open_until IS NULL OR open_until >= present_day())
    );
DROP TRIGGER training_offer_offered ON training_offer;
DROP FUNCTION note_offered();
ALTER TABLE training_offer DROP COLUMN offered_since;
