//! The referrals of the made-up coalition, one after the other in the order of their creation. A finished referral isn't kept in
//! memory.

mod course;
mod life;
mod rows;

use std::collections::VecDeque;
use std::vec::IntoIter;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use pamoja_domain::id::{OrganisationId, ServiceId};
use pamoja_domain::referral::{
    CancelReason, ConsentDraft, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NewReferral, ReferralDraft, SharedField,
    Urgency,
};
use pamoja_domain::service::ServiceType;
use rand::Rng;
use rand::rngs::StdRng;

use super::GenerateError;
use super::client::{Client, Clients};
use super::members::{Coalition, Member, Offer, is_for};
use super::random::{identity, kept, pick};
use super::service::need;
use super::{client_report, season};
use course::Course;
use life::{Act, Life};

pub(super) use life::{Report, Story};
pub use rows::SlipHash;
pub(super) use rows::{Chapter, Told};

/// Makes up the referrals, one at a time.
pub(super) struct Stories<'a> {
    coalition: &'a Coalition,
    rng: StdRng,
    present: DateTime<Utc>,
    days: IntoIter<(NaiveDate, u64)>,
    moments: VecDeque<DateTime<Utc>>,
    /// The members who send referrals, by index, with how much each sends.
    senders: Vec<(usize, f64)>,
    clients: Vec<Clients>,
}

impl<'a> Stories<'a> {
    /// Makes up `total` referrals until that moment.
    pub(super) fn new(coalition: &'a Coalition, mut rng: StdRng, at: DateTime<Utc>, total: u64) -> Self {
        let present = kept(at);
        let days = season::days(&mut rng, present, total).into_iter();
        let weight = |member: &Member| if member.refers() { 1.0 / f64::from(member.profile.rank) } else { 0.0 };
        let senders = coalition.members.iter().map(weight).enumerate().collect();
        let clients = coalition.members.iter().map(|_| Clients::default()).collect();
        Self { coalition, rng, present, days, moments: VecDeque::new(), senders, clients }
    }

    fn next_moment(&mut self) -> Option<DateTime<Utc>> {
        while self.moments.is_empty() {
            let (day, count) = self.days.next()?;
            self.moments = season::moments(&mut self.rng, day, count, self.present).into();
        }
        self.moments.pop_front()
    }

    fn tell(&mut self, created_at: DateTime<Utc>) -> Result<Story, GenerateError> {
        // Sometimes a client needs what nobody offers there. That makes no referral, and the next client asks.
        for _ in 0..1000 {
            let Some(at) = pick(&mut self.rng, &self.senders) else { break };
            let sender = &self.coalition.members[at];
            let Some(client) = self.clients[at].next(&mut self.rng, sender) else { break };
            if let Some((receiver, offer)) = self.choose(sender, &client) {
                return self.live(sender, receiver, offer, &client, created_at);
            }
        }
        Err(GenerateError::Coalition("nobody"))
    }

    /// Draws the receiver and the service, by the client's needs, the client's county, and the receiver's size.
    fn choose(&mut self, sender: &Member, client: &Client) -> Option<(&'a Member, &'a Offer)> {
        let mut choices = Vec::new();
        for receiver in &self.coalition.members {
            let size = 1.0 / f64::from(receiver.profile.rank).sqrt();
            // A member refers clients to other members, but accompanies them to a public hospital itself.
            let goes_along = receiver.id == sender.id;
            for offer in receiver.offers.iter().filter(|offer| offer.is_vouched_for() == goes_along) {
                let service = &offer.service;
                let fits = service.county == client.county
                    && is_for(service, &client.populations)
                    && (service.accepts_minors || client.under_18 != MinorStatus::Yes);
                if fits {
                    choices.push((
                        (receiver, offer),
                        size * need(service.service_type, &client.populations) * outward(sender, service.service_type),
                    ));
                }
            }
        }
        pick(&mut self.rng, &choices)
    }

    fn live(
        &mut self,
        sender: &Member,
        receiver: &Member,
        offer: &Offer,
        client: &Client,
        created_at: DateTime<Utc>,
    ) -> Result<Story, GenerateError> {
        let rng = &mut self.rng;
        // A minor is sent to a named service that takes minors. Other referrals sometimes leave the choice of the service to the
        // receiver.
        let goes_along = offer.is_vouched_for();
        let recent = self.present - created_at < TimeDelta::hours(60);
        let open = !goes_along && rng.random_bool(if recent { 0.25 } else { 0.04 });
        let names_service = goes_along || !open && (client.under_18 == MinorStatus::Yes || rng.random_bool(0.86));
        let mut shared = Vec::new();
        for (field, share) in [(SharedField::Populations, 0.45), (SharedField::AgeBand, 0.6)] {
            if rng.random_bool(share) {
                shared.push(field);
            }
        }
        let hours = offer.service.service_type.has_exposure_clock().then(|| rng.random_range(1..70));
        let language = ["sw", "sw", "en", "luo"][rng.random_range(0..4)];
        let given_by = if client.under_18 == MinorStatus::Yes { ConsentGiver::Guardian } else { ConsentGiver::Client };
        let new = NewReferral::parse(ReferralDraft {
            sender: OrganisationId(sender.id),
            receiver: Some(OrganisationId(receiver.id)),
            service_type: offer.service.service_type,
            service: names_service.then_some(ServiceId(offer.id)),
            client: &client.pseudonym,
            populations: &client.populations,
            age_band: client.age_band,
            under_18: client.under_18,
            county_code: client.county.as_str(),
            shared: &shared,
            urgency: urgency(rng, offer.service.service_type),
            hours_since_exposure: hours,
            written_at: None,
            consent_given: true,
            consent: ConsentDraft {
                given_by,
                notice_version: Some("2024-2"),
                manner: Some(ConsentManner::Spoken),
                language: Some(language),
                counted: rng.random_bool(0.97),
            },
            sealed_note: None,
        })
        .map_err(|refusals| GenerateError::Illegal {
            action: "CREATE",
            refusal: refusals.first().map_or_else(String::new, |refusal| refusal.message.to_string()),
        })?;
        let author = sender.author(rng).ok_or(GenerateError::Coalition(sender.profile.slug))?;
        let others = receiver.offers.iter().filter(|other| {
            other.id != offer.id
                && other.is_vouched_for() == goes_along
                && other.service.county == client.county
                && (other.service.accepts_minors || client.under_18 != MinorStatus::Yes)
        });
        let alternatives: Vec<ServiceId> = others.map(|other| ServiceId(other.id)).collect();
        let desk = receiver.caseworker().ok_or(GenerateError::Coalition(receiver.profile.slug))?;
        let ids = [identity(rng), sender.id, author, desk];
        let interruption = interruption(rng, created_at);
        let offerers = if open { self.coalition.offerers(sender, &new) } else { Vec::new() };
        let mut life = Life::begin(ids, new, offerers, rng.random(), created_at, interruption, self.present);
        Course { manner: &receiver.profile.manner, alternatives: &alternatives }.run(&mut life, rng)?;
        let mut story = life.story;
        if story.decline_reason == Some(DeclineReason::BetterPlacedPartner) {
            story.instead_service = self.better_place(sender, receiver, &story.new);
        }
        story.report = client_report::of(&story, &receiver.profile.manner, self.present);
        Ok(story)
    }
}

impl Stories<'_> {
    /// The service of another member that a receiver names when it declines.
    fn better_place(&self, sender: &Member, receiver: &Member, new: &NewReferral) -> Option<ServiceId> {
        let others = self.coalition.members.iter().filter(|member| member.id != sender.id && member.id != receiver.id);
        let places = others.flat_map(|member| &member.offers).filter(|offer| {
            let service = &offer.service;
            service.service_type == new.service_type && (service.accepts_minors || new.under_18 != MinorStatus::Yes)
        });
        let in_order = places.min_by_key(|offer| (offer.is_vouched_for(), offer.service.county != new.county));
        in_order.map(|offer| ServiceId(offer.id))
    }
}

impl Iterator for Stories<'_> {
    type Item = Result<Story, GenerateError>;

    fn next(&mut self) -> Option<Self::Item> {
        let created_at = self.next_moment()?;
        Some(self.tell(created_at))
    }
}

/// A factor that makes a sender seldom ask others for what it offers itself.
fn outward(sender: &Member, service_type: ServiceType) -> f64 {
    if sender.offers.iter().any(|offer| offer.service.service_type == service_type) { 0.15 } else { 1.0 }
}

fn urgency(rng: &mut StdRng, service_type: ServiceType) -> Urgency {
    let pressing = matches!(
        service_type,
        ServiceType::Pep
            | ServiceType::PostViolenceCare
            | ServiceType::CrisisResponse
            | ServiceType::Shelter
            | ServiceType::NaloxoneOverdoseResponse
            | ServiceType::DetentionVisit
    );
    let (urgent, emergency) = if pressing { (0.45, 0.4) } else { (0.15, 0.02) };
    let choices = [(Urgency::Routine, 1.0 - urgent - emergency), (Urgency::Urgent, urgent), (Urgency::Emergency, emergency)];
    pick(rng, &choices).unwrap_or(Urgency::Routine)
}

/// Something that the sender does unprompted, to one referral in twenty.
fn interruption(rng: &mut StdRng, created_at: DateTime<Utc>) -> Option<(DateTime<Utc>, Act)> {
    let choices = [
        (None, 946.0),
        (Some(Act::Cancel(CancelReason::NoLongerNeeded)), 18.0),
        (Some(Act::Cancel(CancelReason::WrongOrganisation)), 9.0),
        (Some(Act::Cancel(CancelReason::SafetyConcern)), 3.0),
        (Some(Act::Cancel(CancelReason::ConsentWithdrawn)), 2.0),
        (Some(Act::Cancel(CancelReason::Other)), 3.0),
        (Some(Act::WithdrawConsent), 9.0),
        (Some(Act::MarkEnteredInError), 10.0),
    ];
    let act = pick(rng, &choices)??;
    let longest = match act {
        Act::WithdrawConsent => 60 * 24 * 60,
        Act::MarkEnteredInError => 4 * 24 * 60,
        _ => 12 * 24 * 60,
    };
    let first = rng.random_range(3..longest);
    let minutes = first.min(rng.random_range(3..longest));
    Some((created_at + TimeDelta::minutes(minutes) + TimeDelta::microseconds(rng.random_range(0..60_000_000)), act))
}
