//! The catalogue of tables.

use super::{Dimension, Noise, OtherKey, PeriodKind, ResponseTime, SensitivityRule};
use crate::vocabulary::Vocabulary;
use crate::{enumerated, vocabulary};

vocabulary! {
    /// A table of figures. Show the caption of its code, which is in the reader's language.
    pub enum StatisticTableName {
        /// Referrals by what the client needs.
        ReferralsByServiceType = "REFERRALS_BY_SERVICE_TYPE",
        /// Referrals by the county in which the client is.
        ReferralsByCounty = "REFERRALS_BY_COUNTY",
        /// Referrals of adults by population. A client of several populations counts in each.
        ReferralsByPopulation = "REFERRALS_BY_POPULATION",
        /// Referrals by the client's age band.
        ReferralsByAgeBand = "REFERRALS_BY_AGE_BAND",
        /// Referrals of adults by population and the group of services that they need one of.
        ReferralsByPopulationAndServiceType = "REFERRALS_BY_POPULATION_AND_SERVICE_TYPE",
        /// Referrals by the client's county and the group of services that they need one of. By single service, most cells would
        /// have only one receiver and would never be published.
        ReferralsByCountyAndServiceType = "REFERRALS_BY_COUNTY_AND_SERVICE_TYPE",
        /// Referrals by the kind of organisation that receives them.
        ReferralsByReceiverKind = "REFERRALS_BY_RECEIVER_KIND",
        /// Referrals by how soon the receiver answered.
        ReferralsByResponseTime = "REFERRALS_BY_RESPONSE_TIME",
        /// Declined referrals by the reason.
        ReferralDeclinesByReason = "REFERRAL_DECLINES_BY_REASON",
        /// Referrals that ended without the client being served, by the reason.
        ReferralNonCompletionsByReason = "REFERRAL_NON_COMPLETIONS_BY_REASON",
        /// People who were trained, by topic.
        TrainingParticipantsByTopic = "TRAINING_PARTICIPANTS_BY_TOPIC",
        /// People who were trained, by cadre.
        TrainingParticipantsByCadre = "TRAINING_PARTICIPANTS_BY_CADRE",
        /// People who were trained, by county.
        TrainingParticipantsByCounty = "TRAINING_PARTICIPANTS_BY_COUNTY",
    }
}

vocabulary! {
    /// What is counted among the referrals that were created in a period, or among the trainings whose delivery was recorded in
    /// it.
    pub enum Measure {
        /// All referrals of the table.
        Created = "CREATED",
        /// Referrals that were accepted within 30 days. A client who arrived counts as accepted.
        Accepted = "ACCEPTED",
        /// Referrals whose client arrived within 30 days.
        Arrived = "ARRIVED",
        /// Referrals whose client was served within 30 days.
        Completed = "COMPLETED",
        /// All people who came to a training.
        Participants = "PARTICIPANTS",
    }
}

impl Measure {
    /// The measures of tables of referrals.
    pub const OF_REFERRALS: &'static [Self] = &[Self::Created, Self::Accepted, Self::Arrived, Self::Completed];
    /// The measures of tables of trainings.
    pub const OF_TRAININGS: &'static [Self] = &[Self::Participants];
}

vocabulary! {
    /// Which of an organisation's own referrals or trainings are counted.
    pub enum OwnSide {
        /// The referrals that it sent, with all that it knows, but without clients who did not agree to be counted. Of the
        /// trainings that it asked for, its own people.
        Sent = "SENT",
        /// The referrals that it received, with what the client agreed to show it. Of the trainings that it held, all people.
        Received = "RECEIVED",
    }
}

enumerated! {
    /// What a table counts.
    pub enum Subject {
        /// Referrals, each once, by when they were created. The sender contributes a referral; its receiver sees it too.
        Referrals,
        /// The people who came to trainings, by when the delivery was recorded. Each host contributes its own people; the trainer
        /// sees them too.
        Participants,
    }
}

impl Subject {
    /// Its tables, in the order of the catalogue.
    fn tables(self) -> impl Iterator<Item = Table> {
        StatisticTableName::ALL.iter().map(|name| name.table()).filter(move |table| table.subject == self)
    }

    /// Everything that its tables count by, in the order of [`Dimension::ALL`].
    pub fn dimensions(self) -> Vec<Dimension> {
        let counts_by = |dimension: &Dimension| self.tables().any(|table| table.dimensions.contains(dimension));
        Dimension::ALL.iter().copied().filter(counts_by).collect()
    }

    /// Everything that its tables can count, in the order of [`Measure`].
    pub fn measures(self) -> Vec<Measure> {
        let counts = |measure: &Measure| self.tables().any(|table| table.measures.contains(measure));
        Measure::ALL.iter().copied().filter(counts).collect()
    }
}

/// Cells that can only be zero. Publishing them as zero reveals nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StructuralZeros {
    /// The category, in the table's only dimension.
    pub category: &'static str,
    /// The measures for which it can only be zero.
    pub measures: &'static [Measure],
}

/// The declaration of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: StatisticTableName,
    /// What it counts.
    pub subject: Subject,
    /// The one or two dimensions that it counts by. They also decide which records it is about.
    pub dimensions: &'static [Dimension],
    /// Its measures.
    pub measures: &'static [Measure],
    /// The shortest periods for which its cells are published. For shorter periods nothing is published, except the total of a
    /// table of two dimensions: a table of one dimension publishes the same total.
    pub shortest: PeriodKind,
    /// Whether every measure of it reveals what receivers did.
    pub of_receivers: bool,
    /// How its published figures are perturbed.
    pub noise: Noise,
    /// The cells that can only be zero.
    pub structural_zeros: Option<StructuralZeros>,
}

/// A referral that nobody answered within the 30 days, or that nobody received, reached none of these measures in them.
fn nothing_reached(category: &'static str) -> Option<StructuralZeros> {
    Some(StructuralZeros { category, measures: &[Measure::Accepted, Measure::Arrived, Measure::Completed] })
}

const REFERRALS: Table = Table {
    name: StatisticTableName::ReferralsByServiceType,
    subject: Subject::Referrals,
    dimensions: &[Dimension::ServiceType],
    measures: Measure::OF_REFERRALS,
    shortest: PeriodKind::Month,
    of_receivers: false,
    noise: Noise::MEMBERS,
    structural_zeros: None,
};

const PARTICIPANTS: Table =
    Table { subject: Subject::Participants, measures: Measure::OF_TRAININGS, shortest: PeriodKind::Quarter, ..REFERRALS };

impl StatisticTableName {
    /// The catalogue. To add a table, add its name above, its caption in the messages and its row here.
    pub fn table(self) -> Table {
        use Dimension::{
            AgeBand, Cadre, County, DeclineReason, NonCompletionReason, Population, ReceiverKind, ServiceGroup, ServiceType,
            Topic,
        };
        let name = self;
        // These tables count declined or unserved referrals: how many of those arrived would say nothing.
        const ENDINGS: &[Measure] = &[Measure::Created];
        match name {
            Self::ReferralsByServiceType => Table { name, dimensions: &[ServiceType], ..REFERRALS },
            Self::ReferralsByCounty => Table { name, dimensions: &[County], ..REFERRALS },
            Self::ReferralsByPopulation => Table { name, dimensions: &[Population], ..REFERRALS },
            Self::ReferralsByAgeBand => Table { name, dimensions: &[AgeBand], ..REFERRALS },
            Self::ReferralsByPopulationAndServiceType => Table { name, dimensions: &[Population, ServiceGroup], ..REFERRALS },
            Self::ReferralsByCountyAndServiceType => {
                Table { name, dimensions: &[County, ServiceGroup], shortest: PeriodKind::Year, ..REFERRALS }
            }
            Self::ReferralsByReceiverKind => Table {
                name,
                dimensions: &[ReceiverKind],
                of_receivers: true,
                structural_zeros: nothing_reached(OtherKey::NotTaken.code()),
                ..REFERRALS
            },
            Self::ReferralsByResponseTime => Table {
                name,
                dimensions: &[Dimension::ResponseTime],
                of_receivers: true,
                structural_zeros: nothing_reached(ResponseTime::Never.code()),
                ..REFERRALS
            },
            Self::ReferralDeclinesByReason => {
                Table { name, dimensions: &[DeclineReason], measures: ENDINGS, of_receivers: true, ..REFERRALS }
            }
            Self::ReferralNonCompletionsByReason => {
                Table { name, dimensions: &[NonCompletionReason], measures: ENDINGS, of_receivers: true, ..REFERRALS }
            }
            Self::TrainingParticipantsByTopic => Table { name, dimensions: &[Topic], ..PARTICIPANTS },
            Self::TrainingParticipantsByCadre => Table { name, dimensions: &[Cadre], ..PARTICIPANTS },
            Self::TrainingParticipantsByCounty => Table { name, dimensions: &[County], ..PARTICIPANTS },
        }
    }
}

impl Table {
    /// The rule that a figure of this measure must meet to be published.
    pub fn rule(&self, measure: Measure) -> SensitivityRule {
        let of_receivers = self.of_receivers || matches!(measure, Measure::Accepted | Measure::Arrived | Measure::Completed);
        match self.subject {
            Subject::Referrals => SensitivityRule { receivers: if of_receivers { 2 } else { 0 }, ..SensitivityRule::STANDARD },
            Subject::Participants => SensitivityRule { sessions: 3, ..SensitivityRule::STANDARD },
        }
    }

    /// Whether this cell can only be zero.
    pub fn is_structural_zero(&self, measure: Measure, categories: &[&str]) -> bool {
        self.structural_zeros.is_some_and(|zeros| categories == [zeros.category] && zeros.measures.contains(&measure))
    }

    /// Whether a record can be in several of its cells. The cells then don't add up to the total.
    pub fn overlaps(&self) -> bool {
        self.dimensions.iter().any(|dimension| dimension.overlaps())
    }
}

/// The catalogue as a Markdown table for the docs.
pub fn markdown_table() -> String {
    let mut text = String::from("| table | dimensions | measures | about |\n|---|---|---|---|\n");
    for name in StatisticTableName::ALL {
        let Table { subject, dimensions, measures, .. } = name.table();
        let named: Vec<&str> = dimensions.iter().map(|dimension| dimension.name()).collect();
        let measures: Vec<&str> = measures.iter().map(|measure| measure.code()).collect();
        let about: Vec<&str> = dimensions.iter().filter_map(|dimension| dimension.about()).collect();
        let all = match subject {
            Subject::Referrals => "all referrals",
            Subject::Participants => "who came to trainings",
        };
        let about = if about.is_empty() { all.to_owned() } else { about.join(", ") };
        text.push_str(&format!("| {name} | {} | {} | {about} |\n", named.join(" "), measures.join(" ")));
    }
    text
}
