//! The better place that a receiver names when it declines.

use async_graphql::ID;
use pamoja_domain::id::ServiceId;
use pamoja_domain::referral::{Place, check_instead};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::service::{Capacity, is_for_others};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{organisation, referral, service};

use crate::graphql::error::Failure;
use crate::graphql::global_id;

/// Checks the place that a receiver names, and returns it.
pub(super) async fn named_instead(tx: &TenantTx, found: &referral::Referral, id: &ID) -> Result<ServiceId, Failure> {
    let not_found = || Refusal::not_found("insteadServiceId");
    let id: ServiceId = global_id::decode(id).ok_or_else(not_found)?;
    let service = service::by_ids(tx, &[id]).await?.into_iter().next().ok_or_else(not_found)?;
    let offers = organisation::by_ids(tx, &[service.organisation]).await?.into_iter().next().ok_or_else(not_found)?;
    let place = Place {
        organisation: service.organisation,
        membership: offers.status,
        service_type: service.service_type,
        closed: service.closed_at.is_some(),
        paused: service.paused,
        full: service.capacity.read_at(service.capacity_updated_at, tx.at()) == Capacity::Full,
        for_others: is_for_others(&service.populations, &found.populations),
        accepts_minors: service.accepts_minors,
        facility_closed: service.facility_closed,
    };
    check_instead(place, found.sides(), found.service_type, found.under_18)?;
    Ok(id)
}
