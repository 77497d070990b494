//! The tables as diesel knows them. A test prints this file from the catalogue of the migrated database and compares the two.

/// Types that diesel doesn't know.
pub(crate) mod sql_types {
    /// The id of a transaction.
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xid8"))]
    pub struct Xid8;
}

diesel::table! {
    access_token (organisation_id, session_id, secret_hash) {
        organisation_id -> Uuid,
        session_id -> Uuid,
        secret_hash -> Binary,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use super::sql_types::Xid8;
    use diesel::sql_types::*;

    audit_entry (organisation_id, position) {
        organisation_id -> Uuid,
        position -> BigInt,
        transaction_id -> Xid8,
        at -> Timestamptz,
        user_id -> Nullable<Uuid>,
        action -> Text,
        node_id -> Nullable<Uuid>,
        door -> Nullable<Text>,
    }
}

diesel::table! {
    use super::sql_types::Xid8;
    use diesel::sql_types::*;

    audit_seal (organisation_id, number) {
        organisation_id -> Uuid,
        number -> BigInt,
        last_transaction_id -> Xid8,
        last_position -> BigInt,
        entries -> BigInt,
        hash -> Binary,
        key_id -> Text,
        signature -> Binary,
        sealed_at -> Timestamptz,
    }
}

diesel::table! {
    blank_slip (organisation_id, look_up_hash) {
        organisation_id -> Uuid,
        look_up_hash -> Binary,
        nonce -> Binary,
        batch_id -> Uuid,
        user_id -> Uuid,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    check_in_question (from_organisation_id, referral_id, organisation_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        organisation_id -> Uuid,
        checked_in_at -> Timestamptz,
        asked_at -> Timestamptz,
        denied_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    client_mutation (organisation_id, user_id, operation, key) {
        organisation_id -> Uuid,
        user_id -> Uuid,
        operation -> Text,
        key -> Uuid,
        input_hash -> Binary,
        node_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    client_report (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        outcome -> Nullable<Text>,
        friendliness -> Nullable<Integer>,
        service_organisation_id -> Nullable<Uuid>,
        service_id -> Nullable<Uuid>,
        rated_in -> Nullable<Date>,
        not_documented -> Bool,
    }
}

diesel::table! {
    clock_offset (one) {
        one -> Bool,
        seconds -> Integer,
    }
}

diesel::table! {
    facility (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        level -> Nullable<Text>,
        county_code -> Text,
        sub_county -> Nullable<Text>,
        operational -> Bool,
        key_population_friendly -> Bool,
        service_types -> Array<Text>,
        imported_at -> Timestamptz,
    }
}

diesel::table! {
    facility_register (county_code) {
        county_code -> Text,
        newest_entry -> Date,
        taken_in_at -> Timestamptz,
    }
}

diesel::table! {
    open_referral (from_organisation_id, id) {
        from_organisation_id -> Uuid,
        id -> Uuid,
        service_type -> Text,
        county_code -> Text,
        urgency -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    open_referral_offer (organisation_id, from_organisation_id, referral_id) {
        organisation_id -> Uuid,
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
    }
}

diesel::table! {
    organisation (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        kind -> Text,
        populations -> Array<Text>,
        counties -> Array<Text>,
        status -> Text,
        created_at -> Timestamptz,
        active_since -> Timestamptz,
    }
}

diesel::table! {
    organisation_contact (organisation_id) {
        organisation_id -> Uuid,
        hours -> Nullable<Text>,
        languages -> Array<Text>,
        line -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (organisation_id, position) {
        organisation_id -> Uuid,
        position -> BigInt,
        kind -> Text,
        node_id -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    outbox_for_all (organisation_id, position) {
        organisation_id -> Uuid,
        position -> BigInt,
        kind -> Text,
        node_id -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    own_figure (organisation_id, side, month, table_name) {
        organisation_id -> Uuid,
        side -> Text,
        month -> Date,
        table_name -> Text,
        rule -> Text,
        keys -> Array<Text>,
        counts -> Array<BigInt>,
        totals -> Array<BigInt>,
    }
}

diesel::table! {
    own_figure_change (organisation_id, side, month, id) {
        organisation_id -> Uuid,
        side -> Text,
        month -> Date,
        id -> Uuid,
    }
}

diesel::table! {
    pending_check_in (organisation_id, look_up_hash) {
        organisation_id -> Uuid,
        look_up_hash -> Binary,
        id -> Uuid,
        user_id -> Uuid,
        checked_in_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    referral (from_organisation_id, id) {
        from_organisation_id -> Uuid,
        id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        service_type -> Text,
        county_code -> Text,
        urgency -> Text,
        created_at -> Timestamptz,
        act_before -> Nullable<Timestamptz>,
        reference -> Nullable<Text>,
    }
}

diesel::table! {
    referral_client (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        client -> Text,
        populations -> Array<Text>,
        age_band -> Text,
    }
}

diesel::table! {
    referral_consent (from_organisation_id, referral_id, recorded_at) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        given_by -> Nullable<Text>,
        notice_version -> Nullable<Text>,
        manner -> Nullable<Text>,
        language -> Nullable<Text>,
        counted -> Bool,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    referral_event (from_organisation_id, referral_id, position) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        position -> BigInt,
        to_organisation_id -> Nullable<Uuid>,
        status -> Text,
        at -> Timestamptz,
        by_organisation_id -> Nullable<Uuid>,
        without_slip -> Bool,
        takes_back -> Bool,
        taken_back -> Bool,
        amended -> Bool,
    }
}

diesel::table! {
    referral_event_user (organisation_id, from_organisation_id, referral_id, position) {
        organisation_id -> Uuid,
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        position -> BigInt,
        user_id -> Uuid,
    }
}

diesel::table! {
    referral_follow_up (from_organisation_id, referral_id, ended_at) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        ended_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        dismissed_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    referral_handler (organisation_id, from_organisation_id, referral_id) {
        organisation_id -> Uuid,
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        user_id -> Uuid,
        assigned_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    referral_non_completion (from_organisation_id, referral_id, recorded_at) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        by_organisation_id -> Uuid,
        reason -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    referral_note (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        sealed -> Text,
    }
}

diesel::table! {
    referral_progress (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        service_id -> Nullable<Uuid>,
        status -> Text,
        status_at -> Timestamptz,
        opened_at -> Timestamptz,
        scheduled_on -> Nullable<Date>,
        decline_reason -> Nullable<Text>,
        consent_withdrawn -> Bool,
        expires_at -> Timestamptz,
        updated_at -> Timestamptz,
        listed_at -> Timestamptz,
        act_before -> Nullable<Timestamptz>,
        answer_by -> Timestamptz,
        instead_service_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    referral_sender (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        user_id -> Uuid,
        cancel_reason -> Nullable<Text>,
        instead_of_referral_id -> Nullable<Uuid>,
        service_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    referral_shared (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        fields -> Array<Text>,
        populations -> Array<Text>,
        age_band -> Text,
        under_18 -> Text,
    }
}

diesel::table! {
    referral_slip (from_organisation_id, referral_id) {
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        nonce -> Binary,
        look_up_hash -> Binary,
        issued_at -> Timestamptz,
    }
}

diesel::table! {
    referral_undo (organisation_id, from_organisation_id, referral_id) {
        organisation_id -> Uuid,
        from_organisation_id -> Uuid,
        referral_id -> Uuid,
        user_id -> Uuid,
        made_at -> Timestamptz,
        led_to -> Text,
        event_position -> Nullable<BigInt>,
        took -> Bool,
        for_good -> Bool,
        took_up -> Bool,
        status -> Text,
        status_at -> Timestamptz,
        opened_at -> Timestamptz,
        scheduled_on -> Nullable<Date>,
        decline_reason -> Nullable<Text>,
        service_id -> Nullable<Uuid>,
        expires_at -> Timestamptz,
        instead_service_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    refresh_token (organisation_id, token_hash) {
        organisation_id -> Uuid,
        token_hash -> Binary,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sensitisation_plan (organisation_id, id) {
        organisation_id -> Uuid,
        id -> Uuid,
        topic -> Text,
        audience -> Text,
        county_code -> Text,
        releasable_from -> Date,
        status -> Text,
        training_request_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    service (organisation_id, id) {
        organisation_id -> Uuid,
        id -> Uuid,
        service_type -> Text,
        name -> Text,
        county_code -> Text,
        populations -> Array<Text>,
        accepts_minors -> Bool,
        facility_id -> Nullable<Uuid>,
        capacity -> Text,
        capacity_updated_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        checked_at -> Timestamptz,
        paused -> Bool,
        hours -> Nullable<Text>,
        languages -> Array<Text>,
        line -> Nullable<Text>,
    }
}

diesel::table! {
    service_friendliness (organisation_id, service_id) {
        organisation_id -> Uuid,
        service_id -> Uuid,
        month -> Date,
        friendliness -> Double,
    }
}

diesel::table! {
    use super::sql_types::Xid8;
    use diesel::sql_types::*;

    sign_in_attempt (id) {
        id -> Uuid,
        account_hash -> Binary,
        organisation_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        attempted_at -> Timestamptz,
        presented_hash -> Nullable<Binary>,
        presented_in -> Nullable<Xid8>,
    }
}

diesel::table! {
    sign_in_key (one) {
        one -> Bool,
        key -> Binary,
    }
}

diesel::table! {
    slip_attempt (organisation_id, user_id, attempted_at) {
        organisation_id -> Uuid,
        user_id -> Uuid,
        attempted_at -> Timestamptz,
    }
}

diesel::table! {
    statistic_cell (table_name, measure, period_kind, period, keys) {
        table_name -> Text,
        measure -> Text,
        period_kind -> Text,
        period -> Date,
        keys -> Array<Text>,
        value -> BigInt,
    }
}

diesel::table! {
    statistic_release (month) {
        month -> Date,
        published_at -> Timestamptz,
        noise_key_id -> Text,
        series -> Array<Text>,
    }
}

diesel::table! {
    statistic_rollup (month, table_name, measure, keys) {
        table_name -> Text,
        measure -> Text,
        month -> Date,
        keys -> Array<Text>,
        units -> BigInt,
        cell_key -> BigInt,
        sessions -> BigInt,
        contributors -> Array<Uuid>,
        counterparts -> Array<Uuid>,
        shares -> Array<BigInt>,
    }
}

diesel::table! {
    table_rewrite (table_name) {
        table_name -> Text,
        rewritten_at -> Timestamptz,
    }
}

diesel::table! {
    training_evaluation (organisation_id, session_id) {
        organisation_id -> Uuid,
        session_id -> Uuid,
        satisfaction_mean -> Nullable<Double>,
        pre_score_mean -> Nullable<Double>,
        post_score_mean -> Nullable<Double>,
        pairs -> Nullable<Integer>,
        evaluated_at -> Timestamptz,
    }
}

diesel::table! {
    training_evaluation_for_host (trainer_organisation_id, session_id, host_organisation_id) {
        trainer_organisation_id -> Uuid,
        session_id -> Uuid,
        host_organisation_id -> Uuid,
        satisfaction_mean -> Nullable<Double>,
        pre_score_mean -> Nullable<Double>,
        post_score_mean -> Nullable<Double>,
        readable_at -> Timestamptz,
    }
}

diesel::table! {
    training_event (from_organisation_id, request_id, position) {
        from_organisation_id -> Uuid,
        request_id -> Uuid,
        position -> BigInt,
        status -> Text,
        at -> Timestamptz,
        by_organisation_id -> Uuid,
    }
}

diesel::table! {
    training_follow_up (from_organisation_id, request_id, months_after) {
        from_organisation_id -> Uuid,
        request_id -> Uuid,
        to_organisation_id -> Uuid,
        months_after -> Integer,
        asked -> Integer,
        still_using -> Integer,
    }
}

diesel::table! {
    training_offer (organisation_id, id) {
        organisation_id -> Uuid,
        id -> Uuid,
        topic -> Text,
        title -> Text,
        description -> Text,
        modes -> Array<Text>,
        county_codes -> Array<Text>,
        languages -> Array<Text>,
        duration_hours -> Double,
        maximum_participants -> Integer,
        open_until -> Nullable<Date>,
        created_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        paused -> Bool,
        offered_since -> Timestamptz,
    }
}

diesel::table! {
    training_participants (trainer_organisation_id, session_id, host_organisation_id, cadre) {
        trainer_organisation_id -> Uuid,
        session_id -> Uuid,
        host_organisation_id -> Uuid,
        request_id -> Uuid,
        cadre -> Text,
        count -> Integer,
    }
}

diesel::table! {
    training_request (from_organisation_id, id) {
        from_organisation_id -> Uuid,
        id -> Uuid,
        to_organisation_id -> Nullable<Uuid>,
        offer_id -> Nullable<Uuid>,
        topic -> Text,
        audience -> Array<Text>,
        expected_participants -> Integer,
        preferred_months -> Array<Text>,
        county_code -> Text,
        languages -> Array<Text>,
        open_to_all -> Bool,
        status -> Text,
        reason -> Nullable<Text>,
        session_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    training_satisfaction (organisation_id, topic) {
        organisation_id -> Uuid,
        topic -> Text,
        month -> Date,
        satisfaction -> Double,
    }
}

diesel::table! {
    training_session (trainer_organisation_id, id) {
        trainer_organisation_id -> Uuid,
        id -> Uuid,
        topic -> Text,
        held_on -> Date,
        mode -> Text,
        county_code -> Text,
        hosts -> Array<Uuid>,
        hours -> Nullable<Double>,
        delivered_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    user_account (organisation_id, id) {
        organisation_id -> Uuid,
        id -> Uuid,
        handle -> Text,
        display_name -> Text,
        roles -> Array<Text>,
        created_at -> Timestamptz,
        disabled_at -> Nullable<Timestamptz>,
        enabled_since -> Timestamptz,
        administers_kind -> Nullable<Text>,
    }
}

diesel::table! {
    user_credential (organisation_id, user_id) {
        organisation_id -> Uuid,
        user_id -> Uuid,
        salt -> Binary,
        memory_kib -> Integer,
        passes -> Integer,
        lanes -> Integer,
        output_hash -> Binary,
    }
}

diesel::table! {
    user_session (organisation_id, id) {
        organisation_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        device -> Text,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        ends_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    violation (organisation_id, id) {
        organisation_id -> Uuid,
        id -> Uuid,
        types -> Array<Text>,
        perpetrators -> Array<Text>,
        causes -> Array<Text>,
        populations -> Array<Text>,
        under_18 -> Text,
        county_code -> Text,
        people_affected -> Integer,
        occurred_in -> Date,
        documented_in -> Date,
        consent_given_by -> Text,
        counted -> Bool,
        not_reported_reasons -> Array<Text>,
        act_before -> Nullable<Timestamptz>,
        status -> Text,
        outcome -> Nullable<Text>,
        ended_in -> Nullable<Date>,
        end_reasons -> Array<Text>,
        forgotten -> Bool,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    violation_author (organisation_id, violation_id) {
        organisation_id -> Uuid,
        violation_id -> Uuid,
        user_id -> Uuid,
    }
}

diesel::table! {
    violation_client (organisation_id, violation_id) {
        organisation_id -> Uuid,
        violation_id -> Uuid,
        client -> Text,
    }
}

diesel::table! {
    violation_link (organisation_id, violation_id, referral_id) {
        organisation_id -> Uuid,
        violation_id -> Uuid,
        referral_id -> Uuid,
        brought -> Bool,
        step -> Nullable<Text>,
        month -> Nullable<Date>,
    }
}

diesel::table! {
    violation_note (organisation_id, violation_id) {
        organisation_id -> Uuid,
        violation_id -> Uuid,
        sealed_note -> Text,
    }
}

diesel::table! {
    violation_retention (organisation_id) {
        organisation_id -> Uuid,
        days -> Integer,
    }
}

diesel::table! {
    violation_sensitisation (organisation_id, violation_id, plan_id) {
        organisation_id -> Uuid,
        violation_id -> Uuid,
        plan_id -> Uuid,
    }
}

diesel::table! {
    violation_step (organisation_id, violation_id, month, kind) {
        organisation_id -> Uuid,
        violation_id -> Uuid,
        month -> Date,
        kind -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    access_token,
    audit_entry,
    audit_seal,
    blank_slip,
    check_in_question,
    client_mutation,
    client_report,
    clock_offset,
    facility,
    facility_register,
    open_referral,
    open_referral_offer,
    organisation,
    organisation_contact,
    outbox,
    outbox_for_all,
    own_figure,
    own_figure_change,
    pending_check_in,
    referral,
    referral_client,
    referral_consent,
    referral_event,
    referral_event_user,
    referral_follow_up,
    referral_handler,
    referral_non_completion,
    referral_note,
    referral_progress,
    referral_sender,
    referral_shared,
    referral_slip,
    referral_undo,
    refresh_token,
    sensitisation_plan,
    service,
    service_friendliness,
    sign_in_attempt,
    sign_in_key,
    slip_attempt,
    statistic_cell,
    statistic_release,
    statistic_rollup,
    table_rewrite,
    training_evaluation,
    training_evaluation_for_host,
    training_event,
    training_follow_up,
    training_offer,
    training_participants,
    training_request,
    training_satisfaction,
    training_session,
    user_account,
    user_credential,
    user_session,
    violation,
    violation_author,
    violation_client,
    violation_link,
    violation_note,
    violation_retention,
    violation_sensitisation,
    violation_step
);
