//! Assigns referrals to somebody of the viewer's organisation.

use async_graphql::{ID, SimpleObject};
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::id::{ReferralId, UserId};
use pamoja_domain::referral::{check_assigned, check_handler};
use pamoja_domain::refusal::{Refusal, Refusals, UserErrorCode};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::user::User;
use pamoja_persistence::{referral, user};
use uuid::Uuid;

use super::input::AssignReferralInput;
use super::object::Referral;
use crate::graphql::error::{Failure, Fault, UserError, user_errors};
use crate::graphql::global_id;
use crate::graphql::mutation::{Audited, Outcome};
use crate::graphql::scope::Scope;

const OPERATION: &str = "assignReferral";

/// The field of the referrals, and the field of the user.
const REFERRALS: &str = "referralIds";
const USER: &str = "userId";

/// The referrals as they are now, or why none of them was assigned.
#[derive(SimpleObject)]
pub(super) struct AssignReferralPayload {
    /// The referrals in the order in which you named them, each once. Empty when the mutation was refused.
    referrals: Vec<Referral>,
    /// What to put right; empty when it worked. If one referral is refused, none is assigned: its `field` is for example
    /// ["referralIds", "3"], and counts from 0.
    user_errors: Vec<UserError>,
}

/// The user to whom the referrals were assigned. The audit has an entry for each of them.
#[derive(Clone, Copy)]
struct Assigned(UserId);

impl Outcome for Assigned {
    fn to_kept(self) -> Uuid {
        self.0.0
    }

    fn from_kept(kept: Uuid) -> Self {
        Self(UserId(kept))
    }

    fn audited(self) -> Audited {
        Audited::Each
    }
}

/// Assigns all of the referrals or none.
pub(super) async fn assign(scope: &Scope, input: &AssignReferralInput) -> Result<AssignReferralPayload, Fault> {
    let assigned = scope
        .mutate(
            OPERATION,
            input,
            Permission::AssignReferrals,
            async |tx: &TenantTx| change(tx, input).await,
            async |tx: &TenantTx, _: Assigned| as_they_are_now(tx, &input.referral_ids).await,
        )
        .await?;
    Ok(match assigned {
        Ok(referrals) => AssignReferralPayload { referrals, user_errors: Vec::new() },
        Err(refusals) => AssignReferralPayload { referrals: Vec::new(), user_errors: user_errors(refusals) },
    })
}

async fn change(tx: &TenantTx, input: &AssignReferralInput) -> Result<Assigned, Failure> {
    check_assigned(REFERRALS, input.referral_ids.len())?;
    let handler = handler(tx, &input.user_id).await?;
    let ids = distinct(&input.referral_ids);
    let found = referral::by_ids(tx, &ids).await?;
    let actor = tx.actor()?;
    let mut refusals = Refusals::default();
    for (index, id) in input.referral_ids.iter().enumerate() {
        let id: Option<ReferralId> = global_id::decode(id);
        let found = found.iter().find(|found| Some(found.id) == id);
        refusals.keep(check(found, &index.to_string(), actor).map_err(|refusal| refusal.within(REFERRALS)));
    }
    for is_sender in [true, false] {
        if found.iter().any(|found| (found.sender == actor.caller.organisation) == is_sender) {
            refusals.keep(check_handler(USER, &handler.roles, is_sender));
        }
    }
    refusals.finish(Some(()))?;
    referral::assign(tx, &ids, handler.id, OPERATION).await?;
    Ok(Assigned(handler.id))
}

/// Checks that the viewer's organisation is a party to the referral.
fn check(found: Option<&referral::Referral>, index: &str, actor: &Actor) -> Result<(), Refusal> {
    match found {
        None => Err(Refusal::not_found(index)),
        Some(found) if found.sides().is_open_to(actor.caller.organisation) => {
            Err(Refusal::of_field(UserErrorCode::IllegalTransition, index, "sending-take-first"))
        }
        Some(_) => Ok(()),
    }
}

/// The user with that id, if it is one of the viewer's organisation who can still sign in.
async fn handler(tx: &TenantTx, id: &ID) -> Result<User, Failure> {
    let not_found = || Refusal::not_found(USER);
    let id: UserId = global_id::decode(id).ok_or_else(not_found)?;
    let found = user::by_ids(tx, &[id]).await?.into_iter().next().ok_or_else(not_found)?;
    if user::is_disabled(tx, id).await? {
        return Err(Refusal::invalid(USER, "referral-assign-disabled").into());
    }
    Ok(found)
}

/// The referrals with these ids, each once, in the order in which they were named.
async fn as_they_are_now(tx: &TenantTx, ids: &[ID]) -> Result<Vec<Referral>, Failure> {
    let ids = distinct(ids);
    let mut found = referral::by_ids(tx, &ids).await?;
    found.sort_by_key(|found| ids.iter().position(|id| *id == found.id));
    Ok(found.into_iter().map(|found| Referral::new(found, tx)).collect::<Result<_, _>>()?)
}

fn distinct(ids: &[ID]) -> Vec<ReferralId> {
    let mut distinct: Vec<ReferralId> = Vec::new();
    for id in ids.iter().filter_map(global_id::decode) {
        if !distinct.contains(&id) {
            distinct.push(id);
        }
    }
    distinct
}
