//! Services: what members offer, to whom, where, and whether they have room.

use chrono::{DateTime, TimeDelta, Utc};

use crate::county::CountyCode;
use crate::id::FacilityId;
use crate::organisation::Population;
use crate::refusal::{Refusal, Refusals};
use crate::text::Line;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

mod pause;
mod service_type;
pub mod suggestion;
pub use pause::check_named;
pub use service_type::{ServiceGroup, ServiceType};

vocabulary! {
    /// Whether a service has room now.
    pub enum Capacity {
        /// It has room.
        Open = "OPEN",
        /// It has room for a few people.
        Limited = "LIMITED",
        /// It puts people on a waitlist.
        Waitlist = "WAITLIST",
        /// It can take nobody.
        Full = "FULL",
        /// Nobody has said whether there is room, or it was more than 30 days ago: ask before you refer.
        Unknown = "UNKNOWN",
    }
}

/// The number of days after which a stated capacity says nothing any more.
pub const CAPACITY_FRESH_DAYS: i64 = 30;

impl Capacity {
    /// The capacity to show at a moment: the stated one, or UNKNOWN if it was never stated or more than 30 days ago.
    pub fn read_at(self, stated_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Self {
        match stated_at {
            Some(stated_at) if at - stated_at <= TimeDelta::days(CAPACITY_FRESH_DAYS) => self,
            _ => Self::Unknown,
        }
    }
}

/// The name of a service: up to 120 characters, nothing that identifies a person.
pub type ServiceName = Line<120>;

/// A service as an organisation admin describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewService {
    /// The kind of service.
    pub service_type: ServiceType,
    /// The organisation's name for it.
    pub name: ServiceName,
    /// The county in which it is offered.
    pub county: CountyCode,
    /// The populations that it is for; empty means everyone.
    pub populations: Vec<Population>,
    /// Whether it serves people under 18.
    pub accepts_minors: bool,
    /// The facility of the national register where it is offered, if it is offered at one.
    pub facility: Option<FacilityId>,
}

/// The unchecked fields of a [`NewService`].
#[derive(Clone, Debug)]
pub struct ServiceDraft<'a> {
    /// The kind of service.
    pub service_type: ServiceType,
    /// Not yet checked.
    pub name: &'a str,
    /// Not yet checked.
    pub county_code: &'a str,
    /// May have repeats.
    pub populations: &'a [Population],
    /// Whether it serves people under 18.
    pub accepts_minors: bool,
    /// Already found in the database.
    pub facility: Option<FacilityId>,
}

impl NewService {
    /// Checks a draft.
    ///
    /// # Errors
    /// Every field that is wrong: INVALID, or IDENTIFYING_DATA for the name.
    pub fn parse(draft: &ServiceDraft<'_>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let name = refusals.keep(ServiceName::parse("name", draft.name));
        let county = refusals.keep(parse_county("countyCode", draft.county_code));
        let populations = refusals.keep(parse_service_populations("populations", draft.populations));
        let value = name.zip(county).zip(populations).map(|((name, county), populations)| Self {
            service_type: draft.service_type,
            name,
            county,
            populations,
            accepts_minors: draft.accepts_minors,
            facility: draft.facility,
        });
        refusals.finish(value)
    }
}

/// Reads a field's county code.
///
/// # Errors
/// INVALID when it isn't the code of one of the 47 counties.
pub fn parse_county(field: &str, code: &str) -> Result<CountyCode, Refusal> {
    code.parse().map_err(|_| Refusal::invalid(field, "county-code-malformed"))
}

/// The populations of a service, without repeats, in the vocabulary's order.
///
/// # Errors
/// INVALID when NOT_STATED is one of them. A service names the populations that it is for, or names none and is for everyone.
pub fn parse_service_populations(field: &str, populations: &[Population]) -> Result<Vec<Population>, Refusal> {
    if populations.contains(&Population::NotStated) {
        return Err(Refusal::invalid(field, "service-populations-not-stated"));
    }
    Ok(without_repeats(populations))
}

/// Whether a service for these populations is for none of those that a client counts themself to. Where the client has said none, or
/// NOT_STATED, it is for them: that is always a good answer.
pub fn is_for_others(service: &[Population], client: &[Population]) -> bool {
    let unsaid = client.iter().all(|population| *population == Population::NotStated);
    !unsaid && !service.is_empty() && !service.iter().any(|population| client.contains(population))
}

/// The members of the list, without repeats, in the vocabulary's order.
pub fn without_repeats<T: Vocabulary>(list: &[T]) -> Vec<T> {
    T::ALL.iter().copied().filter(|member| list.contains(member)).collect()
}
