//! The records behind a figure: how many they are, who contributed them, and who has seen them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::PeriodKind;

/// An organisation's number, which is valid within one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationNumber(pub u16);

/// The organisations that have part in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Parties {
    /// The organisation that contributes it: a referral's sender or a training's host.
    pub contributor: OrganisationNumber,
    /// The other organisation that sees it: a referral's receiver or a training's trainer. `None` if nobody took the referral or
    /// the sender went along.
    pub counterpart: Option<OrganisationNumber>,
}

/// The records behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The true figure: referrals, or people who came.
    pub units: u64,
    /// The sum of the records' keys.
    pub cell_key: u64,
    /// The number of trainings; zero for referrals.
    pub sessions: u64,
    /// The units of each pair of parties.
    pub shares: BTreeMap<Parties, u64>,
}

/// The sensitivity rule: what must stand behind a published figure. It is the same for every reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitivityRule {
    /// The fewest units.
    pub units: u64,
    /// The fewest contributing organisations.
    pub contributors: usize,
    /// The fewest receiving organisations, if the figure reveals what receivers did. A figure that nobody received is allowed.
    pub receivers: usize,
    /// The fewest trainings.
    pub sessions: u64,
    /// The fewest units that one organisation doesn't know from its own records, unless it knows all of them.
    pub unseen_by_one: u64,
    /// The fewest units that two organisations together don't know from their own records, unless they know all of them.
    pub unseen_by_two: u64,
}

impl SensitivityRule {
    /// The rule for every figure.
    pub const STANDARD: Self =
        Self { units: 10, contributors: 3, receivers: 0, sessions: 0, unseen_by_one: 10, unseen_by_two: 3 };

    /// The rule for a figure of a period of this length. A quarter needs one and a half times as many units as a year, and a
    /// month twice as many.
    ///
    /// What was published for a month never changes. If the next month's figure can't be published, the year's can't be either
    /// where it would reveal that one. Months that could only just be published are therefore suppressed as well: the few that
    /// can't be published are then not alone.
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

    /// Whether a figure with this tally can be published.
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

    /// Whether a rest is nothing or could be published. A rest is what remains of a published figure after published parts are
    /// subtracted.
    pub fn allows_rest(&self, rest: &Tally) -> bool {
        rest.units == 0 || self.allows(rest)
    }

    fn leaves_enough(&self, tally: &Tally) -> bool {
        let mut seen: Vec<(OrganisationNumber, u64)> = tally.seen().into_iter().collect();
        let enough = |seen: u64, least: u64| tally.units == seen || tally.units - seen >= least;
        if !seen.iter().all(|(_, seen)| enough(*seen, self.unseen_by_one)) {
            return false;
        }
        // Two who see so little that it leaves enough, even if neither saw what the other did, need no closer look, nor does anybody after
        // them: of a thousand organisations there are half a million pairs.
        seen.sort_unstable_by_key(|(_, by_one)| Reverse(*by_one));
        seen.iter().enumerate().all(|(at, (one, by_one))| {
            seen[at + 1..]
                .iter()
                .take_while(|(_, by_other)| by_one + by_other + self.unseen_by_two > tally.units)
                .all(|(other, by_other)| enough(by_one + by_other - tally.between(*one, *other), self.unseen_by_two))
        })
    }
}

impl Tally {
    /// Adds units of a record with these parties.
    pub fn add(&mut self, parties: Parties, units: u64) {
        self.units += units;
        *self.shares.entry(parties).or_default() += units;
    }

    /// Adds another tally. The two have no record in common. If `shared`, their trainings are the same.
    pub fn join(&mut self, other: &Self, shared: bool) {
        self.units += other.units;
        self.cell_key = self.cell_key.wrapping_add(other.cell_key);
        self.sessions = if shared { self.sessions.max(other.sessions) } else { self.sessions + other.sessions };
        for (parties, units) in &other.shares {
            *self.shares.entry(*parties).or_default() += units;
        }
    }

    /// The tally that remains without a part of it. How many trainings remain isn't known: at least as many as the part lacks.
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

    /// The number of organisations that contributed to it.
    pub fn contributors(&self) -> usize {
        let mut contributors: Vec<OrganisationNumber> = self.shares.keys().map(|parties| parties.contributor).collect();
        contributors.dedup();
        contributors.len()
    }

    /// The number of organisations that received some of it.
    pub fn receivers(&self) -> usize {
        let mut receivers: Vec<OrganisationNumber> = self.shares.keys().filter_map(|parties| parties.counterpart).collect();
        receivers.sort_unstable();
        receivers.dedup();
        receivers.len()
    }

    /// The number of units that each organisation sees as either party.
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

    /// The fewest units, above zero, that three organisations together don't know from their own records. `None` if any three
    /// know all of it, or if there are no three.
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

    /// The number of units with only these two as parties.
    fn between(&self, one: OrganisationNumber, other: OrganisationNumber) -> u64 {
        let share = |contributor, counterpart| {
            self.shares.get(&Parties { contributor, counterpart: Some(counterpart) }).copied().unwrap_or(0)
        };
        share(one, other) + share(other, one)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the rule says of every one and of every pair, looked at one by one.
    fn leaves_each_enough(rule: &SensitivityRule, tally: &Tally) -> bool {
        let sees = |who: OrganisationNumber, parties: &Parties| parties.contributor == who || parties.counterpart == Some(who);
        let all: Vec<OrganisationNumber> = tally.seen().into_keys().collect();
        let unseen = |one, other| -> u64 {
            let unseen = tally.shares.iter().filter(|(parties, _)| !sees(one, parties) && !sees(other, parties));
            unseen.map(|(_, units)| units).sum()
        };
        let enough = |left: u64, least: u64| left == 0 || left >= least;
        all.iter().all(|one| {
            enough(unseen(*one, *one), rule.unseen_by_one)
                && all.iter().filter(|other| *other != one).all(|other| enough(unseen(*one, *other), rule.unseen_by_two))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Those who see little are passed over, and the answer is the same.
        #[test]
        fn nobody_is_passed_over_who_would_be_left_with_too_little(
            shares in prop::collection::vec((0..7_u16, prop::option::of(0..7_u16), 1..9_u64), 0..14),
            unseen_by_one in 0..14_u64,
            unseen_by_two in 0..14_u64,
        ) {
            let mut tally = Tally::default();
            for (contributor, counterpart, units) in shares {
                let parties = Parties { contributor: OrganisationNumber(contributor), counterpart: counterpart.map(OrganisationNumber) };
                tally.add(parties, units);
            }
            let rule = SensitivityRule { unseen_by_one, unseen_by_two, ..SensitivityRule::STANDARD };
            prop_assert_eq!(rule.leaves_enough(&tally), leaves_each_enough(&rule, &tally));
        }
    }
}
