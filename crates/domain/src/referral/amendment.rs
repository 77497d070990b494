//! Putting right what was asked for: the sender amends a referral until the client has arrived.

use chrono::{DateTime, TimeDelta, Utc};

use super::consent::{Consent, ConsentDraft};
use super::creation::check_giver;
use super::reason::DeclineReason;
use super::state::{REOPEN_DAYS, ReferralState};
use super::status::{MinorStatus, SharedField, Urgency};
use crate::county::CountyCode;
use crate::id::ServiceId;
use crate::message::Message;
use crate::refusal::{Refusal, Refusals, UserErrorCode};
use crate::sealed_text::SealedText;
use crate::service::{parse_county, without_repeats};

/// What a referral asks for at present.
#[derive(Clone, Copy, Debug)]
pub struct AskedFor<'a> {
    /// Whether it is open to all, and nobody has taken it.
    pub open: bool,
    /// The service that it is for, if one was chosen.
    pub service: Option<ServiceId>,
    /// The county in which the client is.
    pub county: CountyCode,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// Whether there is a moment by which the client must be seen.
    pub has_clock: bool,
    /// What the client agreed to show the receiver.
    pub shared: &'a [SharedField],
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
}

/// The unchecked fields of an [`Amendment`]. What is left out stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct AmendmentDraft<'a> {
    /// How soon the client must be seen.
    pub urgency: Option<Urgency>,
    /// Not yet checked.
    pub county_code: Option<&'a str>,
    /// Another service of the receiver's.
    pub service: Option<ServiceId>,
    /// May have repeats.
    pub shared: Option<&'a [SharedField]>,
    /// Not yet checked.
    pub sealed_note: Option<&'a str>,
    /// Whether the client has agreed.
    pub consent_given: Option<bool>,
    /// Whether somebody said how the client agreed.
    pub says_how: bool,
    /// How the client agreed. Not yet checked.
    pub consent: ConsentDraft<'a>,
}

/// What changes in a referral; none where it stays as it is.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// How soon the client must be seen.
    pub urgency: Option<Urgency>,
    /// The county in which the client is.
    pub county: Option<CountyCode>,
    /// Another service of the receiver's.
    pub service: Option<ServiceId>,
    /// What the client agreed to show the receiver: all of it.
    pub shared: Option<Vec<SharedField>>,
    /// A note in place of the one before.
    pub sealed_note: Option<SealedText>,
    /// What the client agreed to; none where they weren't asked.
    pub consent: Option<Consent>,
}

impl Amendment {
    /// Checks a draft.
    ///
    /// # Errors
    /// Every field that is wrong, all at once. INVALID without a field when nothing would change.
    pub fn parse(draft: AmendmentDraft<'_>, present: AskedFor<'_>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let county = refusals.keep(draft.county_code.map(|code| parse_county("countyCode", code)).transpose()).flatten();
        let county = county.filter(|county| *county != present.county);
        let service = draft.service.filter(|service| Some(*service) != present.service);
        let urgency = draft.urgency.filter(|urgency| *urgency != present.urgency);
        let shared = draft.shared.map(without_repeats);
        let sealed_note = draft.sealed_note.map(|note| SealedText::parse("sealedNote", note)).transpose();
        let sealed_note = refusals.keep(sealed_note).flatten();
        if present.open {
            refusals.keep(stays("countyCode", county.is_none(), "referral-amend-open"));
            refusals.keep(stays("serviceId", service.is_none(), "referral-amend-open"));
            // Its urgency is all that shows the possible takers that it can't wait.
            refusals.keep(stays("urgency", !present.has_clock || urgency.is_none(), "referral-amend-open-clock"));
        }
        if let Some(shared) = &shared {
            let less = present.shared.iter().any(|seen| !shared.contains(seen));
            refusals.keep(stays("sharedWithReceiver", !less, "referral-amend-shares-less"));
        }
        let shared = shared.filter(|shared| shared.iter().any(|field| !present.shared.contains(field)));
        let must_agree = shared.is_some() || service.is_some() || sealed_note.is_some();
        let consent = match draft.consent_given {
            None if !must_agree && draft.says_how => {
                refusals.push(Refusal::invalid("consentGiven", "referral-amend-consent-unsaid"));
                None
            }
            None if !must_agree => None,
            Some(true) => {
                refusals.keep(check_giver(draft.consent.given_by, present.under_18));
                refusals.keep_all(draft.consent.parse())
            }
            None | Some(false) => {
                refusals.push(Refusal::invalid("consentGiven", "referral-amend-consent-missing"));
                None
            }
        };
        let changes = must_agree || county.is_some() || urgency.is_some();
        let amendment = changes.then_some(Self { urgency, county, service, shared, sealed_note, consent });
        refusals.finish(amendment).map_err(|refused| match refused.is_empty() {
            true => vec![Refusal::new(UserErrorCode::Invalid, "referral-amend-nothing")],
            false => refused,
        })
    }
}

fn stays(field: &str, stays: bool, key: &'static str) -> Result<(), Refusal> {
    if stays { Ok(()) } else { Err(Refusal::invalid(field, key)) }
}

/// Checks whether a declined referral can be asked for again with what the receiver missed.
///
/// # Errors
/// ILLEGAL_TRANSITION when it was declined for another reason or consent was withdrawn; EXPIRED after 14 days.
pub(super) fn check_ask_again(state: ReferralState, at: DateTime<Utc>) -> Result<(), Refusal> {
    let missed = state.decline.is_some_and(|decline| decline.reason == Some(DeclineReason::NeedsMoreInformation));
    if state.consent_withdrawn || !missed {
        return Err(Refusal::new(
            UserErrorCode::IllegalTransition,
            Message::of("referral-amend-declined").with("status", state.status).with("days", REOPEN_DAYS),
        ));
    }
    if at - state.status_at > TimeDelta::days(REOPEN_DAYS) {
        return Err(Refusal::new(
            UserErrorCode::Expired,
            Message::of("referral-amend-too-late").with("status", state.status).with("days", REOPEN_DAYS),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
