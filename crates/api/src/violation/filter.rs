//! Which violations a list shows.

use async_graphql::InputObject;
use pamoja_domain::month;
use pamoja_domain::pseudonym;
use pamoja_domain::violation::{Perpetrator, ViolationOutcome, ViolationStatus, ViolationType};
use pamoja_persistence::violation;

use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::{DateTime, Month, Pseudonym};

/// Selects violations. A violation must meet all conditions; a list is met by any one of its members, and an empty list is no condition.
#[derive(InputObject, Default)]
pub(super) struct ViolationFilter {
    /// It stands so.
    statuses: Option<Vec<Enumeration<ViolationStatus>>>,
    /// One of these was done, beside others.
    types: Option<Vec<Enumeration<ViolationType>>>,
    /// One of these did it, beside others.
    perpetrators: Option<Vec<Enumeration<Perpetrator>>>,
    /// It was done in one of these counties.
    county_codes: Option<Vec<String>>,
    /// It ended so; ONGOING where nobody has recorded that.
    outcomes: Option<Vec<Enumeration<ViolationOutcome>>>,
    /// It was done in this month or later.
    occurred_from: Option<Month>,
    /// It was done in this month or earlier.
    occurred_through: Option<Month>,
    /// It is under this pseudonym of your organisation.
    client: Option<Pseudonym>,
    /// Something was recorded of it at this moment or later; of one that has ended, in this moment's month or later. Some that changed
    /// shortly before are returned too: expect to see them again.
    updated_since: Option<DateTime>,
    /// Whether the viewer documented it.
    mine: Option<bool>,
}

impl ViolationFilter {
    /// Reads the filter.
    ///
    /// # Errors
    /// [`Fault::Invalid`] or [`Fault::BadRequest`] when a value isn't written as it must be.
    pub(super) fn parse(&self) -> Result<violation::ViolationFilter, Fault> {
        let month = |field: &str, text: &Option<Month>| {
            text.as_ref().map(|text| month::Month::parse(field, &text.0)).transpose().map_err(Fault::from)
        };
        let client = self.client.as_ref().map(|client| pseudonym::Pseudonym::parse("client", &client.0)).transpose();
        Ok(violation::ViolationFilter {
            statuses: decoded(self.statuses.as_ref()),
            types: decoded(self.types.as_ref()),
            perpetrators: decoded(self.perpetrators.as_ref()),
            counties: filters::counties(self.county_codes.as_ref())?,
            outcomes: decoded(self.outcomes.as_ref()),
            occurred_from: month("occurredFrom", &self.occurred_from)?,
            occurred_through: month("occurredThrough", &self.occurred_through)?,
            client: client.map_err(Fault::from)?,
            updated_since: filters::moment(self.updated_since.as_ref())?,
            mine: self.mine,
        })
    }
}
