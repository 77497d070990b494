//! The trainings that the members of the made-up coalition offer: what fits their kind, in the counties where they work.

use chrono::{DateTime, Days, TimeDelta, Utc};
use pamoja_domain::county::CountyCode;
use pamoja_domain::day::day_of;
use pamoja_domain::organisation::OrganisationKind;
use pamoja_domain::training::{NewTrainingOffer, TrainingMode, TrainingOfferDraft, TrainingTopic};
use rand::Rng;
use rand::rngs::StdRng;
use uuid::Uuid;

use super::super::GenerateError;
use super::super::members::{Coalition, Member};
use super::super::profile::Profile;
use super::super::random::{identity, pick};
use super::catalogue::{described, repertoire};
use super::illegal;

/// Members that have closed the last training that they offered.
const CLOSED: [&str; 2] = ["kando", "tumaini"];
/// The member that offers its first training for a limited time.
const FOR_A_WHILE: &str = "dada";

/// A training that a member offers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offer {
    pub(crate) id: Uuid,
    pub(crate) member: Uuid,
    pub(crate) training: NewTrainingOffer,
    pub(crate) closed_at: Option<DateTime<Utc>>,
}

impl Offer {
    /// Whether others could ask for it at that moment.
    pub(super) fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.closed_at.is_none_or(|closed_at| at < closed_at) && self.training.open_until.is_none_or(|until| day_of(at) <= until)
    }

    /// Whether it is held in that county, or everywhere.
    pub(super) fn is_held_in(&self, county: CountyCode) -> bool {
        self.training.counties.is_empty() || self.training.counties.contains(&county)
    }

    /// The modes in which people of that county can attend. Where it isn't held, only online modes are left.
    pub(super) fn modes_in(&self, county: CountyCode) -> Vec<TrainingMode> {
        let modes = self.training.modes.iter().copied();
        modes.filter(|mode| mode.is_remote() || self.training.counties.contains(&county)).collect()
    }
}

/// All members' offers; a seed always gives the same.
pub(super) fn all(coalition: &Coalition, rng: &mut StdRng, at: DateTime<Utc>) -> Result<Vec<Offer>, GenerateError> {
    let mut offers: Vec<Offer> = Vec::new();
    for member in &coalition.members {
        let topics = topics(member.profile);
        for (number, topic) in topics.iter().enumerate() {
            // Each member gives it a slightly different title.
            let known = described(*topic, member.profile.kind);
            let before = offers.iter().filter(|offer| offer.training.topic == *topic).count();
            let text = known.get(before % known.len().max(1)).ok_or(GenerateError::Coalition(member.profile.slug))?;
            let (modes, counties) = place(rng, member, *topic);
            let until = (number == 0 && member.profile.slug == FOR_A_WHILE).then(|| (day_of(at) + Days::new(45)).to_string());
            let training = NewTrainingOffer::parse(
                TrainingOfferDraft {
                    topic: *topic,
                    title: text.title,
                    description: text.description,
                    modes: &modes,
                    county_codes: &counties,
                    languages: &languages(rng, member, number),
                    duration_hours: text.hours,
                    maximum_participants: text.people,
                    open_until: until.as_deref(),
                },
                at,
            )
            .map_err(|refusals| illegal("CREATE", &refusals))?;
            let closed = number + 1 == topics.len() && CLOSED.contains(&member.profile.slug);
            let closed_at = closed.then(|| at - TimeDelta::minutes(80 * 24 * 60 + 47));
            offers.push(Offer { id: identity(rng), member: member.id, training, closed_at });
        }
    }
    Ok(offers)
}

/// A member's topics, two to six. All members of a kind share its first topics; the other topics differ. The smallest members
/// offer none.
fn topics(profile: &Profile) -> Vec<TrainingTopic> {
    let repertoire = repertoire(profile.kind);
    let many = match profile.services {
        _ if profile.kind == OrganisationKind::Secretariat => 2,
        0..5 => 0,
        services => services.div_ceil(2).clamp(2, 6),
    };
    let (first, rest) = repertoire.split_at(repertoire.len().min(2));
    let rest = rest.iter().cycle().skip(profile.rank as usize % rest.len().max(1)).take(rest.len());
    first.iter().chain(rest).copied().take(many).collect()
}

/// Draws modes and counties. Topics that need no room are held online, for all counties.
fn place(rng: &mut StdRng, member: &Member, topic: TrainingTopic) -> (Vec<TrainingMode>, Vec<String>) {
    use TrainingMode::{Blended, InPerson, Online, Webinar};
    match topic {
        TrainingTopic::DigitalSafety => return (vec![Online], Vec::new()),
        TrainingTopic::DataProtection => return (vec![Online, Webinar], Vec::new()),
        _ => {}
    }
    let choices: [(&[TrainingMode], f64); 4] =
        [(&[InPerson], 0.62), (&[InPerson, Blended], 0.16), (&[InPerson, Online], 0.16), (&[Blended], 0.06)];
    let modes = pick(rng, &choices).unwrap_or(&[InPerson]).to_vec();
    let counties = &member.counties;
    let many = if counties.len() > 2 { rng.random_range(2..=counties.len()) } else { counties.len() };
    (modes, counties.iter().take(many).map(ToString::to_string).collect())
}

/// Swahili, and often English and the language of the member's main county.
fn languages(rng: &mut StdRng, member: &Member, number: usize) -> Vec<String> {
    let mut languages = vec!["sw"];
    if rng.random_bool(0.7) {
        languages.insert(0, "en");
    }
    let local = local_language(member.profile.counties.first().copied().unwrap_or_default());
    if let Some(local) = local.filter(|_| rng.random_bool(0.5)) {
        languages.push(local);
    }
    if number == 1 && member.profile.slug == "afya" {
        // Kenyan Sign Language.
        languages.push("xki");
    }
    languages.into_iter().map(str::to_owned).collect()
}

/// A language that many people there speak besides Swahili.
fn local_language(county: &str) -> Option<&'static str> {
    match county {
        "041" | "042" | "043" => Some("luo"),
        "022" => Some("ki"),
        "003" => Some("nyf"),
        "027" => Some("kln"),
        _ => None,
    }
}
