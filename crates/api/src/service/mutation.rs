//! The mutations of services: an organisation keeps its own.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::contact::ContactChange;
use pamoja_domain::id::{FacilityId, ServiceId};
use pamoja_domain::organisation::Population;
use pamoja_domain::refusal::{Refusal, Refusals};
use pamoja_domain::service::{Capacity, NewService, ServiceDraft, ServiceType};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{contact, facility, service};
use uuid::Uuid;

use super::Service;
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::{Failure, UserError, user_errors};
use crate::graphql::global_id;
use crate::graphql::scope::Scope;
use crate::organisation::contact::ContactInput;

/// The service that you offer.
#[derive(InputObject)]
pub(super) struct CreateServiceInput {
    /// What type of service it is; it can't be changed later.
    service_type: Enumeration<ServiceType>,
    /// Its description.
    #[graphql(flatten)]
    described: ServiceDescription,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    client_mutation_id: Option<String>,
}

/// The service as it will be: send all of its fields. A field that you leave out is cleared, not kept, except hours, languages and
/// line: they stay as they are.
#[derive(InputObject)]
pub(super) struct UpdateServiceInput {
    /// The global id of a service of your organisation.
    service_id: ID,
    /// Its description.
    #[graphql(flatten)]
    described: ServiceDescription,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    client_mutation_id: Option<String>,
}

/// What a service is, beside its type.
#[derive(InputObject)]
pub(super) struct ServiceDescription {
    /// What you call it: 1 to 120 characters, without anything that identifies a person.
    name: String,
    /// The county where it is, from 001 (Mombasa) to 047 (Nairobi). It must be the facility's county, if you name a facility.
    county_code: String,
    /// The populations that it is for; empty means everyone.
    populations: Vec<Enumeration<Population>>,
    /// Whether it serves people under 18.
    #[graphql(default)]
    accepts_minors: bool,
    /// The facility of the national register where it is offered. Leave it out when the service is at a place of your own.
    facility_id: Option<ID>,
    /// How members reach it.
    #[graphql(flatten)]
    contact: ContactInput,
}

/// Names one service.
#[derive(InputObject)]
pub(super) struct ServiceInput {
    /// The global id of a service of your organisation.
    service_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    client_mutation_id: Option<String>,
}

/// Says how much room a service has.
#[derive(InputObject)]
pub(super) struct SetServiceCapacityInput {
    /// The global id of a service of your organisation.
    service_id: ID,
    /// How much room there is now. Say it again within 30 days: after that it reads as UNKNOWN.
    capacity: Enumeration<Capacity>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    client_mutation_id: Option<String>,
}

/// The service after the change, or why it was refused.
#[derive(SimpleObject)]
pub(super) struct ServicePayload {
    /// The service as it is now; null when the change was refused.
    service: Option<Service>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// The mutations of services.
#[derive(Default)]
pub(crate) struct ServiceMutation;

#[Object]
impl ServiceMutation {
    /// Offers a service. Organisation admins may do this.
    async fn create_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The service that you offer.")] input: CreateServiceInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "createService",
                &input,
                Permission::ManageServices,
                async |tx: &TenantTx| {
                    let (new, contact) = parse(tx, input.service_type.0, &input.described).await?;
                    let id = ServiceId(Uuid::new_v4());
                    service::insert(tx, id, &new).await?;
                    contact::change_of_service(tx, id, &contact).await?;
                    Ok(id)
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Changes a service of your organisation. A closed service can't be changed: it is refused with INVALID. Organisation
    /// admins may do this.
    async fn update_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The service, with all of its new fields.")] input: UpdateServiceInput,
    ) -> Result<ServicePayload> {
        let changed = Scope::of(context)
            .mutate(
                "updateService",
                &input,
                Permission::ManageServices,
                async |tx: &TenantTx| {
                    let known = find_own(tx, &input.service_id).await?;
                    let (new, contact) = parse(tx, known.service_type, &input.described).await?;
                    if !service::update(tx, known.id, &new).await? {
                        return Err(closed().into());
                    }
                    contact::change_of_service(tx, known.id, &contact).await?;
                    Ok(known.id)
                },
                as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Closes a service of your organisation for good. It takes no more referrals; those that it has go on. Organisation admins
    /// may do this.
    async fn close_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The service to close.")] input: ServiceInput,
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

    /// Says how much room a service of your organisation has. This also confirms that you still offer it as described, except
    /// UNKNOWN, which only takes back what you said before. Caseworkers and organisation admins may do this.
    async fn set_service_capacity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The service, and how much room it has.")] input: SetServiceCapacityInput,
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

    /// Confirms that you still offer a service of your organisation as described and still vouch for its place. Caseworkers and
    /// organisation admins may do this.
    async fn confirm_service(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The service to confirm.")] input: ServiceInput,
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

/// Finds a service of the viewer's organisation. Another organisation's service is refused as NOT_FOUND.
async fn find_own(tx: &TenantTx, id: &ID) -> Result<service::Service, Failure> {
    let not_found = || Refusal::not_found("serviceId");
    let id: ServiceId = global_id::decode(id).ok_or_else(not_found)?;
    let own = tx.organisation()?;
    let found = service::by_ids(tx, &[id]).await?.into_iter().find(|found| found.organisation == own);
    Ok(found.ok_or_else(not_found)?)
}

async fn parse(
    tx: &TenantTx,
    service_type: ServiceType,
    described: &ServiceDescription,
) -> Result<(NewService, ContactChange), Failure> {
    let facility = find_facility(tx, described.facility_id.as_ref(), &described.county_code).await?;
    let mut refusals = Refusals::default();
    let new = refusals.keep_all(NewService::parse(&ServiceDraft {
        service_type,
        name: &described.name,
        county_code: &described.county_code,
        populations: &decoded(Some(&described.populations)),
        accepts_minors: described.accepts_minors,
        facility,
    }));
    let contact = refusals.keep_all(described.contact.parse());
    Ok(refusals.finish(new.zip(contact))?)
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

/// Reads the service after the change, for the payload.
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
