-- One row in each table between two organisations, whether or not the program would make it: triggers and foreign keys don't look.
SET LOCAL session_replication_role = replica;
INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, reference)
VALUES ('{from}', '{referral}', '{to}', 'HIV_TESTING', '047', 'ROUTINE', '7K3M');
INSERT INTO referral_client VALUES ('{from}', '{referral}', 'k3v5q2mztaxwcnbdjr7uephgiy', '{MSM}', 'FROM_20_TO_24');
INSERT INTO referral_consent VALUES ('{from}', '{referral}', 'CLIENT', NULL, 'SPOKEN', 'sw', true);
INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
VALUES ('{from}', '{referral}', '{to}', 'REQUESTED', '{from}');
INSERT INTO referral_event_user SELECT by_organisation_id, from_organisation_id, referral_id, position, '{user}'
FROM referral_event WHERE from_organisation_id = '{from}' AND referral_id = '{referral}';
INSERT INTO referral_follow_up (from_organisation_id, referral_id) VALUES ('{from}', '{referral}');
INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id) VALUES ('{from}', '{from}', '{referral}', '{user}');
INSERT INTO referral_non_completion (from_organisation_id, referral_id, to_organisation_id, by_organisation_id, reason)
VALUES ('{from}', '{referral}', '{to}', '{from}', 'TURNED_AWAY_OR_MISTREATED');
INSERT INTO referral_note VALUES ('{from}', '{referral}', '{to}', 'sealed');
INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
VALUES ('{from}', '{referral}', '{to}', 'REQUESTED', now() + interval '30 days');
INSERT INTO referral_sender (from_organisation_id, referral_id, user_id) VALUES ('{from}', '{referral}', '{user}');
INSERT INTO referral_shared VALUES ('{from}', '{referral}', '{to}', '{AGE_BAND}', '{MSM}', 'FROM_20_TO_24', 'NO');
INSERT INTO referral_slip VALUES ('{from}', '{referral}', '{to}', decode(repeat('0a', 16), 'hex'), sha256('slip {referral}'));
INSERT INTO referral_undo (
    organisation_id, from_organisation_id, referral_id, user_id, led_to, took, for_good, took_up, status, status_at, opened_at, expires_at
) VALUES (
    '{from}', '{from}', '{referral}', '{user}', 'REQUESTED', false, false, false, 'REQUESTED', now(), now(), now() + interval '30 days'
);
INSERT INTO client_report (from_organisation_id, referral_id, outcome) VALUES ('{from}', '{referral}', 'MISTREATED');
INSERT INTO check_in_question (from_organisation_id, referral_id, organisation_id, checked_in_at) VALUES ('{from}', '{referral}', '{to}', now());
INSERT INTO open_referral (from_organisation_id, id, service_type, county_code, urgency, expires_at)
VALUES ('{from}', '{referral}', 'HIV_TESTING', '047', 'ROUTINE', now() + interval '30 days');
INSERT INTO open_referral_offer VALUES ('{to}', '{from}', '{referral}');
INSERT INTO blank_slip (organisation_id, look_up_hash, nonce, batch_id, user_id, expires_at)
VALUES ('{from}', sha256('blank {referral}'), decode(repeat('0b', 16), 'hex'), '{batch}', '{user}', now() + interval '30 days');
INSERT INTO pending_check_in (organisation_id, look_up_hash, id, user_id, expires_at)
VALUES ('{from}', sha256('pending {referral}'), '{check_in}', '{user}', now() + interval '30 days');
INSERT INTO slip_attempt (organisation_id, user_id) VALUES ('{from}', '{user}');
INSERT INTO client_mutation (organisation_id, user_id, operation, key, input_hash, node_id)
VALUES ('{from}', '{user}', 'createReferral', '{key}', sha256('input'), '{referral}');
INSERT INTO audit_entry (organisation_id, transaction_id, user_id, action, node_id)
VALUES ('{from}', pg_current_xact_id(), '{user}', 'createReferral', '{referral}');
INSERT INTO audit_seal (organisation_id, number, last_transaction_id, last_position, entries, hash, key_id, signature)
VALUES ('{from}', 1, pg_current_xact_id(), 1, 1, sha256('entry'), 'key', '\x00') ON CONFLICT DO NOTHING;
INSERT INTO outbox (organisation_id, kind, node_id) VALUES ('{from}', 'REFERRAL', '{referral}');
INSERT INTO outbox_for_all (organisation_id, position, kind, node_id) VALUES ('{from}', nextval('outbox_position_seq'), 'SERVICE', '{batch}');
INSERT INTO organisation_contact (organisation_id, languages) VALUES ('{from}', '{sw}') ON CONFLICT DO NOTHING;
INSERT INTO training_session (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts)
VALUES ('{from}', '{session}', 'SAFER_USE', current_date, 'IN_PERSON', '047', ARRAY['{to}'::uuid]);
INSERT INTO training_request (
    from_organisation_id, id, to_organisation_id, topic, audience, expected_participants, preferred_months, county_code, languages,
    open_to_all, status, session_id
) VALUES ('{to}', '{training}', '{from}', 'SAFER_USE', '{STAFF}', 12, '{}', '047', '{sw}', false, 'SCHEDULED', '{session}');
INSERT INTO training_event (from_organisation_id, request_id, status, by_organisation_id) VALUES ('{to}', '{training}', 'REQUESTED', '{to}');
INSERT INTO training_follow_up VALUES ('{to}', '{training}', '{from}', 3, 8, 6);
INSERT INTO training_participants VALUES ('{from}', '{session}', '{to}', '{training}', 'CLINICIAN', 6);
INSERT INTO training_evaluation (organisation_id, session_id, satisfaction_mean) VALUES ('{from}', '{session}', 4.5);
INSERT INTO training_evaluation_for_host (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean, readable_at)
VALUES ('{from}', '{session}', '{to}', 4.5, now() - interval '1 day');
INSERT INTO training_offer (
    organisation_id, id, topic, title, description, modes, county_codes, languages, duration_hours, maximum_participants
) VALUES ('{from}', '{offer}', 'SAFER_USE', 'Safer use', 'A day with role play.', '{IN_PERSON}', '{047}', '{sw}', 6, 20);
INSERT INTO refresh_token (organisation_id, token_hash, session_id) VALUES ('{from}', sha256('token {referral}'), '{sign_in}');
INSERT INTO user_session (organisation_id, id, user_id, device, ends_at) VALUES ('{from}', '{sign_in}', '{user}', 'own', now() + interval '1 day');
INSERT INTO access_token VALUES ('{from}', '{sign_in}', sha256(uuid_send('{key}')), now() + interval '1 day');
INSERT INTO sign_in_attempt (account_hash, organisation_id, user_id) VALUES (sha256('account {user}'), '{from}', '{user}');
INSERT INTO own_figure VALUES ('{from}', 'SENT', '2026-01-01', 'REFERRALS_BY_COUNTY', repeat('a', 32), '{047}', '{1}', '{1}') ON CONFLICT DO NOTHING;
INSERT INTO own_figure_change (organisation_id, side, month) VALUES ('{from}', 'SENT', '2025-12-01');
INSERT INTO violation (
    organisation_id, id, types, perpetrators, causes, populations, under_18, county_code, people_affected, occurred_in, documented_in,
    consent_given_by, counted, not_reported_reasons, act_before
) VALUES (
    '{from}', '{violation}', '{ARBITRARY_ARREST}', '{POLICE}', '{LAW}', '{MSM}', 'NO', '047', 1, date_trunc('month', current_date) - interval '1 month',
    date_trunc('month', current_date) - interval '1 month', 'SURVIVOR', true, '{NO_TRUST}', date_trunc('hour', now()) + interval '9 hours'
);
INSERT INTO violation_author VALUES ('{from}', '{violation}', '{user}');
INSERT INTO violation_client VALUES ('{from}', '{violation}', left(translate(md5('{violation}'), '0189', 'ghij'), 26));
INSERT INTO violation_note VALUES ('{from}', '{violation}', 'sealed');
INSERT INTO sensitisation_plan VALUES ('{from}', '{violation}', 'PROVIDER_SENSITISATION', 'POLICE', '047', '2026-10-01', 'PLANNED', NULL);
INSERT INTO violation_sensitisation VALUES ('{from}', '{violation}', '{violation}');
INSERT INTO violation_step VALUES ('{from}', '{violation}', date_trunc('month', current_date), 'SAFETY_PLAN');
INSERT INTO violation_link VALUES ('{from}', '{violation}', '{referral}', true);
INSERT INTO violation_retention VALUES ('{from}', 90) ON CONFLICT DO NOTHING;
