-- Each vocabulary is a DOMAIN: its codes stand here once, and not in a CHECK of each column that holds them. A list of codes is a DOMAIN over
-- text[], which has all operators of text[], as an array of a DOMAIN has not. The codes are those of crates/domain; where they differ,
-- tests/it/vocabulary.rs fails and prints the statement that the next migration needs.

CREATE DOMAIN age_band AS text;
CREATE DOMAIN cadre AS text;
CREATE DOMAIN cadres AS text[];
CREATE DOMAIN cancel_reason AS text;
CREATE DOMAIN capacity AS text;
CREATE DOMAIN client_reported_outcome AS text;
CREATE DOMAIN consent_giver AS text;
CREATE DOMAIN consent_manner AS text;
CREATE DOMAIN county_code AS text;
CREATE DOMAIN county_codes AS text[];
CREATE DOMAIN decline_reason AS text;
CREATE DOMAIN device AS text;
CREATE DOMAIN measure AS text;
CREATE DOMAIN membership_status AS text;
CREATE DOMAIN minor_status AS text;
CREATE DOMAIN non_completion_reason AS text;
CREATE DOMAIN organisation_kind AS text;
CREATE DOMAIN period_kind AS text;
CREATE DOMAIN populations AS text[];
CREATE DOMAIN referral_status AS text;
CREATE DOMAIN roles AS text[];
CREATE DOMAIN service_type AS text;
CREATE DOMAIN service_types AS text[];
CREATE DOMAIN shared_fields AS text[];
CREATE DOMAIN statistic_table_name AS text;
CREATE DOMAIN training_mode AS text;
CREATE DOMAIN training_modes AS text[];
CREATE DOMAIN training_reason AS text;
CREATE DOMAIN training_status AS text;
CREATE DOMAIN training_topic AS text;
CREATE DOMAIN urgency AS text;

-- A DOMAIN without a CHECK is taken on without writing the table anew; the codes follow below, and are checked by reading. Policies and
-- functions that read a column hold its type: they are put down and made again in their own words.
DO $$
DECLARE
    functions text[];
    policies text[];
    statement text;
    analysed regclass;
BEGIN
    SELECT array_agg(pg_get_functiondef(oid)) INTO functions FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prorettype = 'boolean'::regtype
        AND EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND refobjsubid > 0);
    FOREACH statement IN ARRAY functions LOOP
        EXECUTE regexp_replace(statement, '\sLANGUAGE sql\s.*', ' LANGUAGE sql RETURN NULL::boolean');
    END LOOP;
    SELECT array_agg(format('CREATE POLICY %I ON %I AS %s FOR %s TO %s', policyname, tablename, permissive, cmd, array_to_string(roles, ', '))
        || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || with_check || ')', '')) INTO policies
    FROM pg_policies WHERE schemaname = 'public';
    FOR statement IN SELECT format('DROP POLICY %I ON %I', policyname, tablename) FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE statement;
    END LOOP;

    ALTER TABLE organisation
        ALTER COLUMN kind TYPE organisation_kind,
        DROP CONSTRAINT organisation_kind_check,
        ALTER COLUMN populations TYPE populations,
        DROP CONSTRAINT organisation_populations_check,
        ALTER COLUMN counties TYPE county_codes,
        ALTER COLUMN status TYPE membership_status,
        DROP CONSTRAINT organisation_status_check;
    ALTER TABLE user_account
        ALTER COLUMN roles TYPE roles,
        DROP CONSTRAINT user_account_roles_check,
        ADD CONSTRAINT user_account_roles_check CHECK (cardinality(roles) > 0);
    ALTER TABLE user_session
        ALTER COLUMN device TYPE device,
        DROP CONSTRAINT user_session_device_check;
    ALTER TABLE facility
        ALTER COLUMN county_code TYPE county_code,
        ALTER COLUMN service_types TYPE service_types;
    ALTER TABLE service
        ALTER COLUMN service_type TYPE service_type,
        DROP CONSTRAINT service_service_type_check,
        ALTER COLUMN county_code TYPE county_code,
        DROP CONSTRAINT service_county,
        ALTER COLUMN populations TYPE populations,
        ALTER COLUMN capacity TYPE capacity,
        DROP CONSTRAINT service_capacity_check;
    ALTER TABLE referral
        ALTER COLUMN service_type TYPE service_type,
        DROP CONSTRAINT referral_service_type_check,
        ALTER COLUMN county_code TYPE county_code,
        DROP CONSTRAINT referral_county,
        ALTER COLUMN urgency TYPE urgency,
        DROP CONSTRAINT referral_urgency_check;
    ALTER TABLE referral_progress
        ALTER COLUMN status TYPE referral_status,
        DROP CONSTRAINT referral_progress_status_check,
        ALTER COLUMN decline_reason TYPE decline_reason,
        DROP CONSTRAINT referral_progress_decline_reason_check;
    ALTER TABLE referral_sender
        ALTER COLUMN cancel_reason TYPE cancel_reason,
        DROP CONSTRAINT referral_sender_cancel_reason_check;
    ALTER TABLE referral_client
        ALTER COLUMN populations TYPE populations,
        DROP CONSTRAINT referral_client_populations_check,
        ALTER COLUMN age_band TYPE age_band,
        DROP CONSTRAINT referral_client_age_band_check;
    ALTER TABLE referral_shared
        ALTER COLUMN fields TYPE shared_fields,
        DROP CONSTRAINT referral_shared_fields_check,
        ALTER COLUMN populations TYPE populations,
        ALTER COLUMN age_band TYPE age_band,
        ALTER COLUMN under_18 TYPE minor_status,
        DROP CONSTRAINT referral_shared_under_18_check;
    ALTER TABLE referral_non_completion
        ALTER COLUMN reason TYPE non_completion_reason,
        DROP CONSTRAINT referral_non_completion_reason_check;
    ALTER TABLE referral_event
        ALTER COLUMN status TYPE referral_status,
        DROP CONSTRAINT referral_event_status_check;
    ALTER TABLE referral_consent
        ALTER COLUMN given_by TYPE consent_giver,
        DROP CONSTRAINT referral_consent_given_by_check,
        ALTER COLUMN manner TYPE consent_manner,
        DROP CONSTRAINT referral_consent_manner_check;
    ALTER TABLE open_referral
        ALTER COLUMN service_type TYPE service_type,
        DROP CONSTRAINT open_referral_service_type_check,
        ALTER COLUMN county_code TYPE county_code,
        DROP CONSTRAINT open_referral_county_code_check,
        ALTER COLUMN urgency TYPE urgency,
        DROP CONSTRAINT open_referral_urgency_check;
    ALTER TABLE client_report
        ALTER COLUMN outcome TYPE client_reported_outcome,
        DROP CONSTRAINT client_report_outcome_check;
    ALTER TABLE training_offer
        ALTER COLUMN topic TYPE training_topic,
        DROP CONSTRAINT training_offer_topic_check,
        ALTER COLUMN modes TYPE training_modes,
        DROP CONSTRAINT training_offer_modes_check,
        ADD CONSTRAINT training_offer_modes_check CHECK (cardinality(modes) > 0),
        ALTER COLUMN county_codes TYPE county_codes;
    ALTER TABLE training_session
        ALTER COLUMN topic TYPE training_topic,
        DROP CONSTRAINT training_session_topic_check,
        ALTER COLUMN mode TYPE training_mode,
        DROP CONSTRAINT training_session_mode_check,
        ALTER COLUMN county_code TYPE county_code,
        DROP CONSTRAINT training_session_county_code_check;
    ALTER TABLE training_request
        ALTER COLUMN topic TYPE training_topic,
        DROP CONSTRAINT training_request_topic_check,
        ALTER COLUMN audience TYPE cadres,
        DROP CONSTRAINT training_request_audience_check,
        ADD CONSTRAINT training_request_audience_check CHECK (cardinality(audience) > 0),
        ALTER COLUMN county_code TYPE county_code,
        DROP CONSTRAINT training_request_county_code_check,
        ALTER COLUMN status TYPE training_status,
        DROP CONSTRAINT training_request_status_check,
        ALTER COLUMN reason TYPE training_reason,
        DROP CONSTRAINT training_request_reason_check;
    ALTER TABLE training_event
        ALTER COLUMN status TYPE training_status,
        DROP CONSTRAINT training_event_status_check;
    ALTER TABLE training_participants
        ALTER COLUMN cadre TYPE cadre,
        DROP CONSTRAINT training_participants_cadre_check;
    ALTER TABLE training_satisfaction
        ALTER COLUMN topic TYPE training_topic,
        DROP CONSTRAINT training_satisfaction_topic_check;
    ALTER TABLE statistic_cell
        ALTER COLUMN table_name TYPE statistic_table_name,
        ALTER COLUMN measure TYPE measure,
        ALTER COLUMN period_kind TYPE period_kind,
        DROP CONSTRAINT statistic_cell_period_kind_check;
    ALTER TABLE statistic_rollup
        ALTER COLUMN table_name TYPE statistic_table_name,
        ALTER COLUMN measure TYPE measure;

    FOREACH statement IN ARRAY policies || functions LOOP
        EXECUTE statement;
    END LOOP;
    -- With its type a column loses what the planner knows of it.
    FOR analysed IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples > 0 LOOP
        EXECUTE format('ANALYZE %s', analysed);
    END LOOP;
END
$$;

ALTER DOMAIN age_band ADD CONSTRAINT age_band_check CHECK (VALUE IN ('UNDER_15', 'FROM_15_TO_19', 'FROM_20_TO_24', 'FROM_25_TO_29', 'FROM_30', 'NOT_STATED'));
ALTER DOMAIN cadre ADD CONSTRAINT cadre_check CHECK (VALUE IN ('PEER_EDUCATOR', 'OUTREACH_WORKER', 'CLINICIAN', 'COUNSELLOR', 'PARALEGAL', 'COMMUNITY_MEMBER', 'POLICE', 'HEALTH_PROVIDER', 'RELIGIOUS_LEADER', 'MEDIA', 'STAFF', 'OTHER'));
ALTER DOMAIN cadres ADD CONSTRAINT cadres_check CHECK (VALUE <@ ARRAY['PEER_EDUCATOR', 'OUTREACH_WORKER', 'CLINICIAN', 'COUNSELLOR', 'PARALEGAL', 'COMMUNITY_MEMBER', 'POLICE', 'HEALTH_PROVIDER', 'RELIGIOUS_LEADER', 'MEDIA', 'STAFF', 'OTHER'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN cancel_reason ADD CONSTRAINT cancel_reason_check CHECK (VALUE IN ('NO_LONGER_NEEDED', 'CONSENT_WITHDRAWN', 'WRONG_ORGANISATION', 'SAFETY_CONCERN', 'OTHER'));
ALTER DOMAIN capacity ADD CONSTRAINT capacity_check CHECK (VALUE IN ('OPEN', 'LIMITED', 'WAITLIST', 'FULL', 'UNKNOWN'));
ALTER DOMAIN client_reported_outcome ADD CONSTRAINT client_reported_outcome_check CHECK (VALUE IN ('SERVED_WELL', 'TURNED_AWAY', 'MISTREATED', 'WENT_ELSEWHERE'));
ALTER DOMAIN consent_giver ADD CONSTRAINT consent_giver_check CHECK (VALUE IN ('CLIENT', 'PARENT', 'GUARDIAN', 'CAREGIVER'));
ALTER DOMAIN consent_manner ADD CONSTRAINT consent_manner_check CHECK (VALUE IN ('SPOKEN', 'SIGNED', 'ON_SCREEN'));
ALTER DOMAIN county_code ADD CONSTRAINT county_code_check CHECK (VALUE IN ('001', '002', '003', '004', '005', '006', '007', '008', '009', '010', '011', '012', '013', '014', '015', '016', '017', '018', '019', '020', '021', '022', '023', '024', '025', '026', '027', '028', '029', '030', '031', '032', '033', '034', '035', '036', '037', '038', '039', '040', '041', '042', '043', '044', '045', '046', '047'));
ALTER DOMAIN county_codes ADD CONSTRAINT county_codes_check CHECK (VALUE <@ ARRAY['001', '002', '003', '004', '005', '006', '007', '008', '009', '010', '011', '012', '013', '014', '015', '016', '017', '018', '019', '020', '021', '022', '023', '024', '025', '026', '027', '028', '029', '030', '031', '032', '033', '034', '035', '036', '037', '038', '039', '040', '041', '042', '043', '044', '045', '046', '047'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN decline_reason ADD CONSTRAINT decline_reason_check CHECK (VALUE IN ('NO_CAPACITY', 'WAITLIST_FULL', 'NOT_ELIGIBLE', 'SERVICE_NOT_OFFERED', 'OUT_OF_AREA', 'OUTSIDE_HOURS', 'COMMODITY_STOCKOUT', 'NEEDS_MORE_INFORMATION', 'DUPLICATE', 'SAFETY_CONCERN', 'CONFLICT_OF_INTEREST', 'BETTER_PLACED_PARTNER', 'OTHER'));
ALTER DOMAIN device ADD CONSTRAINT device_check CHECK (VALUE IN ('own', 'shared'));
ALTER DOMAIN measure ADD CONSTRAINT measure_check CHECK (VALUE IN ('CREATED', 'ACCEPTED', 'ARRIVED', 'COMPLETED', 'PARTICIPANTS'));
ALTER DOMAIN membership_status ADD CONSTRAINT membership_status_check CHECK (VALUE IN ('INVITED', 'ACTIVE', 'FROZEN', 'LEFT'));
ALTER DOMAIN minor_status ADD CONSTRAINT minor_status_check CHECK (VALUE IN ('YES', 'NO', 'NOT_STATED'));
ALTER DOMAIN non_completion_reason ADD CONSTRAINT non_completion_reason_check CHECK (VALUE IN ('CLIENT_DID_NOT_ARRIVE', 'CLIENT_DECLINED', 'NO_LONGER_NEEDED', 'COULD_NOT_BE_REACHED', 'UNSAFE_TO_FOLLOW_UP', 'TRANSPORT_OR_COST', 'TURNED_AWAY_OR_MISTREATED', 'DETAINED', 'MOVED', 'DIED', 'SERVICE_CLOSED', 'UNKNOWN'));
ALTER DOMAIN organisation_kind ADD CONSTRAINT organisation_kind_check CHECK (VALUE IN ('MSM_LED', 'SEX_WORKER_LED', 'HARM_REDUCTION', 'TRANS_LED', 'HEALTH_PROVIDER', 'LEGAL_AID', 'SECRETARIAT', 'OTHER'));
ALTER DOMAIN period_kind ADD CONSTRAINT period_kind_check CHECK (VALUE IN ('MONTH', 'QUARTER', 'YEAR'));
ALTER DOMAIN populations ADD CONSTRAINT populations_check CHECK (VALUE <@ ARRAY['MSM', 'MALE_SEX_WORKER', 'FEMALE_SEX_WORKER', 'TRANS_WOMAN', 'TRANS_MAN', 'GENDER_DIVERSE', 'PERSON_WHO_INJECTS_DRUGS', 'PERSON_WHO_USES_DRUGS', 'PERSON_IN_PRISON', 'OTHER', 'NOT_STATED'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN referral_status ADD CONSTRAINT referral_status_check CHECK (VALUE IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'DECLINED', 'SCHEDULED', 'ARRIVED', 'NO_SHOW', 'COMPLETED', 'NOT_COMPLETED', 'CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR'));
ALTER DOMAIN roles ADD CONSTRAINT roles_check CHECK (VALUE <@ ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'TRAINER', 'ANALYST', 'ORGANISATION_ADMIN', 'COALITION_ADMIN'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN service_type ADD CONSTRAINT service_type_check CHECK (VALUE IN ('CONDOMS_LUBRICANT', 'HIV_TESTING', 'HIV_SELF_TEST', 'PREP', 'PEP', 'NEEDLE_SYRINGE_PROGRAMME', 'OPIOID_AGONIST_THERAPY', 'NALOXONE_OVERDOSE_RESPONSE', 'SAFER_USE_EDUCATION', 'WOUND_ABSCESS_CARE', 'ALCOHOL_DRUG_SUPPORT', 'PEER_EDUCATION', 'DROP_IN_CENTRE', 'ART', 'VIRAL_LOAD', 'STI_SCREENING_TREATMENT', 'HEPATITIS_B', 'HEPATITIS_C', 'TB_SCREENING_PREVENTION', 'ANAL_HEALTH', 'CERVICAL_SCREENING', 'CONTRACEPTION', 'EMERGENCY_CONTRACEPTION', 'GENDER_AFFIRMING_SUPPORT', 'GENERAL_OUTPATIENT', 'MENTAL_HEALTH', 'PSYCHOSOCIAL_SUPPORT', 'POST_TEST_CLUB', 'SUPPORT_GROUP', 'POST_VIOLENCE_CARE', 'CRISIS_RESPONSE', 'SHELTER', 'RELOCATION', 'LEGAL_AID', 'PARALEGAL', 'DETENTION_VISIT', 'DIGITAL_SAFETY', 'NUTRITION', 'ECONOMIC_EMPOWERMENT', 'TRANSPORT_SUPPORT', 'IDENTITY_DOCUMENTS', 'OTHER'));
ALTER DOMAIN service_types ADD CONSTRAINT service_types_check CHECK (VALUE <@ ARRAY['CONDOMS_LUBRICANT', 'HIV_TESTING', 'HIV_SELF_TEST', 'PREP', 'PEP', 'NEEDLE_SYRINGE_PROGRAMME', 'OPIOID_AGONIST_THERAPY', 'NALOXONE_OVERDOSE_RESPONSE', 'SAFER_USE_EDUCATION', 'WOUND_ABSCESS_CARE', 'ALCOHOL_DRUG_SUPPORT', 'PEER_EDUCATION', 'DROP_IN_CENTRE', 'ART', 'VIRAL_LOAD', 'STI_SCREENING_TREATMENT', 'HEPATITIS_B', 'HEPATITIS_C', 'TB_SCREENING_PREVENTION', 'ANAL_HEALTH', 'CERVICAL_SCREENING', 'CONTRACEPTION', 'EMERGENCY_CONTRACEPTION', 'GENDER_AFFIRMING_SUPPORT', 'GENERAL_OUTPATIENT', 'MENTAL_HEALTH', 'PSYCHOSOCIAL_SUPPORT', 'POST_TEST_CLUB', 'SUPPORT_GROUP', 'POST_VIOLENCE_CARE', 'CRISIS_RESPONSE', 'SHELTER', 'RELOCATION', 'LEGAL_AID', 'PARALEGAL', 'DETENTION_VISIT', 'DIGITAL_SAFETY', 'NUTRITION', 'ECONOMIC_EMPOWERMENT', 'TRANSPORT_SUPPORT', 'IDENTITY_DOCUMENTS', 'OTHER'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN shared_fields ADD CONSTRAINT shared_fields_check CHECK (VALUE <@ ARRAY['POPULATIONS', 'AGE_BAND'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN statistic_table_name ADD CONSTRAINT statistic_table_name_check CHECK (VALUE IN ('REFERRALS_BY_SERVICE_TYPE', 'REFERRALS_BY_COUNTY', 'REFERRALS_BY_POPULATION', 'REFERRALS_BY_AGE_BAND', 'REFERRALS_BY_POPULATION_AND_SERVICE_TYPE', 'REFERRALS_BY_COUNTY_AND_SERVICE_TYPE', 'REFERRALS_BY_RECEIVER_KIND', 'REFERRALS_BY_RESPONSE_TIME', 'REFERRAL_DECLINES_BY_REASON', 'REFERRAL_NON_COMPLETIONS_BY_REASON', 'TRAINING_PARTICIPANTS_BY_TOPIC', 'TRAINING_PARTICIPANTS_BY_CADRE', 'TRAINING_PARTICIPANTS_BY_COUNTY'));
ALTER DOMAIN training_mode ADD CONSTRAINT training_mode_check CHECK (VALUE IN ('IN_PERSON', 'ONLINE', 'BLENDED', 'WEBINAR'));
ALTER DOMAIN training_modes ADD CONSTRAINT training_modes_check CHECK (VALUE <@ ARRAY['IN_PERSON', 'ONLINE', 'BLENDED', 'WEBINAR'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN training_reason ADD CONSTRAINT training_reason_check CHECK (VALUE IN ('NO_TRAINER', 'NO_FUNDS', 'NO_VENUE', 'UNSAFE', 'DATES', 'TOPIC_NOT_OFFERED', 'NO_LONGER_NEEDED', 'OTHER'));
ALTER DOMAIN training_status ADD CONSTRAINT training_status_check CHECK (VALUE IN ('REQUESTED', 'ACCEPTED', 'DECLINED', 'SCHEDULED', 'DELIVERED', 'EVALUATED', 'CANCELLED'));
ALTER DOMAIN training_topic ADD CONSTRAINT training_topic_check CHECK (VALUE IN ('HARM_REDUCTION_BASICS', 'OVERDOSE_RESPONSE', 'SAFER_USE', 'SAFER_SEX', 'HIV_PREVENTION', 'PEER_EDUCATION', 'COUNSELLING', 'HUMAN_RIGHTS_AND_LAW', 'REPORTING_VIOLATIONS', 'SAFETY_AND_SECURITY', 'DIGITAL_SAFETY', 'PROVIDER_SENSITISATION', 'SUBSTANCE_USE_CONVERSATIONS', 'MENTAL_HEALTH_FIRST_AID', 'GENDER_BASED_VIOLENCE', 'DATA_PROTECTION', 'MONITORING_AND_EVALUATION', 'OTHER'));
ALTER DOMAIN urgency ADD CONSTRAINT urgency_check CHECK (VALUE IN ('ROUTINE', 'URGENT', 'EMERGENCY'));
