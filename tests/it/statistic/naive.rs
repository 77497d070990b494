//! Counting by hand, as a person would with a list of referrals. It knows only the names of the tables.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use pamoja_domain::statistic::{Measure, OwnSide, PeriodKind, StatisticTableName};
use serde_json::{Value, json};

use crate::harness::Client;

/// All referrals of that side, with everything that the viewer reads of them.
pub async fn referrals(client: &Client, side: OwnSide) -> Vec<Value> {
    let direction = if side == OwnSide::Sent { "OUTGOING" } else { "INCOMING" };
    let query = "query ($direction: ReferralDirection!, $after: String) { referrals(direction: $direction, first: 20, after: $after) {
        nodes { id createdAt status serviceType county { code } populations ageBand under18 accompanied declineReason nonCompletionReason
            toOrganisation { slug kind } consent { counted } timeline { status at byOrganisation { slug } } }
        pageInfo { hasNextPage endCursor } } }";
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = client.data(query, json!({ "direction": direction, "after": after })).await["referrals"].take();
        all.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a moment").parse().expect("a moment")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("NOT_STATED").to_owned()
}

fn events(referral: &Value) -> impl Iterator<Item = (&str, TimeDelta, &Value)> {
    let created_at = moment(&referral["createdAt"]);
    let timeline = referral["timeline"].as_array().expect("a timeline");
    timeline.iter().map(move |event| {
        (event["status"].as_str().expect("a status"), moment(&event["at"]) - created_at, &event["byOrganisation"]["slug"])
    })
}

fn in_time(after: TimeDelta) -> bool {
    after <= TimeDelta::days(30)
}

fn reached(referral: &Value, measure: Measure) -> bool {
    let any = |statuses: &[&str]| events(referral).any(|(status, after, _)| statuses.contains(&status) && in_time(after));
    match measure {
        Measure::Created => true,
        Measure::Accepted => any(&["ACCEPTED", "ARRIVED"]),
        Measure::Arrived => any(&["ARRIVED"]),
        Measure::Completed => any(&["COMPLETED"]),
        Measure::Participants => false,
    }
}

fn populations(referral: &Value) -> Option<Vec<String>> {
    let all: Vec<String> = referral["populations"].as_array().expect("populations").iter().map(text).collect();
    (referral["under18"] != "YES").then(|| if all.is_empty() { vec!["NOT_STATED".to_owned()] } else { all })
}

fn response(referral: &Value) -> Option<Vec<String>> {
    if referral["accompanied"] == true {
        return None;
    }
    let receiver = &referral["toOrganisation"]["slug"];
    let first =
        events(referral).find(|(_, _, by)| !receiver.is_null() && *by == receiver).map(|(_, after, _)| after.num_seconds());
    let hour = 3_600;
    Some(vec![
        match first {
            Some(after) if after <= 4 * hour => "WITHIN_4_HOURS",
            Some(after) if after <= 24 * hour => "WITHIN_24_HOURS",
            Some(after) if after <= 72 * hour => "WITHIN_72_HOURS",
            Some(after) if after <= 168 * hour => "WITHIN_7_DAYS",
            Some(after) if after <= 720 * hour => "LATER",
            _ => "NEVER",
        }
        .to_owned(),
    ])
}

fn ended(referral: &Value, status: &str, reason: &str) -> Option<Vec<String>> {
    let at = events(referral).filter(|(known, ..)| *known == status).last();
    at.filter(|(_, after, _)| referral["status"] == status && in_time(*after)).map(|_| vec![text(&referral[reason])])
}

fn receiver_kind(referral: &Value) -> String {
    match (&referral["accompanied"], &referral["toOrganisation"]) {
        (Value::Bool(true), _) => "OUTSIDE".to_owned(),
        (_, Value::Null) => "NOT_TAKEN".to_owned(),
        (_, receiver) => text(&receiver["kind"]),
    }
}

/// The group of a service.
pub fn group_of(service_type: &str) -> &'static str {
    const CARE: &str = "ART VIRAL_LOAD STI_SCREENING_TREATMENT HEPATITIS_B HEPATITIS_C TB_SCREENING_PREVENTION ANAL_HEALTH CERVICAL_SCREENING
        CONTRACEPTION EMERGENCY_CONTRACEPTION GENDER_AFFIRMING_SUPPORT GENERAL_OUTPATIENT MENTAL_HEALTH PSYCHOSOCIAL_SUPPORT POST_TEST_CLUB
        SUPPORT_GROUP";
    const SUPPORT: &str =
        "POST_VIOLENCE_CARE CRISIS_RESPONSE SHELTER RELOCATION LEGAL_AID PARALEGAL DETENTION_VISIT DIGITAL_SAFETY NUTRITION
        ECONOMIC_EMPOWERMENT TRANSPORT_SUPPORT IDENTITY_DOCUMENTS OTHER";
    let is_in = |list: &str| list.split_whitespace().any(|known| known == service_type);
    if is_in(CARE) {
        "CARE"
    } else if is_in(SUPPORT) {
        "SUPPORT"
    } else {
        "PREVENTION"
    }
}

/// The keys under which a referral counts, for each dimension. Nothing when it isn't in the table.
fn keys(referral: &Value, name: StatisticTableName) -> Option<Vec<Vec<String>>> {
    use StatisticTableName as Name;
    let service_type = || vec![text(&referral["serviceType"])];
    let county = || vec![text(&referral["county"]["code"])];
    let group = || vec![group_of(referral["serviceType"].as_str().expect("a code")).to_owned()];
    Some(match name {
        Name::ReferralsByServiceType => vec![service_type()],
        Name::ReferralsByCounty => vec![county()],
        Name::ReferralsByPopulation => vec![populations(referral)?],
        Name::ReferralsByAgeBand => vec![vec![text(&referral["ageBand"])]],
        Name::ReferralsByPopulationAndServiceType => vec![populations(referral)?, group()],
        Name::ReferralsByCountyAndServiceType => vec![county(), group()],
        Name::ReferralsByReceiverKind => vec![vec![receiver_kind(referral)]],
        Name::ReferralsByResponseTime => vec![response(referral)?],
        Name::ReferralDeclinesByReason => vec![ended(referral, "DECLINED", "declineReason")?],
        Name::ReferralNonCompletionsByReason => vec![ended(referral, "NOT_COMPLETED", "nonCompletionReason")?],
        Name::TrainingParticipantsByTopic | Name::TrainingParticipantsByCadre | Name::TrainingParticipantsByCounty => {
            return None;
        }
    })
}

fn period_of(referral: &Value, period: PeriodKind) -> String {
    let day = moment(&referral["createdAt"]) + TimeDelta::hours(3);
    let month = match period {
        PeriodKind::Month => day.month(),
        PeriodKind::Quarter => [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10][day.month0() as usize],
        PeriodKind::Year => 1,
    };
    format!("{}-{month:02}", day.year())
}

/// How many months there are from one to the other, both included.
pub fn between(from: &str, through: &str) -> usize {
    let months = |text: &str| {
        let (year, month) = text.split_once('-').expect("a month");
        year.parse::<usize>().expect("a year") * 12 + month.parse::<usize>().expect("a month")
    };
    months(through) - months(from) + 1
}

type Cells = Vec<(String, Vec<String>, i64)>;

/// The cells in their order, and the totals.
pub fn count(
    referrals: &[Value],
    name: StatisticTableName,
    measure: Measure,
    period: PeriodKind,
    side: OwnSide,
) -> (Cells, BTreeMap<String, i64>) {
    let mut cells: BTreeMap<(String, Vec<String>), i64> = BTreeMap::new();
    let mut totals: BTreeMap<String, i64> = BTreeMap::new();
    for referral in referrals {
        let counts = referral["status"] != "ENTERED_IN_ERROR"
            && (side == OwnSide::Received || referral["consent"]["counted"] == true)
            && reached(referral, measure);
        let Some(keys) = keys(referral, name).filter(|_| counts) else { continue };
        let period = period_of(referral, period);
        *totals.entry(period.clone()).or_default() += 1;
        let mut combined: BTreeSet<Vec<String>> = BTreeSet::from([Vec::new()]);
        for choices in keys {
            combined = combined
                .into_iter()
                .flat_map(|before| {
                    choices.iter().map(move |key| [before.clone(), vec![key.clone()]].concat()).collect::<Vec<_>>()
                })
                .collect();
        }
        for keys in combined {
            *cells.entry((period.clone(), keys)).or_default() += 1;
        }
    }
    let place = |keys: &[String]| -> Vec<Option<usize>> {
        let dimensions = name.table().dimensions.iter().zip(keys);
        dimensions.map(|(dimension, key)| dimension.categories().iter().position(|known| known == key)).collect()
    };
    let mut cells: Cells = cells.into_iter().map(|((period, keys), value)| (period, keys, value)).collect();
    cells.sort_by_key(|(period, keys, _)| (period.clone(), place(keys)));
    (cells, totals)
}
