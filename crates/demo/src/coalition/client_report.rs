//! What made-up clients report on how they were treated. A third of the clients whose referral has ended report, and more kindly
//! where the receiver is kinder.

use chrono::{DateTime, Datelike, Utc};
use pamoja_domain::client_report::{ClientReportedOutcome, FRIENDLINESS};
use pamoja_domain::day::day_of;
use pamoja_domain::referral::{NonCompletionReason, ReferralStatus};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::profile::Manner;
use super::random::{delay, pick};
use super::referral::{Report, Story};

/// The share of ended referrals on which the client reports.
const REPORTED: f64 = 1.0 / 3.0;

/// The report of the client of an ended referral, if there is one. The referral's own id seeds the chance, so that reports change
/// nothing else that is made up.
pub(super) fn of(story: &Story, manner: &Manner, present: DateTime<Utc>) -> Option<Report> {
    let status = story.state.status;
    if !status.has_ended() || story.state.consent_withdrawn || status == ReferralStatus::EnteredInError {
        return None;
    }
    let rng = &mut StdRng::seed_from_u64(story.id.as_u64_pair().1);
    let told_at = story.state.status_at + delay(rng, 30.0, 0.8);
    if !rng.random_bool(REPORTED) || told_at > present {
        return None;
    }
    let outcome = outcome(rng, story, manner)?;
    let came = story.events.iter().any(|event| event.status == ReferralStatus::Arrived);
    let rated = came && story.new.service.is_some() && rng.random_bool(0.9);
    let friendliness = if rated { friendliness(rng, outcome, manner) } else { None };
    Some(Report { outcome, friendliness, month: day_of(told_at).with_day(1)? })
}

fn outcome(rng: &mut StdRng, story: &Story, manner: &Manner) -> Option<ClientReportedOutcome> {
    use ClientReportedOutcome::{Mistreated, ServedWell, TurnedAway, WentElsewhere};
    let complained = story.non_completions.iter().any(|(reason, _)| *reason == NonCompletionReason::TurnedAwayOrMistreated);
    let choices = match story.state.status {
        _ if complained => [(TurnedAway, 0.5), (Mistreated, 0.4), (WentElsewhere, 0.1)],
        // Some clients are served and treated badly all the same.
        ReferralStatus::Completed => [(ServedWell, 1.0), (Mistreated, 4.0 * manner.mistreats), (WentElsewhere, 0.0)],
        ReferralStatus::Declined => [(TurnedAway, 0.6), (WentElsewhere, 0.4), (Mistreated, 0.0)],
        _ => [(WentElsewhere, 0.9), (TurnedAway, 0.1), (Mistreated, 0.0)],
    };
    pick(rng, &choices)
}

fn friendliness(rng: &mut StdRng, outcome: ClientReportedOutcome, manner: &Manner) -> Option<i32> {
    // Where clients are mistreated more often, the other clients are treated less kindly too.
    let kind = (1.0 - 35.0 * manner.mistreats).max(0.1);
    let weights = match outcome {
        ClientReportedOutcome::ServedWell => [0.01, 0.04, 0.6 - 0.45 * kind, 0.8 - 0.2 * kind, kind],
        _ => [0.6, 0.3, 0.1, 0.0, 0.0],
    };
    pick(rng, &FRIENDLINESS.zip(weights).collect::<Vec<_>>())
}
