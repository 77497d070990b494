//! The rows of referrals, table by table.

use chrono::{DateTime, Utc};
use pamoja_domain::referral::{SharedField, answer_by, expiry, listed_at};
use pamoja_domain::retention::SLIP;

use super::super::copy::{Bytes, Codes, Maybe, Moment, Rows};
use super::super::follow_up;
use super::life::Story;

/// Makes the look-up hash of the slip code that belongs to a nonce. The caller holds its keys.
pub type SlipHash = dyn Fn([u8; 16]) -> [u8; 32] + Send + Sync;

/// The reference of the referral with that number: no two have the same, and they look drawn at random.
fn reference(number: u64) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let length = if number < 1 << 20 { 4 } else { 6 };
    // An odd factor maps the numbers below a power of two onto themselves.
    let scattered = number.wrapping_mul(0x9_3D2F_A5C7).wrapping_add(0xA_BCDE) % (1 << (5 * length));
    let letter = |place: u32| char::from(LETTERS[(scattered >> (5 * place) & 31) as usize]);
    (0..length).map(letter).collect()
}

/// How much there is already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told {
    pub(crate) referrals: u64,
    /// What happened to them; the position of an event is its number.
    pub(crate) events: u64,
}

/// The rows of some referrals, in the order in which the tables depend on each other.
pub(crate) struct Chapter {
    at: DateTime<Utc>,
    /// In this chapter and before it.
    told: Told,
    referral: Rows,
    progress: Rows,
    sender: Rows,
    client: Rows,
    shared: Rows,
    slip: Rows,
    event: Rows,
    event_user: Rows,
    handler: Rows,
    non_completion: Rows,
    follow_up: Rows,
    consent: Rows,
    report: Rows,
    open: Rows,
    offer: Rows,
}

impl Chapter {
    /// No rows yet; they will be as at that moment, and so much was told before them.
    pub(crate) fn new(at: DateTime<Utc>, told: Told) -> Self {
        Self {
            at,
            told,
            referral: Rows::new(
                "referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at, act_before, \
                 reference)",
            ),
            progress: Rows::new(
                "referral_progress (from_organisation_id, referral_id, to_organisation_id, service_id, status, status_at, opened_at, \
                 scheduled_on, decline_reason, consent_withdrawn, expires_at, updated_at, listed_at, act_before, answer_by, instead_service_id)",
            ),
            sender: Rows::new("referral_sender (from_organisation_id, referral_id, user_id, cancel_reason, service_id)"),
            client: Rows::new("referral_client (from_organisation_id, referral_id, client, populations, age_band)"),
            shared: Rows::new(
                "referral_shared (from_organisation_id, referral_id, to_organisation_id, fields, populations, age_band, under_18)",
            ),
            slip: Rows::new(
                "referral_slip (from_organisation_id, referral_id, to_organisation_id, nonce, look_up_hash, issued_at)",
            ),
            event: Rows::new(
                "referral_event (from_organisation_id, referral_id, position, to_organisation_id, status, at, by_organisation_id, \
                 without_slip)",
            ),
            event_user: Rows::new("referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)"),
            handler: Rows::new("referral_handler (organisation_id, from_organisation_id, referral_id, user_id)"),
            non_completion: Rows::new(
                "referral_non_completion (from_organisation_id, referral_id, to_organisation_id, by_organisation_id, reason, recorded_at)",
            ),
            follow_up: Rows::new("referral_follow_up (from_organisation_id, referral_id, ended_at, settled_at, dismissed_by)"),
            open: Rows::new(
                "open_referral (from_organisation_id, id, service_type, county_code, urgency, created_at, expires_at, closed_at)",
            ),
            offer: Rows::new("open_referral_offer (organisation_id, from_organisation_id, referral_id)"),
            consent: Rows::new(
                "referral_consent (from_organisation_id, referral_id, given_by, notice_version, manner, language, counted, recorded_at)",
            ),
            report: Rows::new(
                "client_report (from_organisation_id, referral_id, outcome, friendliness, service_organisation_id, service_id, rated_in)",
            ),
        }
    }

    /// Adds all rows of a referral, except those that withdrawal and retention would have deleted.
    pub(crate) fn push(&mut self, story: &Story, slip_hash: &SlipHash) {
        let Story { id, sender, new, state, .. } = story;
        let taken = story.taken();
        let receiver = &Maybe(new.receiver.filter(|_| taken != Some(None)));
        let act_before = new.exposure.map(|exposure| exposure.act_before(state.created_at));
        let listed_at = listed_at(state.created_at, act_before, state.status);
        let answer_by = answer_by(state.created_at, act_before, new.urgency);
        let (created_at, act_before) = (Moment(state.created_at), Maybe(act_before.map(Moment)));
        let reference = Maybe(receiver.0.map(|_| reference(self.told.referrals)));
        self.told.referrals += 1;
        let (sought, county, urgency) = (&new.service_type, &new.county, &new.urgency);
        self.referral.push([sender, id, receiver, sought, county, urgency, &created_at, &act_before, &reference]);
        self.progress.push([
            sender,
            id,
            receiver,
            &Maybe(new.service),
            &state.status,
            &Moment(state.status_at),
            &Moment(story.opened_at),
            &Maybe(story.scheduled_on),
            &Maybe(story.decline_reason),
            &state.consent_withdrawn,
            &Moment(state.expires_at),
            &Moment(story.updated_at),
            &Moment(listed_at),
            &act_before,
            &Moment(answer_by),
            &Maybe(story.instead_service),
        ]);
        if let Some(taken) = taken {
            let over = taken.or(state.status.has_ended().then_some(state.status_at));
            let (expires_at, closed_at) = (Moment(expiry(state.created_at, None)), Maybe(over.map(Moment)));
            self.open.push([sender, id, sought, county, urgency, &created_at, &expires_at, &closed_at]);
            for offerer in &story.offerers {
                self.offer.push([offerer, sender, id]);
            }
        }
        let consent = &new.consent;
        let (version, manner, language) =
            (Maybe(consent.notice_version.as_ref()), Maybe(consent.manner), Maybe(consent.language.as_ref()));
        self.consent.push([sender, id, &consent.given_by, &version, &manner, &language, &consent.counted, &created_at]);
        self.sender.push([sender, id, &story.author, &Maybe(story.cancel_reason), &Maybe(new.service)]);
        for event in &story.events {
            self.told.events += 1;
            let (position, at, by) = (&self.told.events, &Moment(event.at), &Maybe(event.by));
            self.event.push([sender, id, position, receiver, &event.status, at, by, &event.without_slip]);
            // Whoever handles it makes the moves of their own side.
            if let Some((by, user)) = event.by.zip(event.by.and_then(|by| story.handler(by))) {
                self.event_user.push([&by, sender, id, position, &user]);
            }
        }
        for side in story.sides() {
            if let Some(user) = story.handler(side) {
                self.handler.push([&side, sender, id, &user]);
            }
        }
        for (reason, at) in &story.non_completions {
            let by = story.events.iter().find(|event| event.at == *at).and_then(|event| event.by);
            self.non_completion.push([sender, id, receiver, &Maybe(by), reason, &Moment(*at)]);
        }
        if let Some(follow_up) = follow_up::of(story, self.at) {
            let settled_at = Maybe(follow_up.settled.map(|(at, _)| Moment(at)));
            let dismissed_by = Maybe(follow_up.settled.and_then(|(_, by)| by));
            self.follow_up.push([sender, id, &Moment(state.status_at), &settled_at, &dismissed_by]);
        }
        if state.consent_withdrawn {
            return;
        }
        self.client.push([sender, id, &new.client.as_str(), &Codes(&new.populations), &new.age_band]);
        let (populations, age_band) = SharedField::shown(&new.shared, &new.populations, new.age_band);
        self.shared.push([sender, id, receiver, &Codes(&new.shared), &Codes(populations), &age_band, &new.under_18]);
        if let Some(report) = &story.report {
            let service = report.friendliness.and(new.service);
            self.report.push([
                sender,
                id,
                &report.outcome,
                &Maybe(report.friendliness),
                &Maybe(service.map(|_| receiver)),
                &Maybe(service),
                &Maybe(service.map(|_| report.month)),
            ]);
        }
        if !state.status.has_ended() || (self.at - state.status_at).num_days() < SLIP.num_days() {
            let slip = &story.slip;
            let hash = slip_hash(slip.nonce);
            self.slip.push([sender, id, receiver, &Bytes(&slip.nonce), &Bytes(&hash), &Moment(slip.issued_at)]);
        }
    }

    /// How much is told, with this chapter.
    pub(crate) fn told(&self) -> Told {
        self.told
    }

    /// The rows that were added.
    pub(crate) fn into_rows(self) -> impl Iterator<Item = Rows> {
        [
            self.referral,
            self.progress,
            self.sender,
            self.client,
            self.shared,
            self.slip,
            self.event,
            self.event_user,
            self.handler,
            self.non_completion,
            self.follow_up,
            self.consent,
            self.report,
            self.open,
            self.offer,
        ]
        .into_iter()
    }
}
