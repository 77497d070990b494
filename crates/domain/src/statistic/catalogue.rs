//! The tables.

use super::Dimension;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// A table of figures. What it is called in the reader's language is the caption of its code.
    pub enum StatisticTableName {
        /// Referrals by what the client needs.
        ReferralsByServiceType = "REFERRALS_BY_SERVICE_TYPE",
        /// Referrals by the county in which the client is.
        ReferralsByCounty = "REFERRALS_BY_COUNTY",
        /// Referrals of adults by population: a client of several counts in each.
        ReferralsByPopulation = "REFERRALS_BY_POPULATION",
        /// Referrals by the client's age band.
        ReferralsByAgeBand = "REFERRALS_BY_AGE_BAND",
        /// Referrals of adults by population and what the client needs.
        ReferralsByPopulationAndServiceType = "REFERRALS_BY_POPULATION_AND_SERVICE_TYPE",
        /// Referrals by the client's county and what they need.
        ReferralsByCountyAndServiceType = "REFERRALS_BY_COUNTY_AND_SERVICE_TYPE",
        /// Referrals by the kind of organisation that they are addressed to.
        ReferralsByReceiverKind = "REFERRALS_BY_RECEIVER_KIND",
        /// Referrals by how soon the receiver answered.
        ReferralsByResponseTime = "REFERRALS_BY_RESPONSE_TIME",
        /// Referrals that were declined, by the reason.
        ReferralDeclinesByReason = "REFERRAL_DECLINES_BY_REASON",
        /// Referrals that ended without the client being served, by the reason.
        ReferralNonCompletionsByReason = "REFERRAL_NON_COMPLETIONS_BY_REASON",
    }
}

vocabulary! {
    /// What is counted of the referrals that were created in a period.
    pub enum Measure {
        /// All that the table is about.
        Created = "CREATED",
        /// Those that were accepted within 30 days; who has arrived was accepted.
        Accepted = "ACCEPTED",
        /// Those whose client arrived within 30 days.
        Arrived = "ARRIVED",
        /// Those whose client was served within 30 days.
        Completed = "COMPLETED",
    }
}

vocabulary! {
    /// Which of an organisation's own referrals are counted.
    pub enum OwnSide {
        /// Those that it sent, as it knows them; without those whose client doesn't agree to be counted.
        Sent = "SENT",
        /// Those that it received, as the client agreed to show them to it.
        Received = "RECEIVED",
    }
}

/// A table as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: StatisticTableName,
    /// By what it counts: one or two. They also decide which referrals it is about.
    pub dimensions: &'static [Dimension],
    /// What it counts.
    pub measures: &'static [Measure],
}

impl StatisticTableName {
    /// The catalogue.
    pub fn table(self) -> Table {
        use Dimension::{
            AgeBand, County, DeclineReason, NonCompletionReason, Population, ReceiverKind, ResponseTime, ServiceType,
        };
        // What was declined or ended unserved is counted itself: how many of it arrived would say nothing.
        let (dimensions, measures): (&[Dimension], &[Measure]) = match self {
            Self::ReferralsByServiceType => (&[ServiceType], Measure::ALL),
            Self::ReferralsByCounty => (&[County], Measure::ALL),
            Self::ReferralsByPopulation => (&[Population], Measure::ALL),
            Self::ReferralsByAgeBand => (&[AgeBand], Measure::ALL),
            Self::ReferralsByPopulationAndServiceType => (&[Population, ServiceType], Measure::ALL),
            Self::ReferralsByCountyAndServiceType => (&[County, ServiceType], Measure::ALL),
            Self::ReferralsByReceiverKind => (&[ReceiverKind], Measure::ALL),
            Self::ReferralsByResponseTime => (&[ResponseTime], Measure::ALL),
            Self::ReferralDeclinesByReason => (&[DeclineReason], &[Measure::Created]),
            Self::ReferralNonCompletionsByReason => (&[NonCompletionReason], &[Measure::Created]),
        };
        Table { name: self, dimensions, measures }
    }
}

/// The catalogue as a table for the docs.
pub fn markdown_table() -> String {
    let mut text = String::from("| table | dimensions | measures | about |\n|---|---|---|---|\n");
    for name in StatisticTableName::ALL {
        let Table { dimensions, measures, .. } = name.table();
        let named: Vec<&str> = dimensions.iter().map(|dimension| dimension.name()).collect();
        let measures: Vec<&str> = measures.iter().map(|measure| measure.code()).collect();
        let about: Vec<&str> = dimensions.iter().filter_map(|dimension| dimension.about()).collect();
        let about = if about.is_empty() { "all".to_owned() } else { about.join(", ") };
        text.push_str(&format!("| {name} | {} | {} | {about} |\n", named.join(" "), measures.join(" ")));
    }
    text
}
