//! Sending many referrals together, that were written down where there was no line.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::referral::{MAXIMUM_UPLOAD, UploadItem, check_upload, repeats};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::slip::SlipCode;
use uuid::Uuid;

use super::creating::create;
use super::input::{CreateReferralInput, CreateReferralsInput};
use super::payload::{CreateReferralPayload, CreateReferralResult};
use crate::graphql::error::{Fault, UserError, user_errors};
use crate::graphql::mutation::canonical;
use crate::graphql::scope::{Scope, forbidden};

/// What came of it.
#[derive(SimpleObject)]
pub(super) struct CreateReferralsPayload {
    /// What came of each item, in the order of the items. Empty when all of it was refused.
    results: Vec<CreateReferralResult>,
    /// Why none of it was tried; empty when each item was, whatever came of it.
    user_errors: Vec<UserError>,
}

/// What each item costs beside what is asked for of it: it is a transaction.
const ITEM_COST: usize = 20;

/// What an upload costs beside what is asked for of its results.
pub(super) fn cost(input: &CreateReferralsInput) -> usize {
    input.items.len().min(MAXIMUM_UPLOAD) * ITEM_COST
}

/// Sends referrals, each in a transaction of its own: what is wrong with one stands against none of the others.
pub(super) async fn upload(scope: &Scope, input: &CreateReferralsInput) -> Result<CreateReferralsPayload, Fault> {
    if let Err(refusal) = check(scope, input).await? {
        return Ok(CreateReferralsPayload { results: Vec::new(), user_errors: user_errors(vec![refusal]) });
    }
    let items: Vec<UploadItem> = input.items.iter().map(item).collect();
    let mut results = Vec::with_capacity(items.len());
    for (item, repeat) in input.items.iter().zip(repeats(&items)) {
        let refusal = match repeat {
            None if item.client_mutation_id.is_none() => Some(Refusal::invalid("clientMutationId", "slip-item-without-key")),
            repeat => repeat,
        };
        results.push(CreateReferralResult(match refusal {
            Some(refusal) => CreateReferralPayload::refused(vec![refusal]),
            None => create(scope, item).await?,
        }));
    }
    Ok(CreateReferralsPayload { results, user_errors: Vec::new() })
}

/// What stands against all of it.
async fn check(scope: &Scope, input: &CreateReferralsInput) -> Result<Result<(), Refusal>, Fault> {
    // Each item is refused by role as well: this one says it once.
    match scope.read(Permission::SendReferrals).await {
        Ok(_) => Ok(check_upload("items", input.items.len())),
        Err(Fault::Forbidden) => Ok(Err(forbidden())),
        Err(fault) => Err(fault),
    }
}

fn item(input: &CreateReferralInput) -> UploadItem {
    let slip = input.preissued_slip_code.as_ref();
    UploadItem {
        key: input.client_mutation_id.as_deref().and_then(|id| Uuid::parse_str(id).ok()),
        slip: slip.and_then(|code| SlipCode::parse("preissuedSlipCode", &code.0).ok()),
        content: canonical(input),
    }
}
