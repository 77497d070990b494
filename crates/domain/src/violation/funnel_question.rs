//! What is asked of the justice funnel.

use super::kind::{Perpetrator, PerpetratorGroup, ViolationGroup, ViolationType};
use crate::county::CountyCode;
use crate::month::Month;
use crate::organisation::Population;
use crate::refusal::Refusal;
use crate::vocabulary::Vocabulary;

/// The most months in one question.
pub const FUNNEL_MONTHS: usize = 60;

/// The unchecked fields of a [`FunnelQuestion`].
#[derive(Clone, Copy, Debug)]
pub struct FunnelDraft<'a> {
    /// The first month; not yet checked.
    pub from: &'a str,
    /// The last month; not yet checked.
    pub through: &'a str,
    /// Kinds of violations.
    pub groups: &'a [ViolationGroup],
    /// Kinds of perpetrators.
    pub perpetrator_groups: &'a [PerpetratorGroup],
    /// Counties.
    pub counties: &'a [CountyCode],
    /// To whom it was done.
    pub populations: &'a [Population],
}

/// Of which violations the funnel is asked: those that were documented in these months and meet all conditions. An empty list is no
/// condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelQuestion {
    /// The first month of the documentation.
    pub from: Month,
    /// The last month of the documentation.
    pub through: Month,
    /// Of one of these types, beside others.
    pub types: Vec<ViolationType>,
    /// By one of these, beside others.
    pub perpetrators: Vec<Perpetrator>,
    /// In one of these counties.
    pub counties: Vec<CountyCode>,
    /// To one of these, beside others.
    pub populations: Vec<Population>,
}

impl FunnelQuestion {
    /// Checks a draft.
    ///
    /// # Errors
    /// INVALID, for the first field that is wrong: a month that doesn't exist, months in the wrong order, or more than [`FUNNEL_MONTHS`].
    pub fn parse(draft: FunnelDraft<'_>) -> Result<Self, Refusal> {
        let [from, through] = Month::parse_range(draft.from, draft.through, FUNNEL_MONTHS)?;
        let of_groups = |of: &&ViolationType| draft.groups.contains(&of.group());
        let by_groups = |by: &&Perpetrator| draft.perpetrator_groups.contains(&by.group());
        Ok(Self {
            from,
            through,
            types: ViolationType::ALL.iter().filter(of_groups).copied().collect(),
            perpetrators: Perpetrator::ALL.iter().filter(by_groups).copied().collect(),
            counties: draft.counties.to_vec(),
            populations: draft.populations.to_vec(),
        })
    }
}
