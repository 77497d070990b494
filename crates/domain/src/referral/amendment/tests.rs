//! What the sender may put right, and when the client has to agree again.

use chrono::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::moves::Allowed;
use crate::referral::{ConsentGiver, ReferralAction, ReferralStatus, decide};
use crate::vocabulary::Vocabulary;

const SENDER: Allowed = Allowed { as_sender: true, as_receiver: false, as_taker: false };

fn service(number: u128) -> ServiceId {
    ServiceId(Uuid::from_u128(number))
}

fn present() -> AskedFor<'static> {
    AskedFor {
        open: false,
        service: Some(service(1)),
        county: CountyCode::ALL[46],
        urgency: Urgency::Routine,
        has_clock: false,
        shared: &[SharedField::AgeBand],
        under_18: MinorStatus::No,
    }
}

const NOTHING: AmendmentDraft<'static> = AmendmentDraft {
    urgency: None,
    county_code: None,
    service: None,
    shared: None,
    sealed_note: None,
    consent_given: None,
    says_how: false,
    consent: ConsentDraft::PLAIN,
};

/// The fields that are refused; an empty name for a refusal of no field.
fn refused(draft: AmendmentDraft<'_>, present: AskedFor<'_>) -> Vec<String> {
    match Amendment::parse(draft, present) {
        Ok(_) => Vec::new(),
        Err(refusals) => refusals
            .into_iter()
            .map(|refusal| {
                assert_eq!(refusal.code, UserErrorCode::Invalid);
                refusal.field.unwrap_or_default().join(".")
            })
            .collect(),
    }
}

#[test]
fn an_amendment_that_changes_nothing_is_refused() {
    let same = AmendmentDraft {
        urgency: Some(Urgency::Routine),
        county_code: Some("047"),
        service: Some(service(1)),
        shared: Some(&[SharedField::AgeBand]),
        consent_given: Some(true),
        ..NOTHING
    };
    assert_eq!(refused(NOTHING, present()), [""]);
    assert_eq!(refused(same, present()), [""]);
    assert_eq!(refused(AmendmentDraft { county_code: Some("048"), ..same }, present()), ["countyCode"]);
}

#[test]
fn how_the_client_agreed_is_never_said_without_that_they_did() {
    let how = AmendmentDraft { urgency: Some(Urgency::Urgent), says_how: true, ..NOTHING };
    assert_eq!(refused(how, present()), ["consentGiven"]);
    assert!(refused(AmendmentDraft { consent_given: Some(true), ..how }, present()).is_empty());
}

#[test]
fn an_open_referral_keeps_what_decides_to_whom_it_is_offered() {
    let open = AskedFor { open: true, service: None, ..present() };
    assert_eq!(refused(AmendmentDraft { urgency: Some(Urgency::Urgent), ..NOTHING }, open), Vec::<String>::new());
    assert_eq!(refused(AmendmentDraft { county_code: Some("001"), ..NOTHING }, open), ["countyCode"]);
    let named = AmendmentDraft { service: Some(service(2)), consent_given: Some(true), ..NOTHING };
    assert_eq!(refused(named, open), ["serviceId"]);
    let critical = AskedFor { has_clock: true, urgency: Urgency::Emergency, ..open };
    assert_eq!(refused(AmendmentDraft { urgency: Some(Urgency::Routine), ..NOTHING }, critical), ["urgency"]);
}

#[test]
fn only_the_client_agrees_for_an_adult() {
    let consent = ConsentDraft { given_by: ConsentGiver::Parent, ..ConsentDraft::PLAIN };
    let draft = AmendmentDraft { service: Some(service(2)), consent_given: Some(true), consent, ..NOTHING };
    assert_eq!(refused(draft, present()), ["consent.givenBy"]);
    assert!(refused(draft, AskedFor { under_18: MinorStatus::Yes, ..present() }).is_empty());
}

#[test]
fn what_was_declined_for_want_of_information_is_asked_for_again_for_fourteen_days() {
    let declined_at = chrono::Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).single().expect("a moment");
    let state = |reason| ReferralState {
        status: ReferralStatus::Declined,
        created_at: declined_at,
        status_at: declined_at,
        expires_at: declined_at + TimeDelta::days(30),
        consent_withdrawn: false,
        decline: Some(crate::referral::Decline { reason: Some(reason), names_instead: false, referred_instead: false }),
        last_move: None,
        check_in_asked: false,
    };
    let amend = |state, days, seconds| {
        let at = declined_at + TimeDelta::days(days) + TimeDelta::seconds(seconds);
        decide(state, ReferralAction::Amend, SENDER, at).map_err(|refusal| refusal.code)
    };
    let missed = state(DeclineReason::NeedsMoreInformation);
    assert_eq!(amend(missed, 14, 0), Ok(ReferralStatus::Requested));
    assert_eq!(amend(missed, 14, 1), Err(UserErrorCode::Expired));
    assert_eq!(amend(ReferralState { consent_withdrawn: true, ..missed }, 1, 0), Err(UserErrorCode::IllegalTransition));
    for reason in DeclineReason::ALL.iter().filter(|reason| **reason != DeclineReason::NeedsMoreInformation) {
        assert_eq!(amend(state(*reason), 1, 0), Err(UserErrorCode::IllegalTransition), "{reason}");
    }
}

proptest! {
    #[test]
    fn nothing_more_is_shown_and_no_other_service_is_named_unless_the_client_agrees(
        before in proptest::sample::subsequence(SharedField::ALL, 0..=SharedField::ALL.len()),
        after in proptest::option::of(proptest::sample::subsequence(SharedField::ALL, 0..=SharedField::ALL.len())),
        other_service: bool, agreed in proptest::option::of(proptest::bool::ANY),
    ) {
        let present = AskedFor { shared: &before, ..present() };
        let draft = AmendmentDraft {
            urgency: Some(Urgency::Emergency),
            service: other_service.then(|| service(2)),
            shared: after.as_deref(),
            consent_given: agreed,
            ..NOTHING
        };
        let less = after.as_ref().is_some_and(|after| before.iter().any(|field| !after.contains(field)));
        let more = after.as_ref().is_some_and(|after| after.iter().any(|field| !before.contains(field)));
        let refused = refused(draft, present);
        prop_assert_eq!(refused.contains(&"sharedWithReceiver".to_owned()), less);
        prop_assert_eq!(refused.contains(&"consentGiven".to_owned()), agreed == Some(false) || (agreed.is_none() && (more || other_service)));
        if let Ok(amendment) = Amendment::parse(draft, present) {
            prop_assert_eq!(amendment.consent.is_some(), agreed == Some(true));
            prop_assert_eq!(amendment.shared.is_some(), more);
        }
    }
}
