//! Erases everything that an organisation holds under a client's pseudonym.

use async_graphql::SimpleObject;
use futures_util::future::try_join_all;
use pamoja_domain::id::ReferralId;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::referral::{CancelReason, ReferralAction, decide};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::client_right;
use pamoja_persistence::referral::{self, Change, Referral};
use pamoja_persistence::transaction::TenantTx;

use super::count::Erased;
use super::input::EraseClientInput;
use crate::graphql::error::{Failure, UserError, user_errors};

/// How many referrals were erased, or why the erasure was refused.
#[derive(SimpleObject)]
pub(super) struct EraseClientPayload {
    /// How many referrals were erased; 0 when the erasure was refused.
    erased_referrals: i32,
    /// How many violations were erased. They are erased all the same for whoever may not read all violations, and null says nothing of
    /// whether there were any; null also when the erasure was refused.
    erased_violations: Option<i32>,
    /// What to put right; empty when it worked. NOT_FOUND means that nothing is held under the pseudonym that you may read; this is also
    /// so after an erasure. Violations that you may not read are erased then, too.
    user_errors: Vec<UserError>,
}

/// Erases all of the client's referrals and violations in one transaction, however many there are.
///
/// # Errors
/// NOT_FOUND when nothing is held under the pseudonym that the actor may read. What they may not read is erased all the same.
pub(super) async fn erase(tx: &TenantTx, input: &EraseClientInput) -> Result<Erased, Failure> {
    let client = Pseudonym::parse("client", &input.client.0)?;
    client_right::lock_pseudonyms(tx).await?;
    client_right::lock_of_sender(tx, &client).await?;
    let mut erased = 0;
    loop {
        let found = client_right::next_for_update(tx, &client).await?;
        if found.is_empty() {
            break;
        }
        let ids: Vec<ReferralId> = found.iter().map(|referral| referral.id).collect();
        // They run at the same time, so that they wait for the database together.
        try_join_all(found.into_iter().map(|referral| end(tx, referral))).await?;
        client_right::erase(tx, &ids).await?;
        erased += ids.len() as u64;
    }
    // Also those that the viewer may not read: what they are answered doesn't depend on whether there are any.
    let violations = client_right::erase_violations(tx, &client).await?;
    if erased > 0 || violations.seen {
        return Ok(Erased { referrals: erased, violations: violations.count.and_then(|count| u32::try_from(count).ok()) });
    }
    let nothing = Refusal::not_found("client");
    Err(match violations.count {
        Some(_) => nothing.into(),
        None => Failure::Counted(vec![nothing]),
    })
}

/// Ends a referral as a withdrawal of consent does, unless it has already ended, and notifies both parties.
async fn end(tx: &TenantTx, found: Referral) -> Result<(), Failure> {
    let found = referral::record_expiry(tx, found).await?;
    let before = found.state.status;
    // If somebody has just withdrawn consent to this referral, it has already ended.
    let status = if found.state.consent_withdrawn {
        before
    } else {
        decide(found.state, ReferralAction::WithdrawConsent, found.allowed(tx.actor()?), tx.at())?
    };
    if status != before {
        referral::set_cancel_reason(tx, found.id, CancelReason::ConsentWithdrawn).await?;
    }
    let change = Change { status: (status != before).then_some(status), withdraws_consent: true, ..Change::default() };
    referral::update(tx, &found, change).await?;
    Ok(())
}

impl From<Result<Erased, Vec<Refusal>>> for EraseClientPayload {
    fn from(done: Result<Erased, Vec<Refusal>>) -> Self {
        match done {
            Ok(Erased { referrals, violations }) => Self {
                erased_referrals: i32::try_from(referrals).unwrap_or(i32::MAX),
                erased_violations: violations.and_then(|erased| i32::try_from(erased).ok()),
                user_errors: Vec::new(),
            },
            Err(refusals) => Self { erased_referrals: 0, erased_violations: None, user_errors: user_errors(refusals) },
        }
    }
}
