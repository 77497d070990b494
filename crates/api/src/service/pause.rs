//! Pausing services and offers of trainings: an organisation takes nobody new for now, for whatever reason.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, ServiceId, TrainingOfferId};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::service::check_named;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{service, training};

use super::Service;
use crate::graphql::error::{Failure, UserError, user_errors};
use crate::graphql::global_id::{self, Identified};
use crate::graphql::scope::Scope;

/// What to pause, or to take up again. Both lists left out: all services and offers of your organisation.
#[derive(InputObject)]
pub(super) struct PauseServicesInput {
    /// The global ids of services of your organisation, at most 100. Left out while trainingOfferIds is there, no service.
    service_ids: Option<Vec<ID>>,
    /// The global ids of offers of trainings of your organisation, at most 100. Left out while serviceIds is there, no offer.
    training_offer_ids: Option<Vec<ID>>,
    /// True to pause them, false to take them up again.
    paused: bool,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    client_mutation_id: Option<String>,
}

/// The services after the change, or why it was refused.
#[derive(SimpleObject)]
pub(super) struct ServicesPayload {
    /// The services that you named, as they are now; when you named neither services nor offers, all of your organisation, at
    /// most the first 100. Empty when the change was refused, and when you named offers alone.
    services: Vec<Service>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// The mutation that pauses.
#[derive(Default)]
pub(crate) struct PauseMutation;

#[Object]
impl PauseMutation {
    /// Pauses services and offers of your organisation, or takes them up again: all of them, or none if one of the ids can't be
    /// found. What is paused is still shown, and takes no new referral or request; what it has goes on. Pausing says nothing of
    /// how much room there is, and doesn't confirm a service. Caseworkers and organisation admins may do this: what makes it
    /// necessary doesn't wait until an admin is there.
    async fn pause_services(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to pause, or to take up again.")] input: PauseServicesInput,
    ) -> Result<ServicesPayload> {
        let changed = Scope::of(context)
            .mutate(
                "pauseServices",
                &input,
                Permission::SetCapacity,
                async |tx: &TenantTx| pause(tx, &input).await,
                async |tx: &TenantTx, _organisation: OrganisationId| as_they_are_now(tx, &input).await,
            )
            .await?;
        Ok(match changed {
            Ok(services) => ServicesPayload { services, user_errors: Vec::new() },
            Err(refusals) => ServicesPayload { services: Vec::new(), user_errors: user_errors(refusals) },
        })
    }
}

/// Makes the change. It is the organisation's: its audit entry names the organisation.
async fn pause(tx: &TenantTx, input: &PauseServicesInput) -> Result<OrganisationId, Failure> {
    check_named(input.service_ids.as_ref().map(Vec::len), input.training_offer_ids.as_ref().map(Vec::len))?;
    let organisation = tx.organisation()?;
    if input.service_ids.is_none() && input.training_offer_ids.is_none() {
        service::set_paused(tx, None, input.paused).await?;
        training::set_paused(tx, None, input.paused).await?;
        return Ok(organisation);
    }
    if let Some(ids) = named::<ServiceId>("serviceIds", input.service_ids.as_ref())? {
        let mut found = service::by_ids(tx, &ids).await?;
        found.retain(|service| service.organisation == organisation);
        check_all_found("serviceIds", ids.iter().all(|id| found.iter().any(|service| service.id == *id)))?;
        if found.iter().any(|service| service.closed_at.is_some()) {
            return Err(Refusal::invalid("serviceIds", "pause-service-closed").into());
        }
        service::set_paused(tx, Some(&ids), input.paused).await?;
    }
    if let Some(ids) = named::<TrainingOfferId>("trainingOfferIds", input.training_offer_ids.as_ref())? {
        let mut found = training::offers_by_ids(tx, &ids).await?;
        found.retain(|offer| offer.organisation == organisation);
        check_all_found("trainingOfferIds", ids.iter().all(|id| found.iter().any(|offer| offer.id == *id)))?;
        if found.iter().any(|offer| offer.closed_at.is_some()) {
            return Err(Refusal::invalid("trainingOfferIds", "pause-offer-closed").into());
        }
        training::set_paused(tx, Some(&ids), input.paused).await?;
    }
    Ok(organisation)
}

/// The ids in a list; `None` when the list is left out.
fn named<T: Identified>(field: &str, ids: Option<&Vec<ID>>) -> Result<Option<Vec<T>>, Refusal> {
    let decode = |id| global_id::decode(id).ok_or_else(|| Refusal::not_found(field));
    ids.map(|ids| ids.iter().map(decode).collect()).transpose()
}

fn check_all_found(field: &str, found: bool) -> Result<(), Refusal> {
    if found { Ok(()) } else { Err(Refusal::not_found(field)) }
}

/// Reads the services after the change, in the order in which they were named.
async fn as_they_are_now(tx: &TenantTx, input: &PauseServicesInput) -> Result<Vec<Service>, Failure> {
    let found = match (named::<ServiceId>("serviceIds", input.service_ids.as_ref())?, &input.training_offer_ids) {
        (Some(ids), _) => {
            let mut found = service::by_ids(tx, &ids).await?;
            found.sort_by_key(|service| ids.iter().position(|id| *id == service.id));
            found
        }
        (None, Some(_)) => Vec::new(),
        (None, None) => service::shown_as_own(tx).await?,
    };
    Ok(found.into_iter().map(|found| Service::new(found, tx)).collect())
}
