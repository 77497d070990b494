//! The members of the made-up coalition: organisations, their accounts and what they offer. A seed always gives the same.

use chrono::{DateTime, Months, TimeDelta, Utc};
use pamoja_domain::contact::Contact;
use pamoja_domain::county::CountyCode;
use pamoja_domain::organisation::{OrganisationKind, Population};
use pamoja_domain::referral::{MinorStatus, NewReferral};
use pamoja_domain::service::{Capacity, NewService};
use pamoja_domain::user::Role;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::contact;
use super::facility::{self, Facility};
use super::profile::{MEMBERS, Profile};
use super::random::{identity, pick};
use super::service;
use super::{GenerateError, MONTHS};

/// The accounts of each organisation: handle, display name, role.
const ACCOUNTS: [(&str, &str, Role); 6] = [
    ("peer", "Peer educator", Role::PeerEducator),
    ("caseworker", "Caseworker", Role::Caseworker),
    ("trainer", "Trainer", Role::Trainer),
    ("paralegal", "Paralegal", Role::Paralegal),
    ("analyst", "Analyst", Role::Analyst),
    ("admin", "Administrator", Role::OrganisationAdmin),
];

/// An account.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Account {
    pub(super) id: Uuid,
    pub(super) handle: &'static str,
    pub(super) display_name: &'static str,
    pub(super) role: Role,
}

/// A service, with its capacity.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    pub(super) id: Uuid,
    pub(super) service: NewService,
    pub(super) capacity: Capacity,
    pub(super) capacity_updated_at: Option<DateTime<Utc>>,
    pub(super) checked_at: DateTime<Utc>,
    pub(super) contact: Contact,
    pub(super) paused: bool,
}

impl Offer {
    /// Whether the service is at a facility outside the coalition, to which the member accompanies clients.
    pub(super) fn is_vouched_for(&self) -> bool {
        self.service.facility.is_some()
    }
}

/// An organisation of the coalition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) profile: &'static Profile,
    pub(super) counties: Vec<CountyCode>,
    pub(super) accounts: Vec<Account>,
    pub(super) offers: Vec<Offer>,
    pub(super) contact: Contact,
}

impl Member {
    /// Whether the organisation sends and receives referrals.
    pub(super) fn refers(&self) -> bool {
        self.profile.kind != OrganisationKind::Secretariat
    }

    /// The account of the caseworker who handles what is received.
    pub(super) fn caseworker(&self) -> Option<Uuid> {
        self.accounts.iter().find(|account| account.role == Role::Caseworker).map(|account| account.id)
    }

    /// The account that writes a referral. Where the community runs the organisation, peer educators write most of them.
    pub(super) fn author(&self, rng: &mut StdRng) -> Option<Uuid> {
        let peers = if self.profile.is_of_the_community() { 1.6 } else { 0.4 };
        let weight = |account: &Account| match account.role {
            Role::PeerEducator => peers,
            Role::Caseworker => 1.0,
            _ => 0.0,
        };
        pick(rng, &self.accounts.iter().map(|account| (account.id, weight(account))).collect::<Vec<_>>())
    }
}

/// The coalition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coalition {
    /// 0 for the first one.
    pub(super) number: u64,
    pub(super) members: Vec<Member>,
    pub(super) facilities: Vec<Facility>,
    /// When all of it was entered: before the first referral.
    pub(super) since: DateTime<Utc>,
}

impl Coalition {
    /// The coalition as it is at that moment.
    pub(super) fn new(rng: &mut StdRng, at: DateTime<Utc>) -> Result<Self, GenerateError> {
        let since = at - Months::new(MONTHS + 2);
        let facilities = facility::facilities(rng)?;
        let members = MEMBERS.iter().map(|profile| member(rng, profile, &facilities, at)).collect::<Result<_, _>>()?;
        Ok(Self { number: 0, members, facilities, since })
    }

    /// A coalition beside that one: the same organisations once more, which accompany clients to the same facilities.
    pub(super) fn beside(first: &Self, number: u64, seed: u64, at: DateTime<Utc>) -> Result<Self, GenerateError> {
        let mut rng = StdRng::seed_from_u64(seed_of(seed, number));
        let members = MEMBERS.iter().map(|profile| member(&mut rng, profile, &first.facilities, at)).collect::<Result<_, _>>()?;
        Ok(Self { number, members, facilities: Vec::new(), since: first.since })
    }

    /// What tells an organisation's name from that of the same one in the first coalition.
    pub(super) fn suffix(&self) -> String {
        if self.number == 0 { String::new() } else { format!("-{}", self.number) }
    }

    /// The organisations, apart from the sender, that offer what the referral asks for, in its county and to its client.
    pub(super) fn offerers(&self, sender: &Member, new: &NewReferral) -> Vec<Uuid> {
        let fits = |service: &NewService| {
            service.service_type == new.service_type
                && service.county == new.county
                && (service.accepts_minors || new.under_18 != MinorStatus::Yes)
        };
        let others = self.members.iter().filter(|member| member.id != sender.id);
        others.filter(|member| member.offers.iter().any(|offer| fits(&offer.service))).map(|member| member.id).collect()
    }

    pub(super) fn accounts(&self) -> usize {
        self.members.iter().map(|member| member.accounts.len()).sum()
    }

    pub(super) fn offers(&self) -> usize {
        self.members.iter().map(|member| member.offers.len()).sum()
    }
}

fn member(
    rng: &mut StdRng,
    profile: &'static Profile,
    facilities: &[Facility],
    at: DateTime<Utc>,
) -> Result<Member, GenerateError> {
    let id = identity(rng);
    let county = |code: &&str| CountyCode::parse(code).map_err(|_| GenerateError::Coalition(profile.slug));
    let counties: Vec<CountyCode> = profile.counties.iter().map(county).collect::<Result<_, _>>()?;
    let accounts = ACCOUNTS.map(|(handle, display_name, role)| {
        let of_the_coalition = profile.kind == OrganisationKind::Secretariat && role == Role::OrganisationAdmin;
        let role = if of_the_coalition { Role::CoalitionAdmin } else { role };
        Account { id: identity(rng), handle, display_name, role }
    });
    let mut offers = Vec::new();
    let services = service::of(profile, &counties)?.into_iter().chain(facility::services(profile, facilities)?);
    for (number, service) in services.enumerate() {
        let (stated, capacity_updated_at) = capacity(rng, at);
        // A member can never say of a public hospital that it has much room.
        let capacity = if service.facility.is_some() && stated == Capacity::Open { Capacity::Limited } else { stated };
        let checked_at = checked_at(rng, capacity_updated_at, at);
        let contact = contact::of_service(profile, service.service_type, service.county, number)?;
        let paused = contact::is_paused(profile, number);
        offers.push(Offer { id: identity(rng), service, capacity, capacity_updated_at, checked_at, contact, paused });
    }
    let home = counties.first().copied().ok_or(GenerateError::Coalition(profile.slug))?;
    let contact = contact::of_member(profile, home)?;
    Ok(Member { id, profile, counties, accounts: accounts.to_vec(), offers, contact })
}

/// Draws a capacity, and when the member stated it. Most members state it now and then; a quarter of the statements are too old
/// to rely on.
fn capacity(rng: &mut StdRng, at: DateTime<Utc>) -> (Capacity, Option<DateTime<Utc>>) {
    let choices = [
        (Capacity::Open, 50.0),
        (Capacity::Limited, 22.0),
        (Capacity::Waitlist, 9.0),
        (Capacity::Full, 8.0),
        (Capacity::Unknown, 11.0),
    ];
    match pick(rng, &choices) {
        None | Some(Capacity::Unknown) => (Capacity::Unknown, None),
        Some(capacity) => {
            let hours = if rng.random_bool(0.75) { rng.random_range(1..600) } else { rng.random_range(800..3600) };
            (capacity, Some(at - TimeDelta::minutes(hours * 60 + rng.random_range(0..60))))
        }
    }
}

/// Draws when the member last checked a service. Some check every month, some once a year. Stating the capacity counts as a
/// check.
fn checked_at(rng: &mut StdRng, capacity_updated_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> DateTime<Utc> {
    let days = if rng.random_bool(0.5) { rng.random_range(1..30) } else { rng.random_range(30..400) };
    let checked_at = at - TimeDelta::minutes(days * 24 * 60 - rng.random_range(0..24 * 60));
    capacity_updated_at.map_or(checked_at, |stated_at| checked_at.max(stated_at))
}

/// Whether the service is for a client who counts themself to those key populations.
pub(super) fn is_for(service: &NewService, populations: &[Population]) -> bool {
    service.populations.is_empty() || service.populations.iter().any(|population| populations.contains(population))
}

/// The seed of the coalition with that number.
pub(super) fn seed_of(seed: u64, number: u64) -> u64 {
    seed ^ number << 32
}
