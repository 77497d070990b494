//! What a client agrees to when a referral changes.

use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::ConsentDraft;
use pamoja_persistence::referral;
use pamoja_persistence::transaction::TenantTx;

use super::input::ReferralConsentInput;
use crate::graphql::error::Failure;

/// What a client agreed to, from an input that may leave out how.
pub(super) fn agreed(consent: Option<&ReferralConsentInput>, counted: bool) -> ConsentDraft<'_> {
    match consent {
        None => ConsentDraft { counted, ..ConsentDraft::PLAIN },
        Some(consent) => ConsentDraft {
            given_by: consent.given_by.0,
            notice_version: consent.notice_version.as_deref(),
            manner: consent.manner.map(|manner| manner.0),
            language: consent.language.as_deref(),
            counted,
        },
    }
}

/// Whether the client of a referral agreed to be counted. An amendment doesn't change that.
pub(super) async fn counted_before(tx: &TenantTx, id: ReferralId) -> Result<bool, Failure> {
    Ok(referral::consents(tx, &[id]).await?.first().is_none_or(|(_, consent)| consent.counted))
}
