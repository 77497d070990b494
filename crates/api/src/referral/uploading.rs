//! Sends many referrals together that were written down without a connection.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::referral::slip::SlipCode;
use pamoja_domain::referral::{MAXIMUM_UPLOAD, UploadItem, check_upload, item_failed, repeats};
use pamoja_domain::refusal::Refusal;
use uuid::Uuid;

use super::creating::create;
use super::input::{CreateReferralInput, CreateReferralsInput};
use super::payload::{CreateReferralPayload, CreateReferralResult};
use crate::graphql::error::{Fault, UserError, user_errors};
use crate::graphql::mutation::canonical;
use crate::graphql::scope::{Scope, forbidden};

/// The result for each referral, or why none was tried.
#[derive(SimpleObject)]
pub(super) struct CreateReferralsPayload {
    /// The result for each item, in the order of the items. Empty when the whole upload was refused.
    results: Vec<CreateReferralResult>,
    /// Why no item was tried. Empty when each item was tried, even if some or all of them were refused.
    user_errors: Vec<UserError>,
}

/// What each item costs on top of the fields that are asked for in its result, because it is a transaction.
const ITEM_COST: usize = 20;

/// What an upload costs on top of the fields that are asked for in its results.
pub(super) fn cost(input: &CreateReferralsInput) -> usize {
    input.items.len().min(MAXIMUM_UPLOAD) * ITEM_COST
}

/// Sends referrals, each in its own transaction, so that an item that is refused or fails stops none of the others.
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
            None => create(scope, item).await.or_else(of_the_item)?,
        }));
    }
    Ok(CreateReferralsPayload { results, user_errors: Vec::new() })
}

/// What went wrong with one item says nothing of the others, and must not take their answers away. When the database is in trouble or the
/// session is over, all of them are asked again: the fault is then the answer to the whole upload, which can be repeated.
fn of_the_item(fault: Fault) -> Result<CreateReferralPayload, Fault> {
    if !fault.is_internal() {
        return Err(fault);
    }
    fault.log();
    Ok(CreateReferralPayload::refused(vec![item_failed()]))
}

/// Checks what refuses the whole upload.
async fn check(scope: &Scope, input: &CreateReferralsInput) -> Result<Result<(), Refusal>, Fault> {
    // Each item would be refused for the viewer's roles too: this check says it once.
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
