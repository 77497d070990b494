//! Made-up public facilities, and the services there that members vouch for and accompany clients to.

use pamoja_domain::county::CountyCode;
use pamoja_domain::id::FacilityId;
use pamoja_domain::organisation::OrganisationKind;
use pamoja_domain::service::{NewService, ServiceDraft, ServiceType};
use rand::rngs::StdRng;
use uuid::Uuid;

use super::GenerateError;
use super::profile::{MEMBERS, Profile};
use super::random::identity;

/// What clients need and only a hospital offers.
const SOUGHT: [(ServiceType, &str); 3] = [
    (ServiceType::Pep, "Casualty desk"),
    (ServiceType::Art, "Comprehensive care centre"),
    (ServiceType::PostViolenceCare, "Recovery centre"),
];

/// A made-up facility.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Facility {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) county: CountyCode,
    pub(super) friendly: bool,
}

/// One hospital in each county where a member works.
pub(super) fn facilities(rng: &mut StdRng) -> Result<Vec<Facility>, GenerateError> {
    let mut codes: Vec<&str> = MEMBERS.iter().flat_map(|profile| profile.counties.iter().copied()).collect();
    codes.sort_unstable();
    codes.dedup();
    let facility = |(at, code): (usize, &str)| {
        let county = CountyCode::parse(code).map_err(|_| GenerateError::Coalition("nobody"))?;
        Ok(Facility {
            id: identity(rng),
            code: format!("made-up-{code}"),
            name: format!("Made-up Public Hospital of {}", county.name()),
            county,
            friendly: at % 2 == 0,
        })
    };
    codes.into_iter().enumerate().map(facility).collect()
}

/// The services that a member vouches for, at the hospital of its first county. Only members that the community runs, and harm
/// reduction organisations, vouch for any.
pub(super) fn services(profile: &Profile, facilities: &[Facility]) -> Result<Vec<NewService>, GenerateError> {
    let goes_along = profile.is_of_the_community() || profile.kind == OrganisationKind::HarmReduction;
    let first = profile.counties.first().filter(|_| goes_along);
    let Some(facility) = first.and_then(|code| facilities.iter().find(|facility| facility.county.as_str() == *code)) else {
        return Ok(Vec::new());
    };
    let service = |(service_type, what): &(ServiceType, &str)| {
        let name = format!("{what}, {}", facility.name);
        NewService::parse(&ServiceDraft {
            service_type: *service_type,
            name: &name,
            county_code: facility.county.as_str(),
            populations: &[],
            accepts_minors: true,
            facility: Some(FacilityId(facility.id)),
        })
        .map_err(|_| GenerateError::Coalition(profile.slug))
    };
    SOUGHT.iter().map(service).collect()
}
