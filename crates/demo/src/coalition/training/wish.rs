//! Who asks whom for which training: what each kind of organisation wants to learn, and which of its people are to learn it.

use chrono::{DateTime, Utc};
use pamoja_domain::county::CountyCode;
use pamoja_domain::organisation::OrganisationKind as Kind;
use pamoja_domain::training::{Cadre, TrainingTopic as Topic};
use rand::rngs::StdRng;

use super::super::members::{Coalition, Member};
use super::super::random::pick;
use super::offer::Offer;

/// A topic, how much the organisation wants it, and the cadres that are to learn it.
type Wish = (Topic, f64, &'static [Cadre]);

/// What an organisation of that kind wants to learn from others.
fn wishes(kind: Kind) -> &'static [Wish] {
    use Cadre::{
        Clinician, CommunityMember, Counsellor, HealthProvider, Media, OutreachWorker, Paralegal, PeerEducator, Police,
        ReligiousLeader, Staff,
    };
    match kind {
        Kind::MsmLed | Kind::SexWorkerLed | Kind::TransLed => &[
            (Topic::PeerEducation, 4.0, &[PeerEducator, OutreachWorker]),
            (Topic::HivPrevention, 4.0, &[PeerEducator, OutreachWorker]),
            (Topic::HumanRightsAndLaw, 4.0, &[CommunityMember, PeerEducator, Paralegal]),
            (Topic::ReportingViolations, 3.0, &[Paralegal, PeerEducator]),
            (Topic::SaferSex, 3.0, &[CommunityMember, PeerEducator]),
            (Topic::MentalHealthFirstAid, 2.5, &[PeerEducator, Counsellor]),
            (Topic::Counselling, 2.0, &[Counsellor, PeerEducator]),
            (Topic::DigitalSafety, 2.0, &[CommunityMember, Staff]),
            (Topic::SafetyAndSecurity, 2.0, &[OutreachWorker, Staff]),
            (Topic::OverdoseResponse, 2.0, &[OutreachWorker, PeerEducator, CommunityMember]),
            (Topic::GenderBasedViolence, 2.0, &[PeerEducator, Paralegal]),
            (Topic::HarmReductionBasics, 1.5, &[OutreachWorker, PeerEducator]),
            (Topic::SaferUse, 1.0, &[OutreachWorker, CommunityMember]),
            (Topic::SubstanceUseConversations, 1.0, &[Counsellor]),
            (Topic::DataProtection, 1.0, &[Staff]),
            (Topic::MonitoringAndEvaluation, 1.0, &[Staff]),
            (Topic::ProviderSensitisation, 0.7, &[Police, ReligiousLeader]),
        ],
        Kind::HarmReduction => &[
            (Topic::HivPrevention, 4.0, &[OutreachWorker, PeerEducator]),
            (Topic::PeerEducation, 4.0, &[PeerEducator]),
            (Topic::HumanRightsAndLaw, 3.0, &[CommunityMember, PeerEducator]),
            (Topic::ReportingViolations, 2.5, &[OutreachWorker, Paralegal]),
            (Topic::GenderBasedViolence, 2.0, &[OutreachWorker, Counsellor]),
            (Topic::MentalHealthFirstAid, 2.0, &[OutreachWorker, PeerEducator]),
            (Topic::SafetyAndSecurity, 2.0, &[OutreachWorker, Staff]),
            (Topic::SaferSex, 2.0, &[CommunityMember, PeerEducator]),
            (Topic::Counselling, 1.5, &[Counsellor]),
            (Topic::DigitalSafety, 1.0, &[Staff]),
            (Topic::DataProtection, 1.0, &[Staff]),
            (Topic::MonitoringAndEvaluation, 1.0, &[Staff]),
        ],
        Kind::HealthProvider => &[
            (Topic::ProviderSensitisation, 9.0, &[Clinician, HealthProvider]),
            (Topic::OverdoseResponse, 2.0, &[Clinician, HealthProvider]),
            (Topic::HarmReductionBasics, 2.0, &[Clinician, Counsellor]),
            (Topic::SubstanceUseConversations, 2.0, &[Counsellor, Clinician]),
            (Topic::GenderBasedViolence, 1.5, &[Clinician, HealthProvider]),
            (Topic::HumanRightsAndLaw, 1.0, &[HealthProvider, Clinician]),
            (Topic::MentalHealthFirstAid, 1.0, &[HealthProvider]),
            (Topic::DataProtection, 1.0, &[HealthProvider, Staff]),
            (Topic::MonitoringAndEvaluation, 1.0, &[Staff]),
        ],
        Kind::LegalAid => &[
            (Topic::ProviderSensitisation, 2.5, &[Police, ReligiousLeader]),
            (Topic::HarmReductionBasics, 2.5, &[Paralegal, Police]),
            (Topic::SafetyAndSecurity, 2.0, &[Paralegal, Staff]),
            (Topic::DigitalSafety, 2.0, &[Paralegal, Media]),
            (Topic::GenderBasedViolence, 2.0, &[Paralegal]),
            (Topic::MentalHealthFirstAid, 1.5, &[Paralegal, Staff]),
            (Topic::OverdoseResponse, 1.0, &[Paralegal, Police]),
            (Topic::MonitoringAndEvaluation, 0.5, &[Staff]),
        ],
        Kind::Secretariat => &[(Topic::DigitalSafety, 1.0, &[Staff]), (Topic::MentalHealthFirstAid, 1.0, &[Staff])],
        Kind::Other => &[],
    }
}

/// How much a member wants to learn about that topic, and for which cadres. It seldom asks for what it trains others on.
fn wish(member: &Member, offers: &[Offer], topic: Topic) -> Option<(f64, &'static [Cadre])> {
    let (_, weight, audience) = wishes(member.profile.kind).iter().find(|(wanted, ..)| *wanted == topic)?;
    let its_own = offers.iter().any(|offer| offer.member == member.id && offer.training.topic == topic);
    Some((if its_own { weight * 0.15 } else { *weight }, audience))
}

/// How much a member asks; large members ask more.
fn asks(member: &Member) -> f64 {
    f64::from(member.profile.rank).powf(-0.7)
}

/// Who must be the sender or the trainer; `None` means anybody.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub(super) sender: Option<&'static str>,
    pub(super) trainer: Option<&'static str>,
    /// Whether the request is open to all who offer it in the county.
    pub(super) open: bool,
}

/// A sender, a trainer with a fitting offer, and the county.
#[derive(Clone, Copy)]
pub(super) struct Match<'a> {
    pub(super) sender: &'a Member,
    pub(super) trainer: &'a Member,
    pub(super) offer: &'a Offer,
    pub(super) county: CountyCode,
    pub(super) audience: &'static [Cadre],
}

/// Draws who asks whom for what at that moment.
pub(super) fn choose<'a>(
    rng: &mut StdRng,
    coalition: &'a Coalition,
    offers: &'a [Offer],
    wanted: Wanted,
    at: DateTime<Utc>,
) -> Option<Match<'a>> {
    let is = |member: &Member, slug: Option<&str>| slug.is_none_or(|slug| slug == member.profile.slug);
    let senders = coalition.members.iter().filter(|member| is(member, wanted.sender));
    let senders: Vec<_> = senders.map(|member| (member, asks(member))).collect();
    // Sometimes a sender wants what nobody offers there; then another one is drawn.
    for _ in 0..1000 {
        let sender = pick(rng, &senders)?;
        let mut choices = Vec::new();
        for offer in offers.iter().filter(|offer| offer.member != sender.id && offer.is_open(at)) {
            let Some(trainer) = coalition.members.iter().find(|member| member.id == offer.member) else { continue };
            let Some((weight, audience)) = wish(sender, offers, offer.training.topic) else { continue };
            let weight = weight / f64::from(trainer.profile.rank).sqrt();
            // A request that is open to all reaches only members that hold the training in the county.
            let fits =
                |county: &CountyCode| if wanted.open { offer.is_held_in(*county) } else { !offer.modes_in(*county).is_empty() };
            let counties = (1_u32..).zip(&sender.counties).filter(|(_, county)| fits(county));
            let counties: Vec<_> = counties.map(|(rank, county)| (*county, 1.0 / f64::from(rank))).collect();
            if is(trainer, wanted.trainer) && !counties.is_empty() {
                choices.push(((trainer, offer, audience, counties), weight));
            }
        }
        let weights: Vec<_> = choices.iter().enumerate().map(|(place, (_, weight))| (place, *weight)).collect();
        if let Some(((trainer, offer, audience, counties), _)) = pick(rng, &weights).and_then(|place| choices.get(place)) {
            return Some(Match { sender, trainer, offer, county: pick(rng, counties)?, audience });
        }
    }
    None
}

/// Adds up to `many` other members that would send people to the same session.
pub(super) fn join<'a>(
    rng: &mut StdRng,
    coalition: &'a Coalition,
    offers: &[Offer],
    first: Match<'a>,
    many: usize,
) -> Vec<Match<'a>> {
    let mut joined = vec![first];
    while joined.len() <= many {
        let others = coalition.members.iter().filter(|member| {
            let asked = joined.iter().any(|known| known.sender.id == member.id);
            !asked && member.id != first.trainer.id && member.counties.contains(&first.county)
        });
        let choices: Vec<_> = others
            .filter_map(|member| {
                let (weight, audience) = wish(member, offers, first.offer.training.topic)?;
                // Nurses and the police don't learn in one room.
                audience.iter().find(|cadre| first.audience.contains(cadre))?;
                Some(((member, audience), weight * asks(member)))
            })
            .collect();
        let Some((sender, audience)) = pick(rng, &choices) else { break };
        joined.push(Match { sender, audience, ..first });
    }
    joined
}
