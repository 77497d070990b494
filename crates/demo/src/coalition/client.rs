//! Made-up clients: a pseudonym that stands for nobody, and a description that fits the sender.

use std::collections::VecDeque;

use pamoja_domain::county::CountyCode;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{AgeBand, MinorStatus};
use rand::Rng;
use rand::rngs::StdRng;

use super::members::Member;
use super::random::pick;

/// How many of its latest clients an organisation may refer again.
const REMEMBERED: usize = 300;
/// The share of referrals whose client was referred before.
const RECURRING: f64 = 0.3;

/// A client as the sender knows them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Client {
    pub(super) pseudonym: String,
    pub(super) county: CountyCode,
    pub(super) populations: Vec<Population>,
    pub(super) age_band: AgeBand,
    pub(super) under_18: MinorStatus,
}

/// The clients whom an organisation has referred recently.
#[derive(Debug, Default)]
pub(super) struct Clients(VecDeque<Client>);

impl Clients {
    /// The client of the next referral: a known one or a new one.
    pub(super) fn next(&mut self, rng: &mut StdRng, member: &Member) -> Option<Client> {
        if !self.0.is_empty() && rng.random_bool(RECURRING) {
            return self.0.get(rng.random_range(0..self.0.len())).cloned();
        }
        let client = new(rng, member)?;
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(client.clone());
        Some(client)
    }
}

fn new(rng: &mut StdRng, member: &Member) -> Option<Client> {
    let counties: Vec<_> = (1_u32..).zip(&member.counties).map(|(rank, county)| (*county, 1.0 / f64::from(rank))).collect();
    let age_band = pick(
        rng,
        &[
            (AgeBand::Under15, 0.2),
            (AgeBand::From15To19, 8.0),
            (AgeBand::From20To24, 29.0),
            (AgeBand::From25To29, 27.0),
            (AgeBand::From30, 31.0),
            (AgeBand::NotStated, 5.0),
        ],
    )?;
    let minor = match age_band {
        AgeBand::Under15 => 1.0,
        AgeBand::From15To19 => 0.3,
        _ => 0.0,
    };
    let under_18 = match age_band {
        _ if rng.random_bool(minor) => MinorStatus::Yes,
        AgeBand::NotStated => MinorStatus::NotStated,
        _ if rng.random_bool(0.1) => MinorStatus::NotStated,
        _ => MinorStatus::No,
    };
    let mut populations = populations(rng, member);
    if under_18 == MinorStatus::Yes {
        populations.retain(|population| !population.is_sex_worker());
    }
    let bytes: [u8; 16] = rng.random();
    let pseudonym = data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase();
    Some(Client { pseudonym, county: pick(rng, &counties)?, populations, age_band, under_18 })
}

/// Draws the key populations of a client. Most count themselves to those that the organisation serves, some to two, and some
/// don't say.
fn populations(rng: &mut StdRng, member: &Member) -> Vec<Population> {
    if rng.random_bool(0.05) {
        return vec![Population::NotStated];
    }
    let falling = if member.profile.is_of_the_community() { 2.6_f64 } else { 1.4 };
    let mut choices: Vec<_> =
        (0_i32..).zip(member.profile.populations).map(|(rank, population)| (*population, falling.powi(-rank))).collect();
    choices.push((Population::Other, 0.02));
    let mut populations: Vec<_> = pick(rng, &choices).into_iter().collect();
    if rng.random_bool(0.15)
        && let Some(second) = pick(rng, &choices).filter(|second| !populations.contains(second))
    {
        populations.push(second);
    }
    populations
}
