//! Counts by hand, from the rows themselves, what is behind a published figure.

use std::collections::BTreeSet;

use tokio_postgres::Client;
use uuid::Uuid;

use crate::statistic::group_of;

/// A referral, or one host's people of a cadre at a training, as a person would read it from the tables.
pub struct Fact {
    training: Option<Uuid>,
    contributor: Uuid,
    counterpart: Option<Uuid>,
    units: i64,
    month: String,
    reached: Vec<String>,
    keys: Vec<(&'static str, Vec<String>)>,
}

/// Everything that is counted.
pub async fn facts(superuser: &Client) -> Vec<Fact> {
    let referrals = superuser
        .query(
            "SELECT r.from_organisation_id, nullif(r.to_organisation_id, r.from_organisation_id), to_char(r.created_at AT TIME ZONE 'Africa/Nairobi', 'YYYY-MM'),
                 r.service_type, r.county_code, coalesce(c.populations, '{NOT_STATED}'), coalesce(c.age_band, 'NOT_STATED'), coalesce(s.under_18, '') = 'YES',
                 r.to_organisation_id = r.from_organisation_id, o.kind, p.status, p.status_at <= r.created_at + interval '720 hours', coalesce(p.decline_reason, 'NOT_STATED'),
                 (SELECT extract(epoch FROM min(e.at) - r.created_at)::float8 / 3600 FROM referral_event e WHERE e.referral_id = r.id AND e.by_organisation_id = r.to_organisation_id),
                 (SELECT array_agg(DISTINCT e.status::text) FROM referral_event e WHERE e.referral_id = r.id AND e.at <= r.created_at + interval '720 hours')
             FROM referral r JOIN referral_progress p ON p.referral_id = r.id JOIN referral_consent k ON k.referral_id = r.id
             LEFT JOIN referral_client c ON c.referral_id = r.id LEFT JOIN referral_shared s ON s.referral_id = r.id LEFT JOIN organisation o ON o.id = r.to_organisation_id
             WHERE k.counted AND p.status <> 'ENTERED_IN_ERROR'",
            &[],
        )
        .await
        .expect("referrals");
    let mut facts: Vec<Fact> = Vec::new();
    for row in referrals {
        let (service, county, populations): (String, String, Vec<String>) = (row.get(3), row.get(4), row.get(5));
        let accompanied = row.get::<_, Option<bool>>(8) == Some(true);
        let (status, in_time): (String, bool) = (row.get(10), row.get(11));
        let ended = |known: &str| status == known && in_time;
        let mut keys = vec![
            ("serviceType", vec![service.clone()]),
            ("serviceGroup", vec![group_of(&service).to_owned()]),
            ("county", vec![county]),
            ("ageBand", vec![row.get(6)]),
        ];
        if !row.get::<_, bool>(7) {
            keys.push(("population", populations));
        }
        let kind: Option<String> = row.get(9);
        keys.push((
            "receiverKind",
            vec![if accompanied { "OUTSIDE".to_owned() } else { kind.unwrap_or("NOT_TAKEN".to_owned()) }],
        ));
        if !accompanied {
            let band = match row.get::<_, Option<f64>>(13) {
                Some(hours) if hours <= 4.0 => "WITHIN_4_HOURS",
                Some(hours) if hours <= 24.0 => "WITHIN_24_HOURS",
                Some(hours) if hours <= 72.0 => "WITHIN_72_HOURS",
                Some(hours) if hours <= 168.0 => "WITHIN_7_DAYS",
                Some(hours) if hours <= 720.0 => "LATER",
                _ => "NEVER",
            };
            keys.push(("responseTime", vec![band.to_owned()]));
        }
        if ended("DECLINED") {
            keys.push(("declined", vec![row.get(12)]));
        }
        if ended("NOT_COMPLETED") {
            keys.push(("unserved", vec!["CLIENT_DID_NOT_ARRIVE".to_owned()]));
        }
        let events: Vec<String> = row.get(14);
        let any = |known: &[&str]| events.iter().any(|event| known.contains(&event.as_str()));
        let steps = [
            ("CREATED", true),
            ("ACCEPTED", any(&["ACCEPTED", "ARRIVED"])),
            ("ARRIVED", any(&["ARRIVED"])),
            ("COMPLETED", any(&["COMPLETED"])),
        ];
        facts.push(Fact {
            training: None,
            contributor: row.get(0),
            counterpart: row.get(1),
            units: 1,
            month: row.get(2),
            reached: steps.iter().filter(|(_, reached)| *reached).map(|(measure, _)| (*measure).to_owned()).collect(),
            keys,
        });
    }
    let trainings = "SELECT s.id, p.host_organisation_id, p.trainer_organisation_id, p.count::bigint, to_char(s.delivered_at AT TIME ZONE 'Africa/Nairobi', 'YYYY-MM'),
            s.topic, p.cadre, s.county_code FROM training_session s JOIN training_participants p ON p.session_id = s.id";
    for row in superuser.query(trainings, &[]).await.expect("trainings") {
        facts.push(Fact {
            training: row.get(0),
            contributor: row.get(1),
            counterpart: row.get(2),
            units: row.get(3),
            month: row.get(4),
            reached: vec!["PARTICIPANTS".to_owned()],
            keys: vec![("topic", vec![row.get(5)]), ("cadre", vec![row.get(6)]), ("county", vec![row.get(7)])],
        });
    }
    facts
}

/// The dimensions of a table.
fn dimensions(table: &str) -> &'static [&'static str] {
    match table {
        "REFERRALS_BY_SERVICE_TYPE" => &["serviceType"],
        "REFERRALS_BY_COUNTY" | "TRAINING_PARTICIPANTS_BY_COUNTY" => &["county"],
        "REFERRALS_BY_POPULATION" => &["population"],
        "REFERRALS_BY_AGE_BAND" => &["ageBand"],
        "REFERRALS_BY_POPULATION_AND_SERVICE_TYPE" => &["population", "serviceGroup"],
        "REFERRALS_BY_COUNTY_AND_SERVICE_TYPE" => &["county", "serviceGroup"],
        "REFERRALS_BY_RECEIVER_KIND" => &["receiverKind"],
        "REFERRALS_BY_RESPONSE_TIME" => &["responseTime"],
        "REFERRAL_DECLINES_BY_REASON" => &["declined"],
        "REFERRAL_NON_COMPLETIONS_BY_REASON" => &["unserved"],
        "TRAINING_PARTICIPANTS_BY_TOPIC" => &["topic"],
        "TRAINING_PARTICIPANTS_BY_CADRE" => &["cadre"],
        other => panic!("what does {other} count by?"),
    }
}

/// What is wrong with a published figure, if anything is. `months` are the months of its period.
pub fn wrong(facts: &[Fact], table: &str, measure: &str, months: &[String], keys: &[String], value: i64) -> Option<String> {
    let (dimensions, of_trainings) = (dimensions(table), table.starts_with("TRAINING"));
    let is_in = |fact: &&Fact| {
        let has = |(at, dimension): (usize, &&str)| {
            let of = fact.keys.iter().find(|(known, _)| known == dimension);
            of.is_some_and(|(_, of)| keys.get(at).is_none_or(|key| of.contains(key)))
        };
        fact.training.is_some() == of_trainings
            && months.contains(&fact.month)
            && fact.reached.iter().any(|known| known == measure)
            && dimensions.iter().enumerate().all(has)
    };
    let of: Vec<&Fact> = facts.iter().filter(is_in).collect();
    let units = |facts: &mut dyn Iterator<Item = &&Fact>| facts.map(|fact| fact.units).sum::<i64>();
    let all = units(&mut of.iter());
    let contributors: BTreeSet<Uuid> = of.iter().map(|fact| fact.contributor).collect();
    let receivers: BTreeSet<Uuid> = of.iter().filter_map(|fact| fact.counterpart).collect();
    let everybody: BTreeSet<Uuid> = contributors.union(&receivers).copied().collect();
    let sees = |fact: &&&Fact, one: &Uuid| fact.contributor == *one || fact.counterpart == Some(*one);
    let of_receivers = measure != "CREATED" && !of_trainings
        || !["serviceType", "county", "population", "ageBand", "topic", "cadre"].contains(&dimensions[0]);
    if (all - value).abs() > 5 {
        return Some(format!("{value} is shown of {all}"));
    }
    if all < 10 || contributors.len() < 3 || of_receivers && receivers.len() == 1 {
        return Some(format!("{all} of {} contributors and {} receivers", contributors.len(), receivers.len()));
    }
    if of_trainings && of.iter().filter_map(|fact| fact.training).collect::<BTreeSet<_>>().len() < 3 {
        return Some("fewer than three trainings".to_owned());
    }
    for one in &everybody {
        let left = all - units(&mut of.iter().filter(|fact| sees(fact, one)));
        if left != 0 && left < 10 {
            return Some(format!("{left} of {all} are left to one"));
        }
        for other in &everybody {
            let left = all - units(&mut of.iter().filter(|fact| sees(fact, one) || sees(fact, other)));
            if left != 0 && left < 3 {
                return Some(format!("{left} of {all} are left to two"));
            }
        }
    }
    None
}
