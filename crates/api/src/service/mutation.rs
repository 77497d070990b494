//! Keeping the own organisation's services.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{FacilityId, ServiceId};
use pamoja_domain::organisation::Population;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::service::{Capacity, NewService, ServiceDraft, ServiceType};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{facility, service};
use uuid::Uuid;

use super::Service;
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::{Failure, UserError, user_errors};
use crate::graphql::global_id;
use crate::graphql::scope::Scope;

/// A service to be offered.
#[derive(InputObject)]
pub(super) struct CreateServiceInput {
    /// What is offered; it can't be changed later.
    service_type: Enumeration<ServiceType>,
    /// How you call it, in 1 to 120 characters; nothing that could identify a person.
    name: String,
    /// Where it is.
    county_code: String,
    /// For whom it is; empty means for everyone.
    populations: Vec<Enumeration<Population>>,
    /// Whether people under 18 are served.
    #[graphql(default)]
    accepts_minors: bool,
    /// The facility of the national register where it is offered; left out at a place of your own.
    facility_id: Option<ID>,
    /// A UUID: a repeat with the same one has no second effect.
    client_mutation_id: Option<String>,
}

/// A service as it is from now on. What is left out is taken away, not kept.
#[derive(InputObject)]
pub(super) struct UpdateServiceInput {
    /// Which service.
    service_id: ID,
    /// How you call it, in 1 to 120 characters; nothing that could identify a person.
    name: String,
    /// Where it is.
    county_code: String,
    /// For whom it is; empty means for everyone.
    populations: Vec<Enumeration<Population>>,
    /// Whether people under 18 are served.
    #[graphql(default)]
    accepts_minors: bool,
    /// The facility of the national register where it is offered; left out at a place of your own.
    facility_id: Option<ID>,
    /// A UUID: a repeat with the same one has no second effect.
    client_mutation_id: Option<String>,
}

/// One of your services.
#[derive(InputObject)]
pub(super) struct ServiceInput {
    /// Which service.
    service_id: ID,
    /// A UUID: a repeat with the same one has no second effect.
    client_mutation_id: Option<String>,
}

/// How much room a service has.
#[derive(InputObject)]
pub(super) struct SetServiceCapacityInput {
    /// Which service.
    service_id: ID,
    /// How much room there is now; say it again within 30 days.
    capacity: Enumeration<Capacity>,
    /// A UUID: a repeat with the same one has no second effect.
    client_mutation_id: Option<String>,
}

/// What came of it.
#[derive(SimpleObject)]
pub(super) struct ServicePayload {
    /// The service as it is now; null when it was refused.
    service: Option<Service>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// The services' part of Mutation.
#[derive(Default)]
pub(crate) struct ServiceMutation;

#[Object]
impl ServiceMutation {
    /// Offers a service. For organisation admins.
    async fn create_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The service that is offered.")] input: CreateServiceInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "createService",
                &input,
                Permission::ManageServices,
                async |tx: &TenantTx| {
                    let facility = find_facility(tx, input.facility_id.as_ref(), &input.county_code).await?;
                    let populations = decoded(Some(&input.populations));
                    let new = NewService::parse(&ServiceDraft {
                        service_type: input.service_type.0,
                        name: &input.name,
                        county_code: &input.county_code,
                        populations: &populations,
                        accepts_minors: input.accepts_minors,
                        facility,
                    })?;
                    let id = ServiceId(Uuid::new_v4());
                    service::insert(tx, id, &new).await?;
                    Ok(id)
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Changes a service of your own that isn't closed. For organisation admins.
    async fn update_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which service, and how it is from now on.")] input: UpdateServiceInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "updateService",
                &input,
                Permission::ManageServices,
                async |tx: &TenantTx| {
                    let known = find_own(tx, &input.service_id).await?;
                    let facility = find_facility(tx, input.facility_id.as_ref(), &input.county_code).await?;
                    let populations = decoded(Some(&input.populations));
                    let new = NewService::parse(&ServiceDraft {
                        service_type: known.service_type,
                        name: &input.name,
                        county_code: &input.county_code,
                        populations: &populations,
                        accepts_minors: input.accepts_minors,
                        facility,
                    })?;
                    if service::update(tx, known.id, &new).await? { Ok(known.id) } else { Err(closed().into()) }
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Closes a service of your own for good: it takes no more referrals; those that it has go on. For organisation admins.
    async fn close_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which service.")] input: ServiceInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "closeService",
                &input,
                Permission::ManageServices,
                async |tx: &TenantTx| {
                    let known = find_own(tx, &input.service_id).await?;
                    service::close(tx, known.id).await?;
                    Ok(known.id)
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Says how much room a service of your own has, and by that that it is still offered as described; UNKNOWN takes back what was said. For caseworkers and organisation admins.
    async fn set_service_capacity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which service, and how much room it has.")] input: SetServiceCapacityInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "setServiceCapacity",
                &input,
                Permission::SetCapacity,
                async |tx: &TenantTx| {
                    let known = find_own(tx, &input.service_id).await?;
                    if service::set_capacity(tx, known.id, input.capacity.0).await? { Ok(known.id) } else { Err(closed().into()) }
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Says that a service of your own is still offered as described and that you still vouch for its place. For caseworkers and
    /// organisation admins.
    async fn confirm_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which service.")] input: ServiceInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "confirmService",
                &input,
                Permission::SetCapacity,
                async |tx: &TenantTx| {
                    let known = find_own(tx, &input.service_id).await?;
                    if service::confirm(tx, known.id).await? { Ok(known.id) } else { Err(closed().into()) }
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }
}

fn closed() -> Refusal {
    Refusal::invalid("serviceId", "service-closed")
}

/// One service of the own organisation; everybody else's do not exist here.
async fn find_own(tx: &TenantTx, id: &ID) -> Result<service::Service, Failure> {
    let not_found = || Refusal::not_found("serviceId");
    let id: ServiceId = global_id::decode(id).ok_or_else(not_found)?;
    let own = tx.organisation()?;
    let found = service::by_ids(tx, &[id]).await?.into_iter().find(|found| found.organisation == own);
    Ok(found.ok_or_else(not_found)?)
}

async fn find_facility(tx: &TenantTx, id: Option<&ID>, county_code: &str) -> Result<Option<FacilityId>, Failure> {
    let Some(id) = id else {
        return Ok(None);
    };
    let not_found = || Refusal::not_found("facilityId");
    let id: FacilityId = global_id::decode(id).ok_or_else(not_found)?;
    let found = facility::by_ids(tx, &[id]).await?.into_iter().next().ok_or_else(not_found)?;
    if !found.register.operational {
        return Err(Refusal::invalid("facilityId", "service-facility-closed").into());
    }
    if found.register.county.as_str() != county_code {
        return Err(Refusal::invalid("countyCode", "service-facility-elsewhere").into());
    }
    Ok(Some(id))
}

/// The service as that transaction left it, for the payload.
async fn as_it_is_now(tx: &TenantTx, id: ServiceId) -> Result<Option<Service>, Failure> {
    Ok(service::by_ids(tx, &[id]).await?.into_iter().next().map(|found| Service::new(found, tx)))
}

impl From<Result<Option<Service>, Vec<Refusal>>> for ServicePayload {
    fn from(done: Result<Option<Service>, Vec<Refusal>>) -> Self {
        match done {
            Ok(service) => Self { service, user_errors: Vec::new() },
            Err(refusals) => Self { service: None, user_errors: user_errors(refusals) },
        }
    }
}
