//! The SQL that each dimension, measure and side adds to a statement that counts, for own figures and for the publication.

use pamoja_domain::service::{ServiceGroup, ServiceType};
use pamoja_domain::statistic::{COHORT_DAYS, Dimension, Measure, OtherKey, OwnSide, ResponseTime, Subject};
use pamoja_domain::vocabulary::Vocabulary;

const OF_REFERRAL: &str = "from_organisation_id = referral.from_organisation_id AND";
// Never write this as an equation: beside "the sender is the tenant" the planner would derive another equation from it.
pub(crate) const ACCOMPANIED: &str = "referral.from_organisation_id IS NOT DISTINCT FROM referral.to_organisation_id";
const BY_OTHERS: &str = "referral.from_organisation_id IS DISTINCT FROM referral.to_organisation_id";

/// The condition that an event tells of something that lasted: of a move that was taken back neither it nor its taking back does.
const LASTING: &str = "NOT event.taken_back AND NOT event.takes_back";

/// The condition that it happened within the days that count. The interval is in hours, so that daylight saving in the server's
/// own time zone changes nothing.
fn in_time(moment: &str) -> String {
    format!("{moment} <= referral.created_at + interval '{} hours'", COHORT_DAYS * 24)
}

/// What a dimension adds to a statement.
pub(crate) struct DimensionClause {
    /// The tables that it joins. Each has at most one row for a record.
    pub(crate) joins: Vec<String>,
    /// The SQL expression of a cell's key.
    pub(crate) key: String,
    /// Whether a record can have several keys. `key` is then an array of them.
    pub(crate) several: bool,
    /// The condition on the records that it counts, if it doesn't count all.
    pub(crate) condition: Option<String>,
}

impl DimensionClause {
    pub(crate) fn of(dimension: Dimension, subject: Subject, side: OwnSide) -> Self {
        let several = dimension.overlaps();
        let part = |joins, key: &str, condition| Self { joins, key: key.to_owned(), several, condition };
        let not_stated = OtherKey::NotStated;
        match dimension {
            Dimension::ServiceType => part(Vec::new(), "referral.service_type", None),
            Dimension::ServiceGroup => part(Vec::new(), &service_group(), None),
            Dimension::County => match subject {
                Subject::Referrals => part(Vec::new(), "referral.county_code", None),
                Subject::Participants => part(Vec::new(), "session.county_code", None),
            },
            Dimension::Population => part(
                description(side),
                &format!("coalesce(nullif({}.populations, '{{}}'), ARRAY['{not_stated}'])", described(side)),
                Some("shared.under_18 IS DISTINCT FROM 'YES'".to_owned()),
            ),
            Dimension::AgeBand => {
                part(description(side), &format!("coalesce({}.age_band, '{not_stated}')", described(side)), None)
            }
            Dimension::ReceiverKind => {
                let (outside, not_taken) = (OtherKey::Outside, OtherKey::NotTaken);
                let key = format!("CASE WHEN {ACCOMPANIED} THEN '{outside}' ELSE coalesce(receiver.kind, '{not_taken}') END");
                part(
                    vec!["LEFT JOIN organisation AS receiver ON receiver.id = referral.to_organisation_id".to_owned()],
                    &key,
                    None,
                )
            }
            Dimension::ResponseTime => part(vec![answer()], &response_time(), Some(BY_OTHERS.to_owned())),
            Dimension::DeclineReason => {
                part(Vec::new(), &format!("coalesce(progress.decline_reason, '{not_stated}')"), Some(ended("DECLINED")))
            }
            Dimension::NonCompletionReason => part(
                vec![format!(
                    "LEFT JOIN referral_non_completion AS ending ON ending.{OF_REFERRAL} ending.referral_id = referral.id
                     AND ending.recorded_at = progress.status_at"
                )],
                &format!("coalesce(ending.reason, '{not_stated}')"),
                Some(ended("NOT_COMPLETED")),
            ),
            Dimension::Topic => part(Vec::new(), "session.topic", None),
            Dimension::Cadre => part(Vec::new(), "came.cadre", None),
        }
    }
}

/// Referrals with their progress, except those that were entered in error.
pub(crate) const REFERRALS: &str = "referral
    JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
        AND progress.status <> 'ENTERED_IN_ERROR'";
/// The people who came to trainings, with their sessions.
pub(crate) const PARTICIPANTS: &str = "training_session AS session
    JOIN training_participants AS came ON came.trainer_organisation_id = session.trainer_organisation_id AND came.session_id = session.id";

/// The table that describes the client for the party on that side.
fn described(side: OwnSide) -> &'static str {
    match side {
        OwnSide::Sent => "client",
        OwnSide::Received => "shared",
    }
}

/// The joins for the client's description, and for whether the client is under 18, which both parties may know.
fn description(side: OwnSide) -> Vec<String> {
    let mut joins = vec![format!("LEFT JOIN referral_shared AS shared ON shared.{OF_REFERRAL} shared.referral_id = referral.id")];
    if side == OwnSide::Sent {
        joins.push(format!("LEFT JOIN referral_client AS client ON client.{OF_REFERRAL} client.referral_id = referral.id"));
    }
    joins
}

fn service_group() -> String {
    let group = |group: &ServiceGroup| {
        let types: Vec<&str> =
            ServiceType::ALL.iter().filter(|known| known.group() == *group).map(|known| known.code()).collect();
        format!("WHEN referral.service_type IN ('{}') THEN '{group}'", types.join("', '"))
    };
    format!("CASE {} END", ServiceGroup::ALL.iter().map(group).collect::<Vec<_>>().join(" "))
}

fn ended(status: &str) -> String {
    format!("progress.status = '{status}' AND {}", in_time("progress.status_at"))
}

/// The join for the time until the receiver's first move.
pub(crate) fn answer() -> String {
    format!(
        "CROSS JOIN LATERAL (
             SELECT min(event.at) - referral.created_at AS after FROM referral_event AS event
             WHERE event.{OF_REFERRAL} event.referral_id = referral.id AND event.by_organisation_id = referral.to_organisation_id
                 AND {LASTING}
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

/// The condition on an event by which a referral reached this measure in time. None where every record counts.
fn reaching(measure: Measure) -> Option<String> {
    let statuses = match measure {
        Measure::Created | Measure::Participants => return None,
        // A client who has arrived counts as accepted: nobody is sent away because an answer is missing.
        Measure::Accepted => "'ACCEPTED', 'ARRIVED'",
        Measure::Arrived => "'ARRIVED'",
        Measure::Completed => "'COMPLETED'",
    };
    Some(format!("event.status IN ({statuses}) AND {LASTING} AND {}", in_time("event.at")))
}

/// The condition that a referral reached this measure. None where every record counts.
pub(super) fn reached(measure: Measure) -> Option<String> {
    let condition = reaching(measure)?;
    Some(format!(
        "EXISTS (SELECT FROM referral_event AS event WHERE event.{OF_REFERRAL} event.referral_id = referral.id AND {condition})"
    ))
}

/// A join with the array `reached.measures`: for each of these measures, whether the referral reached it.
pub(crate) fn each_reached(measures: &[Measure]) -> String {
    of_events(&whether_reached(measures))
}

/// The joins `reached`, as [`each_reached`], and `answer`, as the response time needs it, by one look at the events.
pub(crate) fn each_reached_and_answered(measures: &[Measure]) -> String {
    let first = format!("min(event.at) FILTER (WHERE event.by_organisation_id = referral.to_organisation_id AND {LASTING})");
    let reached = of_events(&format!("{}, {first} AS answered", whether_reached(measures)));
    format!("{reached} CROSS JOIN LATERAL (SELECT reached.answered - referral.created_at AS after) AS answer")
}

fn whether_reached(measures: &[Measure]) -> String {
    let column = |measure: &Measure| match reaching(*measure) {
        Some(condition) => format!("coalesce(bool_or({condition}), false)"),
        None => "true".to_owned(),
    };
    format!("ARRAY[{}] AS measures", measures.iter().map(column).collect::<Vec<_>>().join(", "))
}

/// A join `reached` with these columns, which aggregate the referral's events.
fn of_events(columns: &str) -> String {
    format!(
        "CROSS JOIN LATERAL (
             SELECT {columns} FROM referral_event AS event WHERE event.{OF_REFERRAL} event.referral_id = referral.id
         ) AS reached"
    )
}

/// The condition that the client agreed to be counted.
pub(crate) fn counted() -> String {
    format!(
        "NOT EXISTS (
             SELECT FROM referral_consent AS consent
             WHERE consent.{OF_REFERRAL} consent.referral_id = referral.id AND NOT consent.counted
         )"
    )
}

/// The condition on whose records they are. The tenant is read in a SELECT of its own, so that the planner doesn't look at whose
/// rows they are and the plan suits every organisation.
pub(super) fn whose(subject: Subject, side: OwnSide) -> String {
    match (subject, side) {
        (Subject::Referrals, OwnSide::Sent) => format!("referral.from_organisation_id = (SELECT tenant()) AND {}", counted()),
        // An accompanied referral is the sender's own work, so the receiving side doesn't count it.
        (Subject::Referrals, OwnSide::Received) => format!("referral.to_organisation_id = (SELECT tenant()) AND {BY_OTHERS}"),
        (Subject::Participants, OwnSide::Sent) => "came.host_organisation_id = (SELECT tenant())".to_owned(),
        (Subject::Participants, OwnSide::Received) => "came.trainer_organisation_id = (SELECT tenant())".to_owned(),
    }
}
