//! What stands behind a figure: how many, whose, and who has seen them already.

use std::collections::BTreeMap;

use super::PeriodKind;

/// An organisation, by a number that holds within one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationNumber(pub u16);

/// Who has part in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Parties {
    /// Who contributes it: a referral's sender, a training's host.
    pub contributor: OrganisationNumber,
    /// Who else sees it: a referral's receiver, a training's trainer. Nobody where the referral was taken by nobody, or the sender went along.
    pub counterpart: Option<OrganisationNumber>,
}

/// What stands behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The true figure: referrals, or people who came.
    pub units: u64,
    /// The sum of the record keys.
    pub cell_key: u64,
    /// How many trainings; of referrals, nothing.
    pub sessions: u64,
    /// The units of each pair of parties.
    pub shares: BTreeMap<Parties, u64>,
}

/// The sensitivity rule: what must stand behind a figure for it to be published; the same for whoever looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitivityRule {
    /// At least so many units.
    pub units: u64,
    /// Of at least so many contributing organisations.
    pub contributors: usize,
    /// Received by at least so many, or by nobody at all, where the figure tells what receivers did.
    pub receivers: usize,
    /// Of at least so many trainings.
    pub sessions: u64,
    /// What an organisation doesn't know itself of it is nothing, or at least so many units.
    pub unseen_by_one: u64,
    /// What two that act together don't know themselves is nothing, or at least so many units.
    pub unseen_by_two: u64,
}

impl SensitivityRule {
    /// What holds for every figure.
    pub const STANDARD: Self =
        Self { units: 10, contributors: 3, receivers: 0, sessions: 0, unseen_by_one: 10, unseen_by_two: 3 };

    /// What must stand behind a figure of a period of that length: behind a quarter's half as many units again as behind a year's, and
    /// behind a month's twice as many.
    ///
    /// What was published of a month stands. If the next month's figure can't be published, the year's can't be either where it would tell
    /// that one. Months that could just so be published are suppressed, so that those few that can't be don't stand alone.
    #[must_use]
    pub fn of_period(self, kind: PeriodKind) -> Self {
        let graded = |units: u64| match kind {
            PeriodKind::Month => units * 2,
            PeriodKind::Quarter => units * 3 / 2,
            PeriodKind::Year => units,
        };
        Self {
            units: graded(self.units),
            unseen_by_one: graded(self.unseen_by_one),
            unseen_by_two: graded(self.unseen_by_two),
            ..self
        }
    }

    /// Whether a figure with that behind it can be published.
    pub fn allows(&self, tally: &Tally) -> bool {
        if tally.units < self.units || tally.sessions < self.sessions || tally.contributors() < self.contributors {
            return false;
        }
        let receivers = tally.receivers();
        if receivers > 0 && receivers < self.receivers {
            return false;
        }
        self.leaves_enough(tally)
    }

    /// Whether that is nothing at all, or could be published: what remains of a published figure when published parts of it are taken away.
    pub fn allows_rest(&self, rest: &Tally) -> bool {
        rest.units == 0 || self.allows(rest)
    }

    fn leaves_enough(&self, tally: &Tally) -> bool {
        let seen: Vec<(OrganisationNumber, u64)> = tally.seen().into_iter().collect();
        let enough = |seen: u64, least: u64| tally.units == seen || tally.units - seen >= least;
        if !seen.iter().all(|(_, seen)| enough(*seen, self.unseen_by_one)) {
            return false;
        }
        seen.iter().enumerate().all(|(at, (one, by_one))| {
            seen[at + 1..]
                .iter()
                .all(|(other, by_other)| enough(by_one + by_other - tally.between(*one, *other), self.unseen_by_two))
        })
    }
}

impl Tally {
    /// Adds units of a record of those parties.
    pub fn add(&mut self, parties: Parties, units: u64) {
        self.units += units;
        *self.shares.entry(parties).or_default() += units;
    }

    /// All of it and all of the other; they have no record in common. Trainings that are `shared` are in both.
    pub fn join(&mut self, other: &Self, shared: bool) {
        self.units += other.units;
        self.cell_key = self.cell_key.wrapping_add(other.cell_key);
        self.sessions = if shared { self.sessions.max(other.sessions) } else { self.sessions + other.sessions };
        for (parties, units) in &other.shares {
            *self.shares.entry(*parties).or_default() += units;
        }
    }

    /// What is left when a part of it is taken away. How many trainings are left isn't known: at least as many as the part lacks.
    pub fn without(&self, part: &Self) -> Self {
        let mut shares = self.shares.clone();
        for (parties, units) in &part.shares {
            if let Some(share) = shares.get_mut(parties) {
                *share = share.saturating_sub(*units);
            }
        }
        shares.retain(|_, units| *units > 0);
        Self {
            units: shares.values().sum(),
            cell_key: self.cell_key.wrapping_sub(part.cell_key),
            sessions: self.sessions.saturating_sub(part.sessions),
            shares,
        }
    }

    /// How many organisations contribute to it.
    pub fn contributors(&self) -> usize {
        let mut contributors: Vec<OrganisationNumber> = self.shares.keys().map(|parties| parties.contributor).collect();
        contributors.dedup();
        contributors.len()
    }

    /// How many organisations received of it.
    pub fn receivers(&self) -> usize {
        let mut receivers: Vec<OrganisationNumber> = self.shares.keys().filter_map(|parties| parties.counterpart).collect();
        receivers.sort_unstable();
        receivers.dedup();
        receivers.len()
    }

    /// How many units each organisation sees as either party.
    pub fn seen(&self) -> BTreeMap<OrganisationNumber, u64> {
        let mut seen = BTreeMap::new();
        for (parties, units) in &self.shares {
            *seen.entry(parties.contributor).or_default() += units;
            if let Some(counterpart) = parties.counterpart.filter(|counterpart| *counterpart != parties.contributor) {
                *seen.entry(counterpart).or_default() += units;
            }
        }
        seen
    }

    /// The fewest units, but not none, that three organisations which act together don't know themselves; nothing where any three know all
    /// of it or there are no three.
    pub fn least_unseen_by_three(&self) -> Option<u64> {
        let seen: Vec<(OrganisationNumber, u64)> = self.seen().into_iter().collect();
        let mut least = None;
        for (at, (one, by_one)) in seen.iter().enumerate() {
            for (next, (other, by_other)) in seen.iter().enumerate().skip(at + 1) {
                for (third, by_third) in &seen[next + 1..] {
                    let twice = self.between(*one, *other) + self.between(*one, *third) + self.between(*other, *third);
                    let unseen = self.units - (by_one + by_other + by_third - twice);
                    least = least.into_iter().chain((unseen > 0).then_some(unseen)).min();
                }
            }
        }
        least
    }

    /// How many units are between these two alone.
    fn between(&self, one: OrganisationNumber, other: OrganisationNumber) -> u64 {
        let share = |contributor, counterpart| {
            self.shares.get(&Parties { contributor, counterpart: Some(counterpart) }).copied().unwrap_or(0)
        };
        share(one, other) + share(other, one)
    }
}
