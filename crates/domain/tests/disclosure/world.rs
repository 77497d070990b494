//! Made-up coalitions: who refers clients to whom and who trains whom, for a year.

use pamoja_domain::service::{ServiceGroup, ServiceType};
use pamoja_domain::statistic::{Dimension, Measure, OrganisationNumber, Parties, Record, ReleaseKey, Subject};
use pamoja_domain::vocabulary::Vocabulary;
use proptest::prelude::*;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::random::Random;

/// The features of a coalition.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The seed of everything that is random.
    pub seed: u64,
    /// The number of organisations.
    pub organisations: u16,
    /// How equal their sizes are: at 100 all are equal, at 50 each has half the size of the one before.
    pub evenness: u8,
    /// The approximate number of referrals a month.
    pub referrals: usize,
    /// The approximate number of trainings a month.
    pub trainings: usize,
    /// The number of counties.
    pub counties: usize,
    /// The number of services.
    pub services: usize,
    /// The number of populations among the clients.
    pub populations: usize,
    /// The percentage of clients under 18.
    pub minors: u8,
    /// The percentage of referrals that are accompanied.
    pub accompanied: u8,
    /// The percentage of referrals that nobody takes.
    pub not_taken: u8,
    /// The percentage of counties with the services of only one organisation.
    pub monopolies: u8,
}

/// A record with its month.
#[derive(Clone, Debug)]
pub struct Made {
    /// The month of the year, from 0.
    pub month: usize,
    /// The record.
    pub record: Record,
}

/// A coalition's year.
pub struct World {
    /// The number of organisations.
    pub organisations: u16,
    /// The records, month by month.
    pub records: Vec<Made>,
}

impl World {
    /// A world of many organisations of equal size. Each entry gives the month, the service, the populations of the clients and
    /// the number of referrals. All are in one county and of one age band.
    pub fn of(referrals: &[(usize, u16, &[u16], u16)]) -> Self {
        let mut random = Random::of(1);
        let mut records = Vec::new();
        for (at, (month, service, populations, number)) in referrals.iter().enumerate() {
            for one in 0..*number {
                let mut categories: [Vec<u16>; Dimension::ALL.len()] = Default::default();
                categories[Dimension::County as usize] = vec![0];
                categories[Dimension::AgeBand as usize] = vec![0];
                let (service, group) = service_type(usize::from(*service));
                categories[Dimension::ServiceType as usize] = vec![service];
                categories[Dimension::ServiceGroup as usize] = vec![group];
                categories[Dimension::Population as usize] = populations.to_vec();
                let parties = Parties {
                    contributor: OrganisationNumber(one % 12),
                    counterpart: Some(OrganisationNumber(12 + (one + 5 * at as u16) % 12)),
                };
                let (subject, measures) = (Subject::Referrals, vec![Measure::Created]);
                let record =
                    Record { subject, record_key: random.next(), session: None, parties, units: 1, categories, measures };
                records.push(Made { month: *month, record });
            }
        }
        Self { organisations: 24, records }
    }
}

/// The indices of a service and of its group: the first three services are in three different groups, and so on.
pub fn service_type(number: usize) -> (u16, u16) {
    let group = ServiceGroup::ALL[number % ServiceGroup::ALL.len()];
    let mut of_group = ServiceType::ALL.iter().enumerate().filter(|(_, service)| service.group() == group);
    let (index, _) = of_group.nth(number / ServiceGroup::ALL.len()).expect("a group has several services");
    (index as u16, (number % ServiceGroup::ALL.len()) as u16)
}

impl Shape {
    /// A coalition like the real one.
    pub fn usual(seed: u64, referrals_a_year: usize) -> Self {
        Self {
            seed,
            organisations: 15,
            evenness: 85,
            referrals: referrals_a_year / 12,
            trainings: 6,
            counties: 8,
            services: 6,
            populations: 4,
            minors: 3,
            accompanied: 10,
            not_taken: 5,
            monopolies: 20,
        }
    }

    /// Any coalition: with few organisations or many, perhaps with one that does almost everything, perhaps with records of only
    /// one kind.
    pub fn any() -> impl Strategy<Value = Self> {
        let size =
            (any::<u64>(), 2_u16..20, prop_oneof![20_u8..60, 60_u8..=100], prop_oneof![4_usize..40, 40_usize..200], 0_usize..8);
        let width = (1_usize..8, 1_usize..6, 1_usize..5);
        let shares = prop_oneof![Just(0_u8), 1_u8..30];
        (size, width, shares.clone(), shares.clone(), shares, 0_u8..=100).prop_map(
            |(size, (counties, services, populations), minors, accompanied, not_taken, monopolies)| {
                let (seed, organisations, evenness, referrals, trainings) = size;
                Self {
                    seed,
                    organisations,
                    evenness,
                    referrals,
                    trainings,
                    counties,
                    services,
                    populations,
                    minors,
                    accompanied,
                    not_taken,
                    monopolies,
                }
            },
        )
    }

    /// The coalition's year.
    pub fn world(&self) -> World {
        let mut random = Random::of(self.seed);
        let key = ReleaseKey::new(Zeroizing::new(random.bytes()));
        let homes: Vec<Option<u16>> = (0..self.counties)
            .map(|_| random.percent(self.monopolies).then(|| random.below(usize::from(self.organisations)) as u16))
            .collect();
        let mut records = Vec::new();
        for month in 0..12 {
            // Seasons and gaps: a month may have almost no records.
            let referrals = self.referrals * random.below(5) / 2;
            for _ in 0..referrals {
                let id = Uuid::from_u128(u128::from(random.next()));
                records.push(Made { month, record: self.referral(&mut random, key.record_key(&[id]), &homes) });
            }
            for _ in 0..self.trainings * random.below(3) {
                self.training(&mut random, &key, month, &mut records);
            }
        }
        World { organisations: self.organisations, records }
    }

    fn somebody(&self, random: &mut Random) -> OrganisationNumber {
        OrganisationNumber(random.uneven(usize::from(self.organisations), self.evenness) as u16)
    }

    fn referral(&self, random: &mut Random, key: u64, homes: &[Option<u16>]) -> Record {
        let contributor = self.somebody(random);
        let county = random.uneven(self.counties, 75);
        let service = random.uneven(self.services, 75);
        let accompanied = random.percent(self.accompanied);
        let not_taken = !accompanied && random.percent(self.not_taken);
        let mut counterpart = homes[county].map_or_else(|| self.somebody(random), OrganisationNumber);
        if counterpart == contributor {
            counterpart = OrganisationNumber((contributor.0 + 1) % self.organisations);
        }
        let counterpart = (!accompanied && !not_taken).then_some(counterpart);
        let minor = random.percent(self.minors);
        let reached = if not_taken { 0 } else { random.below(5) };
        let mut measures = vec![Measure::Created];
        measures.extend([Measure::Accepted, Measure::Arrived, Measure::Completed].into_iter().take(reached));
        let mut categories: [Vec<u16>; Dimension::ALL.len()] = Default::default();
        let (service, group) = service_type(service);
        categories[Dimension::ServiceType as usize] = vec![service];
        categories[Dimension::ServiceGroup as usize] = vec![group];
        categories[Dimension::County as usize] = vec![county as u16];
        categories[Dimension::AgeBand as usize] = vec![if minor { 0 } else { 1 + random.below(3) as u16 }];
        if !minor {
            let first = random.uneven(self.populations, 60);
            let mut populations = vec![first as u16];
            if random.percent(20) && first + 1 < self.populations {
                populations.push(first as u16 + 1);
            }
            categories[Dimension::Population as usize] = populations;
        }
        let kinds = Dimension::ReceiverKind.categories().len() as u16;
        categories[Dimension::ReceiverKind as usize] = vec![match counterpart {
            Some(counterpart) => counterpart.0 % 3,
            None if accompanied => kinds - 2,
            None => kinds - 1,
        }];
        if !accompanied {
            categories[Dimension::ResponseTime as usize] = vec![if not_taken { 5 } else { random.uneven(5, 60) as u16 }];
        }
        if reached == 0 && counterpart.is_some() && random.percent(80) {
            categories[Dimension::DeclineReason as usize] = vec![random.below(3) as u16];
        } else if reached == 2 {
            categories[Dimension::NonCompletionReason as usize] = vec![random.below(3) as u16];
        }
        let parties = Parties { contributor, counterpart };
        Record { subject: Subject::Referrals, record_key: key, session: None, parties, units: 1, categories, measures }
    }

    fn training(&self, random: &mut Random, key: &ReleaseKey, month: usize, records: &mut Vec<Made>) {
        let training = Uuid::from_u128(u128::from(random.next()));
        let trainer = self.somebody(random);
        let (topic, county) = (random.uneven(4, 70) as u16, random.uneven(self.counties, 75) as u16);
        let mut hosts: Vec<OrganisationNumber> = (0..=random.below(4)).map(|_| self.somebody(random)).collect();
        hosts.sort_unstable();
        hosts.dedup();
        for host in hosts {
            let host_key = key.record_key(&[training, Uuid::from_u128(u128::from(host.0))]);
            for cadre in 0..3 {
                if random.percent(50) {
                    continue;
                }
                let mut categories: [Vec<u16>; Dimension::ALL.len()] = Default::default();
                categories[Dimension::Topic as usize] = vec![topic];
                categories[Dimension::Cadre as usize] = vec![cadre];
                categories[Dimension::County as usize] = vec![county];
                let record = Record {
                    subject: Subject::Participants,
                    record_key: host_key,
                    session: Some(training.as_u128()),
                    parties: Parties { contributor: host, counterpart: Some(trainer) },
                    units: 1 + random.below(12) as u64,
                    categories,
                    measures: vec![Measure::Participants],
                };
                records.push(Made { month, record });
            }
        }
    }
}
