//! Services: what members offer, to whom, where, and whether there is room.

use chrono::{DateTime, TimeDelta, Utc};

use crate::county::CountyCode;
use crate::id::FacilityId;
use crate::organisation::Population;
use crate::refusal::{Refusal, Refusals};
use crate::text::Line;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

mod service_type;
pub use service_type::{ServiceGroup, ServiceType};

vocabulary! {
    /// Whether a service has room now.
    pub enum Capacity {
        /// There is room.
        Open = "OPEN",
        /// There is room for a few.
        Limited = "LIMITED",
        /// People are put on a waitlist.
        Waitlist = "WAITLIST",
        /// Nobody can be taken.
        Full = "FULL",
        /// Not said, or said more than 30 days ago: ask before you refer.
        Unknown = "UNKNOWN",
    }
}

/// After how many days a stated capacity no longer tells anything.
pub const CAPACITY_FRESH_DAYS: i64 = 30;

impl Capacity {
    /// What is to be read at that moment of a capacity stated then: after 30 days, UNKNOWN.
    pub fn read_at(self, stated_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Self {
        match stated_at {
            Some(stated_at) if at - stated_at <= TimeDelta::days(CAPACITY_FRESH_DAYS) => self,
            _ => Self::Unknown,
        }
    }
}

/// The name of a service: up to 120 characters, nothing identifying.
pub type ServiceName = Line<120>;

/// A service as an organisation admin describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewService {
    /// What is offered.
    pub service_type: ServiceType,
    /// How the organisation calls it.
    pub name: ServiceName,
    /// Where.
    pub county: CountyCode,
    /// For whom; empty means for everyone.
    pub populations: Vec<Population>,
    /// Whether people under 18 are served.
    pub accepts_minors: bool,
    /// The facility of the national register where it is offered, if it is at one.
    pub facility: Option<FacilityId>,
}

/// The fields of a [`NewService`] as they came in.
#[derive(Clone, Debug)]
pub struct ServiceDraft<'a> {
    /// What is offered.
    pub service_type: ServiceType,
    /// Not yet checked.
    pub name: &'a str,
    /// Not yet checked.
    pub county_code: &'a str,
    /// May hold repeats.
    pub populations: &'a [Population],
    /// Whether people under 18 are served.
    pub accepts_minors: bool,
    /// Already looked up.
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

/// Reads a county code in that field.
///
/// # Errors
/// INVALID when it isn't one of the 47.
pub fn parse_county(field: &str, code: &str) -> Result<CountyCode, Refusal> {
    code.parse().map_err(|_| Refusal::invalid(field, "county-code-malformed"))
}

/// The populations of a service, without repeats, in the vocabulary's order.
///
/// # Errors
/// INVALID when NOT_STATED is among them: a service says whom it is for, or names nobody and is for everyone.
pub fn parse_service_populations(field: &str, populations: &[Population]) -> Result<Vec<Population>, Refusal> {
    if populations.contains(&Population::NotStated) {
        return Err(Refusal::invalid(field, "service-populations-not-stated"));
    }
    Ok(without_repeats(populations))
}

/// The members of the list in the vocabulary's order, each once.
pub fn without_repeats<T: Vocabulary>(list: &[T]) -> Vec<T> {
    T::ALL.iter().copied().filter(|member| list.contains(member)).collect()
}
