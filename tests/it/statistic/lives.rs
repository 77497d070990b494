//! Referrals of every kind with every fate, made through the API over more than a year.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_domain::day::start_of_day;
use pamoja_domain::month::Month;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{draft, with};

/// Which party acts on a referral, after how many hours, and how.
type Move = (Side, i64, &'static str, Option<(&'static str, &'static str)>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Sender,
    Receiver,
}
use Side::{Receiver, Sender};

const FATES: &[&[Move]] = &[
    &[],
    &[(Receiver, 2, "acceptReferral", None)],
    &[(Receiver, 20, "acceptReferral", None), (Receiver, 120, "checkInReferralWithoutSlip", None)],
    &[(Receiver, 50, "checkInReferralWithoutSlip", None), (Receiver, 140, "completeReferral", None)],
    &[(Receiver, 100, "declineReferral", Some(("DeclineReferralInput", "NO_CAPACITY")))],
    &[
        (Receiver, 240, "acceptReferral", None),
        (Receiver, 480, "checkInReferralWithoutSlip", None),
        (Receiver, 840, "completeReferral", None),
    ],
    &[
        (Receiver, 1, "acceptReferral", None),
        (Receiver, 72, "markReferralNotCompleted", Some(("NotCompletedInput", "CLIENT_DECLINED"))),
    ],
    &[
        (Receiver, 1, "acceptReferral", None),
        (Sender, 90, "markReferralNotCompleted", Some(("NotCompletedInput", "TURNED_AWAY_OR_MISTREATED"))),
    ],
    &[(Receiver, 3, "checkInReferralWithoutSlip", None), (Receiver, 30, "completeReferral", None)],
    &[(Sender, 5, "markReferralEnteredInError", None)],
    &[(Receiver, 840, "reopenReferral", None)],
    &[(Receiver, 10, "acceptReferral", None), (Sender, 200, "withdrawReferralConsent", None)],
    &[(Receiver, 60, "declineReferral", Some(("DeclineReferralInput", "OUT_OF_AREA"))), (Receiver, 150, "reopenReferral", None)],
    &[
        (Receiver, 6, "acceptReferral", None),
        (Receiver, 48, "checkInReferralWithoutSlip", None),
        (Receiver, 960, "markReferralNotCompleted", Some(("NotCompletedInput", "MOVED"))),
    ],
    &[(Sender, 30, "cancelReferral", Some(("CancelReferralInput", "NO_LONGER_NEEDED")))],
    &[
        (Receiver, 70, "declineReferral", Some(("DeclineReferralInput", "DUPLICATE"))),
        (Sender, 80, "withdrawReferralConsent", None),
    ],
];

/// The sender, the receiver in the end, and what is special about the referral.
fn kinds(vouched: &str) -> Vec<(Member, Member, Value)> {
    let ordinary = |from, to, fields| (from, to, fields);
    vec![
        ordinary(SENDER, RECEIVER, json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"] })),
        ordinary(
            SENDER,
            RECEIVER,
            json!({ "populations": ["MSM", "MALE_SEX_WORKER", "PERSON_WHO_USES_DRUGS"], "sharedWithReceiver": ["POPULATIONS"] }),
        ),
        ordinary(
            SENDER,
            RECEIVER,
            json!({ "under18": "YES", "ageBand": "FROM_15_TO_19", "serviceType": "PEP", "sharedWithReceiver": ["POPULATIONS"] }),
        ),
        ordinary(
            SENDER,
            OUTSIDER,
            json!({ "serviceType": "LEGAL_AID", "populations": ["TRANS_WOMAN"], "ageBand": "FROM_30", "countyCode": "001" }),
        ),
        ordinary(
            RECEIVER,
            SENDER,
            json!({ "serviceType": "PEER_EDUCATION", "populations": [], "sharedWithReceiver": ["AGE_BAND"] }),
        ),
        ordinary(SENDER, RECEIVER, json!({ "consentToBeCounted": false, "countyCode": "032" })),
        ordinary(
            SENDER,
            RECEIVER,
            json!({ "toOrganisationId": null, "populations": ["TRANS_MAN", "MSM"], "sharedWithReceiver": ["POPULATIONS"] }),
        ),
        ordinary(
            SENDER,
            SENDER,
            json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": vouched, "serviceType": "PEP" }),
        ),
        ordinary(
            SENDER,
            RECEIVER,
            json!({ "serviceType": "PREP", "ageBand": "FROM_25_TO_29", "countyCode": "032", "populations": ["NOT_STATED"] }),
        ),
    ]
}

fn is_open(fields: &Value) -> bool {
    fields.get("toOrganisationId").is_some_and(Value::is_null)
}

/// The member's caseworker, signed in at that moment.
async fn desk<'d>(world: &World, desks: &'d mut HashMap<&'static str, Client>, of: Member) -> &'d Client {
    if !desks.contains_key(of.slug) {
        desks.insert(of.slug, world.client(of, Role::Caseworker).await);
    }
    &desks[of.slug]
}

/// What to do at a moment.
enum Step {
    Create(usize),
    Move(usize, Move),
}

/// Runs all of them; returns the first month, and one in the future.
pub async fn live(world: &World) -> [String; 2] {
    let vouched = crate::referral_circumstance::vouched(world, "PEP").await;
    let kinds = kinds(&vouched);
    let begin = Utc::now();
    // Just before and after a month begins in Kenya, which is a few hours before it begins in Greenwich. Then throughout a year.
    let next_month = start_of_day(Month::at(begin).plus(1).first_day());
    let waves: Vec<DateTime<Utc>> = [next_month - TimeDelta::minutes(30), next_month + TimeDelta::minutes(30)]
        .into_iter()
        .chain([50, 95, 170, 260, 400].map(|days| begin + TimeDelta::days(days)))
        .collect();
    let mut steps: BTreeMap<DateTime<Utc>, Vec<Step>> = BTreeMap::new();
    // Each kind meets each fate: the two numbers have no common divisor, so their product covers all pairs.
    let count = FATES.len() * kinds.len();
    for number in 0..count {
        let at = waves[number % waves.len()];
        steps.entry(at).or_default().push(Step::Create(number));
        for made in FATES[number % FATES.len()] {
            steps.entry(at + TimeDelta::hours(made.1)).or_default().push(Step::Move(number, *made));
        }
    }
    let mut ids: Vec<String> = vec![String::new(); count];
    for (at, steps) in steps {
        world.travel(at - Utc::now()).await;
        let mut desks: HashMap<&str, Client> = HashMap::new();
        for step in steps {
            match step {
                Step::Create(number) => {
                    let (from, to, fields) = &kinds[number % kinds.len()];
                    let payload = desk(world, &mut desks, *from)
                        .await
                        .create_referral(with(draft(*to, ServiceType::HivTesting), fields.clone()))
                        .await;
                    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
                    ids[number] = payload["referral"]["id"].as_str().expect("an id").to_owned();
                }
                Step::Move(number, (side, _, operation, reason)) => {
                    let (from, to, fields) = &kinds[number % kinds.len()];
                    let who = desk(world, &mut desks, if side == Sender { *from } else { *to }).await;
                    let input = json!({ "referralId": ids[number] });
                    let payload = match reason {
                        None => who.move_referral(operation, &ids[number]).await,
                        Some((kind, reason)) => {
                            who.referral_mutation(operation, kind, with(input, json!({ "reason": reason }))).await
                        }
                    };
                    // A member that never had a referral that is open to all can neither decline nor reopen it.
                    let refused = payload["userErrors"] != json!([]);
                    assert!(
                        !refused || is_open(fields) && ["declineReferral", "reopenReferral"].contains(&operation),
                        "{operation}: {payload:#}"
                    );
                }
            }
        }
    }
    [Month::at(begin).to_string(), Month::at(begin + TimeDelta::days(520)).to_string()]
}
