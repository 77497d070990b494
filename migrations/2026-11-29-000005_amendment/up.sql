-- The sender puts right what it asked for, until the client has arrived.
GRANT UPDATE (service_type, county_code, urgency) ON referral TO pamoja_app;
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; the sender amends service type, county and urgency, and withdrawal and erasure take act_before.';
GRANT UPDATE (urgency) ON open_referral TO pamoja_app;

-- An amendment is no state that the referral reaches, and both sides see that there was one.
ALTER TABLE referral_event ADD COLUMN amended boolean NOT NULL DEFAULT false;
GRANT SELECT (amended), INSERT (amended) ON referral_event TO pamoja_app;

-- To what was agreed at first stays beside what is agreed later.
ALTER TABLE referral_consent DROP CONSTRAINT referral_consent_pkey, ADD PRIMARY KEY (from_organisation_id, referral_id, recorded_at);
