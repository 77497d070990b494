DO $$
DECLARE
    striking record;
BEGIN
    FOR striking IN SELECT tgname, tgrelid::regclass AS counted FROM pg_trigger
        WHERE tgfoid = ANY (ARRAY['strike_referral', 'strike_part', 'strike_session', 'strike_participants', 'strike_by_kind', 'strike_all']::regproc[])
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', striking.tgname, striking.counted);
    END LOOP;
END
$$;
DROP FUNCTION strike_all(), strike_by_kind(), strike_participants(), strike_session(), strike_part(), strike_referral();
DROP FUNCTION strike_record(timestamptz, uuid, uuid), strike_month(uuid, text, date), kind_lock();
DROP POLICY training_session_strike_read ON training_session;
DROP POLICY referral_strike_read ON referral;
DROP TABLE own_figure, own_figure_change;
DROP DOMAIN own_side;
DROP FUNCTION month_closes_at(date), figure_month(timestamptz);
