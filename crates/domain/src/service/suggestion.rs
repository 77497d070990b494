//! Which services to suggest for a client, in which order, and why.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::county::CountyCode;
use crate::day::day_of;
use crate::id::{FacilityId, OrganisationId, ServiceId};
use crate::message::{Filling, Message};
use crate::opening_hours::{Next, Opening, OpeningHours};
use crate::organisation::Population;
use crate::ranking::{Criterion, Finding, Ranked, rank};
use crate::referral::MinorStatus;
use crate::service::{Capacity, is_for_others};
use crate::vocabulary;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;

vocabulary! {
    /// Why a service is suggested, or what speaks against it.
    pub enum SuggestionReasonCode {
        /// It has room.
        Open = "OPEN",
        /// It has room for a few people.
        Limited = "LIMITED",
        /// Nobody has said within the last 30 days whether there is room: ask before you refer.
        CapacityUnknown = "CAPACITY_UNKNOWN",
        /// The service would put the client on a waitlist.
        Waitlist = "WAITLIST",
        /// It is in the county that you asked for.
        SameCounty = "SAME_COUNTY",
        /// It is in a county that borders the one that you asked for.
        NeighbouringCounty = "NEIGHBOURING_COUNTY",
        /// It is neither in the county that you asked for nor in a neighbouring one.
        OtherCounty = "OTHER_COUNTY",
        /// It is offered at a site that is friendly to key populations: a member's own, or a facility that the register lists
        /// with services for them.
        Friendly = "FRIENDLY",
        /// It is not known whether its site is friendly to key populations.
        FriendlinessUnknown = "FRIENDLINESS_UNKNOWN",
        /// The message says which organisation vouches for it, and when it last confirmed that the service is offered as
        /// described.
        Checked = "CHECKED",
        /// It is open now; the message says until when.
        OpenNow = "OPEN_NOW",
        /// It is closed now; the message says when it opens.
        ClosedNow = "CLOSED_NOW",
        /// How soon the organisation typically answered yours in the last 90 days.
        AnswerTime = "ANSWER_TIME",
        /// It is your own organisation's service at a facility: go there with the client.
        Accompanied = "ACCOMPANIED",
    }
}

/// A service that was checked within this many days was checked recently.
const CHECKED_RECENTLY_DAYS: i64 = 30;
/// A service that was checked more than this many days ago may well have changed.
const CHECKED_LONG_AGO_DAYS: i64 = 180;
/// The fewest answers from which a typical time can be given.
pub const FEWEST_ANSWERS: i64 = 3;
/// How many days back answers count.
pub const ANSWER_HISTORY_DAYS: i64 = 90;

/// What a client needs, as far as it matters for services of one type.
#[derive(Clone, Debug)]
pub struct Need {
    /// The organisation that asks for the client.
    pub viewer: OrganisationId,
    /// The county in which the client is.
    pub county: CountyCode,
    /// The populations that the client counts themself to. Empty or NOT_STATED finds services for anyone.
    pub populations: Vec<Population>,
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
    /// The moment by which the client must be seen, if there is one. Near services then go before those with more room.
    pub act_before: Option<DateTime<Utc>>,
    /// The present.
    pub at: DateTime<Utc>,
}

/// The kind of place where a service is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// A place of the member's own.
    Own,
    /// A facility for which the register lists services for key populations.
    FriendlyFacility,
    /// Another facility of the register.
    Facility,
}

/// A service of the right type that is not closed and that an active member offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The service.
    pub service: ServiceId,
    /// The organisation that offers it.
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// The county in which it is.
    pub county: CountyCode,
    /// The populations that it is for; empty means everyone.
    pub populations: Vec<Population>,
    /// Whether it serves people under 18.
    pub accepts_minors: bool,
    /// The stated capacity.
    pub capacity: Capacity,
    /// When the capacity was stated.
    pub capacity_updated_at: Option<DateTime<Utc>>,
    /// The kind of place.
    pub site: Site,
    /// The facility; `None` at a place of the member's own.
    pub facility: Option<FacilityId>,
    /// When the organisation last confirmed that it is offered as described.
    pub checked_at: DateTime<Utc>,
    /// Whether it takes no new referral for now.
    pub paused: bool,
    /// When it is open.
    pub hours: OpeningHours,
    /// Whether the register says that its facility is closed.
    pub facility_closed: bool,
    /// The hours in which the organisation typically answers the viewer's; `None` if there were too few answers.
    pub answer_hours: Option<u32>,
}

/// The distance between a service and the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    SameCounty,
    Neighbouring,
    Further,
}

impl Need {
    fn distance(&self, candidate: &Candidate) -> Distance {
        if candidate.county == self.county {
            Distance::SameCounty
        } else if candidate.county.borders(self.county) {
            Distance::Neighbouring
        } else {
            Distance::Further
        }
    }

    fn capacity(&self, candidate: &Candidate) -> Capacity {
        candidate.capacity.read_at(candidate.capacity_updated_at, self.at)
    }

    fn is_own(&self, candidate: &Candidate) -> bool {
        candidate.organisation == self.viewer
    }

    /// Whether an open referral of this client is offered to the organisation that offers this service. The database's `offerers`
    /// must select the same.
    fn is_offered_to(&self, candidate: &Candidate) -> bool {
        !self.is_own(candidate) && !candidate.paused && candidate.county == self.county && self.is_of_their_age(candidate)
    }

    /// Leaves out all services of members to whom an open referral of this client is offered: they were asked already.
    pub fn without_asked(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        let asked = candidates.iter().filter(|candidate| self.is_offered_to(candidate));
        let asked: HashSet<OrganisationId> = asked.map(|candidate| candidate.organisation).collect();
        candidates.retain(|candidate| !asked.contains(&candidate.organisation));
        candidates
    }

    fn is_of_their_age(&self, candidate: &Candidate) -> bool {
        self.under_18 != MinorStatus::Yes || candidate.accepts_minors
    }

    /// Whether the service is for this client and may have room for them.
    fn is_met_by(&self, candidate: &Candidate) -> bool {
        let for_them = !is_for_others(&candidate.populations, &self.populations);
        let can_be_referred_to = !self.is_own(candidate) || candidate.site != Site::Own;
        let takes_new = !candidate.paused && !candidate.facility_closed && self.capacity(candidate) != Capacity::Full;
        for_them && self.is_of_their_age(candidate) && can_be_referred_to && takes_new
    }

    fn by_room(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        let said = |key: &'static str| match candidate.capacity_updated_at {
            Some(at) => Message::of(key).with("day", day_of(at)),
            None => Message::of("suggestion-capacity-never-said"),
        };
        match self.capacity(candidate) {
            Capacity::Open => Finding::new(0, SuggestionReasonCode::Open, said("suggestion-open")),
            Capacity::Limited => Finding::new(1, SuggestionReasonCode::Limited, said("suggestion-limited")),
            Capacity::Unknown => Finding::new(2, SuggestionReasonCode::CapacityUnknown, said("suggestion-capacity-unknown")),
            // A full service isn't suggested at all.
            Capacity::Waitlist | Capacity::Full => Finding::new(3, SuggestionReasonCode::Waitlist, said("suggestion-waitlist")),
        }
    }

    /// If time is short, only a service with a waitlist goes behind a more distant one.
    fn by_waitlist(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        Finding::silent(u32::from(self.capacity(candidate) == Capacity::Waitlist))
    }

    fn by_distance(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        let distance = self.distance(candidate);
        let (code, key) = match distance {
            Distance::SameCounty => (SuggestionReasonCode::SameCounty, "suggestion-same-county"),
            Distance::Neighbouring => (SuggestionReasonCode::NeighbouringCounty, "suggestion-neighbouring-county"),
            Distance::Further => (SuggestionReasonCode::OtherCounty, "suggestion-other-county"),
        };
        Finding::new(distance as u32, code, Message::of(key).with("county", candidate.county))
    }

    fn by_friendliness(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        let (rank, code, key) = match candidate.site {
            Site::Own => (0, SuggestionReasonCode::Friendly, "suggestion-friendly-own-place"),
            Site::FriendlyFacility => (0, SuggestionReasonCode::Friendly, "suggestion-friendly-facility"),
            Site::Facility => (1, SuggestionReasonCode::FriendlinessUnknown, "suggestion-friendliness-unknown"),
        };
        Finding::new(rank, code, Message::of(key))
    }

    fn by_check(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        let since = self.at - candidate.checked_at;
        let rank = if since <= TimeDelta::days(CHECKED_RECENTLY_DAYS) {
            0
        } else if since <= TimeDelta::days(CHECKED_LONG_AGO_DAYS) {
            1
        } else {
            2
        };
        let message = Message::of("suggestion-checked")
            .with("organisation", Filling::Name(candidate.organisation_name.clone()))
            .with("day", day_of(candidate.checked_at));
        Finding::new(rank, SuggestionReasonCode::Checked, message)
    }

    /// If time is short, whoever doesn't open in time goes behind everybody but waitlists.
    fn by_lateness(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        Finding::silent(u32::from(self.opens_too_late(candidate)))
    }

    fn opens_too_late(&self, candidate: &Candidate) -> bool {
        match (self.act_before, candidate.hours.at(self.at)) {
            (Some(act_before), Some(Opening::Closed(next))) => next.at >= act_before,
            _ => false,
        }
    }

    /// If time is short, what is open now goes before what is closed or hasn't said its hours. Otherwise it is only said: the client
    /// can go at another time.
    fn by_opening(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        let said = |today: &'static str, another_day: &'static str, Next { day, time, .. }: Next| match day {
            None => Message::of(today).with("time", time),
            Some(day) => Message::of(another_day).with("day", day).with("time", time),
        };
        let rank = |rank: u32| if self.act_before.is_some() { rank } else { 0 };
        let open = |message| Finding::new(0, SuggestionReasonCode::OpenNow, message);
        match candidate.hours.at(self.at) {
            None => Finding::silent(rank(1)),
            Some(Opening::Open(None)) => open(Message::of("suggestion-open-day-and-night")),
            Some(Opening::Open(Some(next))) => open(said("suggestion-open-until", "suggestion-open-until-day", next)),
            Some(Opening::Closed(next)) => {
                let message = said("suggestion-closed-until", "suggestion-closed-until-day", next);
                Finding::new(rank(1), SuggestionReasonCode::ClosedNow, message)
            }
        }
    }

    /// An organisation with too few answers goes behind those with a known time. No reason is given.
    fn by_answers(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        match candidate.answer_hours {
            None => Finding::silent(u32::MAX),
            Some(hours @ 0..=1) => {
                Finding::new(hours, SuggestionReasonCode::AnswerTime, Message::of("suggestion-answers-within-an-hour"))
            }
            Some(hours) => {
                let message = Message::of("suggestion-answers-within-hours").with("hours", hours);
                Finding::new(hours, SuggestionReasonCode::AnswerTime, message)
            }
        }
    }

    fn accompanied(&self, candidate: &Candidate) -> Finding<SuggestionReasonCode> {
        if self.is_own(candidate) {
            Finding::new(0, SuggestionReasonCode::Accompanied, Message::of("suggestion-accompanied"))
        } else {
            Finding::silent(0)
        }
    }

    /// Keeps one service at each facility, since the client goes to the same place: the viewer's own, because the viewer goes
    /// along, or else the best.
    fn one_at_each_facility(&self, ranked: &mut Vec<Ranked<Candidate, SuggestionReasonCode>>) {
        let mut chosen: HashMap<FacilityId, (bool, ServiceId)> = HashMap::new();
        for Ranked { candidate, .. } in ranked.iter() {
            let Some(facility) = candidate.facility else { continue };
            let own = self.is_own(candidate);
            let best = chosen.entry(facility).or_insert((own, candidate.service));
            if own && !best.0 {
                *best = (own, candidate.service);
            }
        }
        ranked.retain(|Ranked { candidate, .. }| {
            candidate.facility.and_then(|facility| chosen.get(&facility)).is_none_or(|(_, service)| *service == candidate.service)
        });
    }

    /// The services to choose from, the best first, each with its reasons. Only one is kept at each facility.
    ///
    /// Without `act_before` the criteria are room, distance, friendliness, the last check and how soon the organisation answers.
    /// With `act_before`, distance goes before room, and so does whether it is open now. Waitlists come last either way, and before
    /// them, with `act_before`, whoever doesn't open in time.
    ///
    /// With `act_before`, services outside the county and its neighbours are left out if a nearer one can take the client without
    /// a waitlist and opens in time.
    pub fn suggest(&self, candidates: Vec<Candidate>) -> Vec<Ranked<Candidate, SuggestionReasonCode>> {
        let mut candidates = candidates;
        candidates.retain(|candidate| self.is_met_by(candidate));
        let room = |candidate: &Candidate| self.by_room(candidate);
        let waitlist = |candidate: &Candidate| self.by_waitlist(candidate);
        let distance = |candidate: &Candidate| self.by_distance(candidate);
        let friendliness = |candidate: &Candidate| self.by_friendliness(candidate);
        let check = |candidate: &Candidate| self.by_check(candidate);
        let answers = |candidate: &Candidate| self.by_answers(candidate);
        let lateness = |candidate: &Candidate| self.by_lateness(candidate);
        let opening = |candidate: &Candidate| self.by_opening(candidate);
        let accompanied = |candidate: &Candidate| self.accompanied(candidate);
        let id = |candidate: &Candidate| candidate.service;
        let mut ranked = if self.act_before.is_some() {
            let criteria: [Criterion<'_, _, _>; 9] =
                [&waitlist, &lateness, &distance, &opening, &room, &friendliness, &check, &answers, &accompanied];
            rank(candidates, &criteria, id)
        } else {
            rank(candidates, &[&room, &distance, &friendliness, &check, &answers, &opening, &accompanied], id)
        };
        self.one_at_each_facility(&mut ranked);
        let is_near = |candidate: &Candidate| self.distance(candidate) < Distance::Further;
        let can_be_seen_near = |candidate: &Candidate| {
            is_near(candidate) && self.capacity(candidate) != Capacity::Waitlist && !self.opens_too_late(candidate)
        };
        if self.act_before.is_some() && ranked.iter().any(|ranked| can_be_seen_near(&ranked.candidate)) {
            ranked.retain(|ranked| is_near(&ranked.candidate));
        }
        ranked
    }
}
