//! What each dimension, measure and side adds to the statement.

use pamoja_domain::statistic::{COHORT_DAYS, Dimension, Measure, OtherKey, OwnSide, ResponseTime};
use pamoja_domain::vocabulary::Vocabulary;

const OF_REFERRAL: &str = "from_organisation_id = referral.from_organisation_id AND";
// Whether the sender goes along is never written as an equation: beside "the sender is the tenant" the planner would make another one of it.
const ACCOMPANIED: &str = "referral.from_organisation_id IS NOT DISTINCT FROM referral.to_organisation_id";
const BY_OTHERS: &str = "referral.from_organisation_id IS DISTINCT FROM referral.to_organisation_id";

/// That it was within the days that count, in hours: whatever the clocks of the server's own country do.
fn in_time(moment: &str) -> String {
    format!("{moment} <= referral.created_at + interval '{} hours'", COHORT_DAYS * 24)
}

/// What a dimension adds.
pub(super) struct Part {
    /// The tables that it needs.
    pub(super) joins: String,
    /// The key of a cell.
    pub(super) key: String,
    /// Which referrals alone are counted.
    pub(super) condition: Option<String>,
    /// Where a referral has several keys: true for one of them.
    pub(super) once: Option<&'static str>,
}

impl Part {
    pub(super) fn of(dimension: Dimension, side: OwnSide) -> Self {
        let of = |joins: String, key: &str, condition: Option<String>| Self { joins, key: key.to_owned(), condition, once: None };
        let not_stated = OtherKey::NotStated;
        match dimension {
            Dimension::ServiceType => of(String::new(), "referral.service_type", None),
            Dimension::County => of(String::new(), "referral.county_code", None),
            Dimension::Population => Self {
                joins: format!(
                    "{} CROSS JOIN LATERAL unnest(coalesce(nullif({}.populations, '{{}}'), ARRAY['{not_stated}']))
                     WITH ORDINALITY AS population (code, place)",
                    description(side),
                    described(side)
                ),
                key: "population.code".to_owned(),
                condition: Some("shared.under_18 IS DISTINCT FROM 'YES'".to_owned()),
                once: Some("population.place = 1"),
            },
            Dimension::AgeBand => of(description(side), &format!("coalesce({}.age_band, '{not_stated}')", described(side)), None),
            Dimension::ReceiverKind => {
                let (outside, not_taken) = (OtherKey::Outside, OtherKey::NotTaken);
                let key = format!("CASE WHEN {ACCOMPANIED} THEN '{outside}' ELSE coalesce(receiver.kind, '{not_taken}') END");
                of("LEFT JOIN organisation AS receiver ON receiver.id = referral.to_organisation_id".to_owned(), &key, None)
            }
            Dimension::ResponseTime => of(answer(), &response_time(), Some(BY_OTHERS.to_owned())),
            Dimension::DeclineReason => {
                of(String::new(), &format!("coalesce(progress.decline_reason, '{not_stated}')"), Some(ended("DECLINED")))
            }
            Dimension::NonCompletionReason => of(
                format!(
                    "LEFT JOIN referral_non_completion AS ending ON ending.{OF_REFERRAL} ending.referral_id = referral.id
                     AND ending.recorded_at = progress.status_at"
                ),
                &format!("coalesce(ending.reason, '{not_stated}')"),
                Some(ended("NOT_COMPLETED")),
            ),
        }
    }
}

/// Where the client's description is, for whoever stands on that side.
fn described(side: OwnSide) -> &'static str {
    match side {
        OwnSide::Sent => "client",
        OwnSide::Received => "shared",
    }
}

/// The description, and whether the client is under 18, which both parties know.
fn description(side: OwnSide) -> String {
    let shared = format!("LEFT JOIN referral_shared AS shared ON shared.{OF_REFERRAL} shared.referral_id = referral.id");
    match side {
        OwnSide::Sent => {
            format!("{shared} LEFT JOIN referral_client AS client ON client.{OF_REFERRAL} client.referral_id = referral.id")
        }
        OwnSide::Received => shared,
    }
}

fn ended(status: &str) -> String {
    format!("progress.status = '{status}' AND {}", in_time("progress.status_at"))
}

/// The first thing that the receiver did.
fn answer() -> String {
    format!(
        "CROSS JOIN LATERAL (
             SELECT min(event.at) - referral.created_at AS after FROM referral_event AS event
             WHERE event.{OF_REFERRAL} event.referral_id = referral.id AND event.by_organisation_id = referral.to_organisation_id
         ) AS answer"
    )
}

fn response_time() -> String {
    let band = |band: &ResponseTime| {
        band.longest().map(|longest| format!("WHEN answer.after <= interval '{} hours' THEN '{band}'", longest.num_hours()))
    };
    let bands: Vec<String> = ResponseTime::ALL.iter().filter_map(band).collect();
    format!("CASE {} ELSE '{}' END", bands.join(" "), ResponseTime::Never)
}

/// How far a referral came in time; nothing where all count.
pub(super) fn reached(measure: Measure) -> Option<String> {
    let statuses = match measure {
        Measure::Created => return None,
        // Nobody is sent away for want of an answer: who has arrived was accepted.
        Measure::Accepted => "'ACCEPTED', 'ARRIVED'",
        Measure::Arrived => "'ARRIVED'",
        Measure::Completed => "'COMPLETED'",
    };
    Some(format!(
        "EXISTS (
             SELECT FROM referral_event AS event
             WHERE event.{OF_REFERRAL} event.referral_id = referral.id AND event.status IN ({statuses}) AND {}
         )",
        in_time("event.at")
    ))
}

/// Whose they are. The tenant stands in a SELECT of its own, so that the planner doesn't look at whose rows they are and the plan is good
/// for everybody.
pub(super) fn sent_or_received(side: OwnSide) -> String {
    match side {
        OwnSide::Sent => format!(
            "referral.from_organisation_id = (SELECT tenant()) AND NOT EXISTS (
                 SELECT FROM referral_consent AS consent
                 WHERE consent.{OF_REFERRAL} consent.referral_id = referral.id AND NOT consent.counted
             )"
        ),
        // Those that the sender goes along with are its own work.
        OwnSide::Received => format!("referral.to_organisation_id = (SELECT tenant()) AND {BY_OTHERS}"),
    }
}
