//! The justice funnel: it equals a naive count over generated violations, and nobody else is told anything.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use pamoja_domain::county::CountyCode;
use pamoja_domain::organisation::Population;
use pamoja_domain::violation::{
    Perpetrator, PerpetratorGroup, ViolationGroup, ViolationOutcome, ViolationReason, ViolationStatus, ViolationStepKind,
    ViolationType,
};
use pamoja_domain::vocabulary::Vocabulary;

use super::*;

/// What the tests read of a funnel.
const FUNNEL: &str = "query ($from: Month!, $through: Month!, $filter: ViolationFunnelFilter) {
    violationFunnel(from: $from, through: $through, filter: $filter) {
        stages { stage count times { band count } }
        endings { lastStage outcome count reasons { reason count } }
        notReported { reason count }
    }
}";

#[derive(Clone, Debug)]
struct Case {
    types: Vec<ViolationType>,
    perpetrators: Vec<Perpetrator>,
    populations: Vec<Population>,
    county: CountyCode,
    /// Months after the first.
    documented: u32,
    status: ViolationStatus,
    outcome: Option<ViolationOutcome>,
    /// Months after the documentation.
    ended: u32,
    end_reasons: Vec<ViolationReason>,
    not_reported: Vec<ViolationReason>,
    /// Kinds, and months after the first month, some before the documentation.
    steps: Vec<(ViolationStepKind, u32)>,
}

fn first_month() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day")
}

fn month(number: u32) -> NaiveDate {
    first_month() + Months::new(number)
}

fn cases() -> impl Strategy<Value = Vec<Case>> {
    let some = |most| move |all: &'static [ViolationReason]| subsequence(all.to_vec(), 0..=most);
    let outcomes: Vec<ViolationOutcome> =
        ViolationOutcome::ALL.iter().copied().filter(|outcome| *outcome != ViolationOutcome::Ongoing).collect();
    let kinds: Vec<ViolationStepKind> =
        ViolationStepKind::ALL.iter().copied().filter(|kind| *kind != ViolationStepKind::Documented).collect();
    let what = (
        subsequence(ViolationType::ALL.to_vec(), 1..4),
        subsequence(Perpetrator::ALL.to_vec(), 1..3),
        subsequence(Population::ALL.to_vec(), 0..3),
        select(CountyCode::ALL.into_iter().take(3).collect::<Vec<_>>()),
        12..30_u32,
    );
    let end = (select(ViolationStatus::ALL), prop::option::of(select(outcomes)), 0..20_u32);
    let why = (some(3)(ViolationReason::ALL), some(2)(ViolationReason::ALL));
    let steps = prop::collection::btree_set((select(kinds), 8..60_u32), 0..5);
    let case = (what, end, why, steps).prop_map(|(what, (status, outcome, ended), (end_reasons, not_reported), steps)| {
        let (types, perpetrators, populations, county, documented) = what;
        let outcome = match status {
            ViolationStatus::Open => None,
            ViolationStatus::Ended => Some(outcome.unwrap_or(ViolationOutcome::Resolved)),
            _ => outcome,
        };
        let end_reasons = if status == ViolationStatus::Ended { end_reasons } else { Vec::new() };
        let steps = steps.into_iter().collect();
        Case { types, perpetrators, populations, county, documented, status, outcome, ended, end_reasons, not_reported, steps }
    });
    prop::collection::vec(case, 300)
}

/// A question: months from and through, and the filter.
type Asked = (u32, u32, Vec<ViolationGroup>, Vec<PerpetratorGroup>, Vec<CountyCode>, Vec<Population>);

fn questions() -> impl Strategy<Value = Asked> {
    let counties: Vec<CountyCode> = CountyCode::ALL.into_iter().take(4).collect();
    (
        10..32_u32,
        0..24_u32,
        prop_oneof![Just(Vec::new()), subsequence(ViolationGroup::ALL.to_vec(), 0..3)],
        prop_oneof![Just(Vec::new()), subsequence(PerpetratorGroup::ALL.to_vec(), 0..3)],
        prop_oneof![Just(Vec::new()), subsequence(counties, 0..3)],
        prop_oneof![Just(Vec::new()), subsequence(Population::ALL.to_vec(), 0..3)],
    )
        .prop_map(|(from, more, groups, by, counties, populations)| (from, from + more, groups, by, counties, populations))
}

/// Whether a list that is no condition when it is empty has anything in common with the other.
fn meets<T: PartialEq>(condition: &[T], of: impl Iterator<Item = T>) -> bool {
    condition.is_empty() || of.into_iter().any(|one| condition.contains(&one))
}

fn count_reasons<'a>(of: impl Iterator<Item = &'a Vec<ViolationReason>>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for reason in of.flatten() {
        *counts.entry(reason.code()).or_default() += 1;
    }
    counts.into_iter().map(|(code, count)| (code.to_owned(), count)).collect()
}

/// How far a violation came, and in which month it reached a stage, told plainly: case by case.
fn reached(case: &Case, stage: &str) -> Option<u32> {
    let first_of =
        |kinds: &[&str]| case.steps.iter().filter(|(kind, _)| kinds.contains(&kind.code())).map(|(_, month)| *month).min();
    match stage {
        "DOCUMENTED" => Some(case.documented),
        "REPORTED" => first_of(&["REPORTED_TO_POLICE", "REPORTED_TO_OVERSIGHT", "LEGAL_FOLLOW_UP", "INVESTIGATION", "IN_COURT"]),
        "FOLLOWED_UP" => first_of(&["LEGAL_FOLLOW_UP", "INVESTIGATION", "IN_COURT"]),
        "IN_COURT" => first_of(&["IN_COURT"]),
        "MEDIATION" => first_of(&["MEDIATION"]),
        "ENDED" => case.outcome.map(|_| case.documented + case.ended),
        _ => None,
    }
}

/// The whole funnel in the order-free form that the answer is brought into as well.
fn naive(cases: &[Case], (from, through, groups, by, counties, populations): &Asked) -> BTreeMap<String, u64> {
    let selected: Vec<&Case> = cases
        .iter()
        .filter(|case| case.status != ViolationStatus::EnteredInError && (*from..=*through).contains(&case.documented))
        .filter(|case| meets(groups, case.types.iter().map(|of| of.group())))
        .filter(|case| meets(by, case.perpetrators.iter().map(|of| of.group())))
        .filter(|case| meets(counties, std::iter::once(case.county)))
        .filter(|case| meets(populations, case.populations.iter().copied()))
        .collect();
    let mut told = BTreeMap::new();
    for stage in ["DOCUMENTED", "REPORTED", "FOLLOWED_UP", "IN_COURT", "MEDIATION", "ENDED"] {
        for case in &selected {
            let Some(month) = reached(case, stage) else { continue };
            let band = match i64::from(month) - i64::from(case.documented) {
                ..=0 => "SAME_MONTH",
                1..=3 => "WITHIN_3_MONTHS",
                4..=6 => "WITHIN_6_MONTHS",
                7..=12 => "WITHIN_12_MONTHS",
                _ => "LATER",
            };
            *told.entry(stage.to_owned()).or_default() += 1;
            *told.entry(format!("{stage} {band}")).or_default() += 1;
        }
    }
    for case in &selected {
        let Some(outcome) = case.outcome else { continue };
        let furthest = ["IN_COURT", "FOLLOWED_UP", "REPORTED", "MEDIATION", "DOCUMENTED"];
        let last = furthest.into_iter().find(|stage| reached(case, stage).is_some()).expect("it was documented");
        *told.entry(format!("{last} {}", outcome.code())).or_default() += 1;
        for (reason, _) in count_reasons(std::iter::once(&case.end_reasons)) {
            *told.entry(format!("{last} {} {reason}", outcome.code())).or_default() += 1;
        }
    }
    for (reason, count) in count_reasons(selected.iter().map(|case| &case.not_reported)) {
        told.insert(format!("not reported {reason}"), count);
    }
    told
}

/// The answer in the same form; what is zero is left out. Its shape is the same whatever there is.
fn told(funnel: &Value) -> BTreeMap<String, u64> {
    let mut told = BTreeMap::new();
    let text = |value: &Value| value.as_str().expect("a code").to_owned();
    let list = |value: &Value| value.as_array().unwrap_or_else(|| panic!("{funnel:#}")).clone();
    let number = |value: &Value| value["count"].as_u64().expect("a count");
    assert_eq!(
        (list(&funnel["stages"]).len(), funnel["stages"][0]["times"].as_array().map(Vec::len)),
        (6, Some(5)),
        "{funnel:#}"
    );
    for stage in list(&funnel["stages"]) {
        told.insert(text(&stage["stage"]), number(&stage));
        for time in list(&stage["times"]) {
            told.insert(format!("{} {}", text(&stage["stage"]), text(&time["band"])), number(&time));
        }
    }
    for ending in list(&funnel["endings"]) {
        let name = format!("{} {}", text(&ending["lastStage"]), text(&ending["outcome"]));
        for reason in list(&ending["reasons"]) {
            told.insert(format!("{name} {}", text(&reason["reason"])), number(&reason));
        }
        told.insert(name, number(&ending));
    }
    let reasons = list(&funnel["notReported"]);
    assert!(reasons.windows(2).all(|pair| number(&pair[0]) >= number(&pair[1])), "the most frequent comes first: {reasons:?}");
    for reason in reasons {
        told.insert(format!("not reported {}", text(&reason["reason"])), number(&reason));
    }
    told.retain(|_, count| *count > 0);
    told
}

/// Writes the cases as violations of that organisation.
async fn write(world: &World, organisation: Uuid, cases: &[Case]) {
    fn codes<T: Vocabulary>(of: &[T]) -> Vec<&'static str> {
        of.iter().map(|one| one.code()).collect()
    }
    let rows: Vec<Value> = cases
        .iter()
        .map(|case| {
            let steps: Vec<Value> =
                case.steps.iter().map(|(kind, at)| json!({ "kind": kind.code(), "month": month(*at) })).collect();
            let open = case.status == ViolationStatus::Open;
            json!({
                "id": Uuid::new_v4(), "types": codes(&case.types), "perpetrators": codes(&case.perpetrators),
                "populations": codes(&case.populations), "county": case.county.as_str(), "documented_in": month(case.documented),
                "status": case.status.code(), "outcome": case.outcome.map(|outcome| outcome.code()),
                "ended_in": (!open).then(|| month(case.documented + case.ended)), "end_reasons": codes(&case.end_reasons),
                "not_reported": codes(&case.not_reported), "steps": steps,
            })
        })
        .collect();
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let insert = "WITH given AS (
            SELECT * FROM json_to_recordset($1::text::json) AS given (id uuid, types text[], perpetrators text[], populations text[], county text,
                documented_in date, status text, outcome text, ended_in date, end_reasons text[], not_reported text[], steps json)
        ), written AS (
            INSERT INTO violation (organisation_id, id, types, perpetrators, causes, populations, under_18, county_code, people_affected,
                occurred_in, documented_in, consent_given_by, counted, not_reported_reasons, status, outcome, ended_in, end_reasons)
            SELECT $2, id, types, perpetrators, '{}', populations, 'NO', county, 1, documented_in, documented_in, 'SURVIVOR', false,
                not_reported, status, outcome, ended_in, end_reasons FROM given
        )
        INSERT INTO violation_step (organisation_id, violation_id, month, kind)
        SELECT $2, given.id, step.month, step.kind FROM given, json_to_recordset(given.steps) AS step (kind text, month date)";
    superuser.execute(insert, &[&Value::Array(rows).to_string(), &organisation]).await.expect("cases");
}

fn variables((from, through, groups, by, counties, populations): &Asked) -> Value {
    let text = |number: u32| Month::of(month(number)).to_string();
    json!({ "from": text(*from), "through": text(*through), "filter": {
        "groups": groups.iter().map(|one| one.code()).collect::<Vec<_>>(),
        "perpetratorGroups": by.iter().map(|one| one.code()).collect::<Vec<_>>(),
        "countyCodes": counties.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
        "populations": populations.iter().map(|one| one.code()).collect::<Vec<_>>(),
    } })
}

#[tokio::test]
async fn the_funnel_equals_a_naive_count() {
    let world = World::new().await;
    let mut runner = TestRunner::default();
    let mut generated = || cases().new_tree(&mut runner).expect("cases").current();
    let (own, of_others) = (generated(), generated());
    write(&world, SENDER.id().0, &own).await;
    write(&world, RECEIVER.id().0, &of_others).await;
    let questions = prop::collection::vec(questions(), 30).new_tree(&mut runner).expect("questions").current();
    let clients = [world.client(SENDER, Role::Analyst).await, world.client(SENDER, Role::Paralegal).await];
    let mut counted = 0;
    for (number, question) in questions.iter().enumerate() {
        let answer = clients[number % 2].data(FUNNEL, variables(question)).await;
        let expected = naive(&own, question);
        counted += expected.get("DOCUMENTED").copied().unwrap_or_default();
        assert_eq!(told(&answer["violationFunnel"]), expected, "{question:?}");
    }
    assert!(counted > 0, "no question is about anything");
}

#[tokio::test]
async fn what_is_documented_moved_on_and_withdrawn_shows_in_the_funnel_at_once() {
    let world = World::new().await;
    let (paralegal, analyst) = (world.client(SENDER, Role::Paralegal).await, world.client(SENDER, Role::Analyst).await);
    let asked = json!({ "from": this_month(), "through": this_month() });
    let funnel = async || told(&analyst.data(FUNNEL, asked.clone()).await["violationFunnel"]);
    assert_eq!(funnel().await, BTreeMap::new());
    let id = documented(&paralegal, json!({ "notReportedReasons": ["FEAR_OF_EXPOSURE"], "consentToBeCounted": false })).await;
    let step = json!({ "violationId": id, "kind": "IN_COURT", "month": this_month() });
    change(&paralegal, "recordViolationStep", "RecordViolationStepInput", step).await;
    let before_court = |rest: &[(&str, u64)]| {
        let stages = ["DOCUMENTED", "REPORTED", "FOLLOWED_UP", "IN_COURT"];
        let each = stages.iter().flat_map(|stage| [(stage.to_string(), 1), (format!("{stage} SAME_MONTH"), 1)]);
        each.chain(rest.iter().map(|(name, count)| ((*name).to_owned(), *count))).collect::<BTreeMap<String, u64>>()
    };
    assert_eq!(funnel().await, before_court(&[("not reported FEAR_OF_EXPOSURE", 1)]));
    let end = json!({ "violationId": id, "outcome": "SURVIVOR_CHOICE", "month": this_month(), "reasons": ["TOO_LONG"] });
    change(&paralegal, "endViolation", "EndViolationInput", end).await;
    let ended = [("ENDED", 1), ("ENDED SAME_MONTH", 1), ("IN_COURT SURVIVOR_CHOICE", 1)];
    let told_why = [("not reported FEAR_OF_EXPOSURE", 1), ("IN_COURT SURVIVOR_CHOICE TOO_LONG", 1)];
    assert_eq!(funnel().await, before_court(&[&ended[..], &told_why[..]].concat()));
    // It counts as far as it came, and why is erased.
    change(&paralegal, "withdrawViolationConsent", "ViolationInput", json!({ "violationId": id })).await;
    assert_eq!(funnel().await, before_court(&ended));
    let mistaken = documented(&paralegal, json!({})).await;
    change(&paralegal, "markViolationEnteredInError", "ViolationInput", json!({ "violationId": mistaken })).await;
    assert_eq!(funnel().await, before_court(&ended), "what was entered in error doesn't count");
}

#[tokio::test]
async fn all_others_are_refused_whether_there_is_anything_or_not() {
    let world = World::new().await;
    let mut answers = BTreeSet::new();
    let asked = json!({ "from": this_month(), "through": this_month() });
    for there_is_something in [false, true] {
        if there_is_something {
            documented(&world.client(SENDER, Role::Paralegal).await, json!({})).await;
        }
        let mut refused = Vec::new();
        for role in Role::ALL.iter().filter(|role| !matches!(role, Role::Analyst | Role::Paralegal | Role::CoalitionAdmin)) {
            refused.push(world.client(SENDER, *role).await);
        }
        for handle in ["analyst", "paralegal"] {
            refused.push(on_shared_device(&world, &format!("{handle}@{}", SENDER.slug)).await);
        }
        for client in refused {
            let answer = client.run(FUNNEL, asked.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
            answers.insert(answer["data"].to_string());
            let permissions = client.data("{ viewer { permissions } }", json!({})).await.to_string();
            assert!(!permissions.contains("READ_VIOLATION_FIGURES"), "{permissions}");
        }
    }
    assert_eq!(answers, BTreeSet::from([r#"{"violationFunnel":null}"#.to_owned()]));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_who_asks_stands_in_the_audit() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let entries = async || -> Vec<Option<Uuid>> {
        let query = "SELECT node_id FROM audit_entry WHERE action = 'violationFunnel'";
        superuser.query(query, &[]).await.expect("entries").iter().map(|row| row.get(0)).collect()
    };
    for (from, through, filter) in [
        ("2026-13", "2026-12", json!({})),
        ("2026-05", "2026-04", json!({})),
        ("2020-01", "2025-01", json!({})),
        ("2026-04", "2026-05", json!({ "countyCodes": ["048"] })),
    ] {
        let answer = analyst.run(FUNNEL, json!({ "from": from, "through": through, "filter": filter })).await;
        assert!(answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST", "{from} {through} {filter}: {answer:#}");
        assert_eq!(answer["data"]["violationFunnel"], Value::Null);
    }
    assert_eq!(entries().await, [], "nothing was shown");
    analyst.data(FUNNEL, json!({ "from": "2020-02", "through": "2025-01" })).await;
    assert_eq!(entries().await, [None]);
}

#[tokio::test]
async fn with_sql_the_function_asks_for_role_and_device() {
    let world = World::new().await;
    documented(&world.client(SENDER, Role::Paralegal).await, json!({})).await;
    let app = world.connect(DatabaseRole::App).await;
    let call = "SELECT coalesce(sum(cases), 0)::bigint FROM violation_funnel('2000-01-01', '2100-01-01', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{1}')";
    for (of, roles, device, counted) in [
        (SENDER, "ANALYST", "own", Some(1)),
        (SENDER, "PARALEGAL", "own", Some(1)),
        (RECEIVER, "ANALYST", "own", Some(0)),
        (SENDER, "ANALYST", "shared", None),
        (SENDER, "PARALEGAL", "shared", None),
        (SENDER, "PEER_EDUCATOR CASEWORKER TRAINER ORGANISATION_ADMIN", "own", None),
        (SENDER, "COALITION_ADMIN", "own", None),
    ] {
        let enter = format!("SELECT test_gate.enter('{}', 'member', '{}', '{roles}', '{device}')", of.id(), of.user("analyst"));
        app.batch_execute(&enter).await.expect("a tenant");
        let answer = match app.query_one(call, &[]).await {
            Ok(row) => Some(row.get::<_, i64>(0)),
            Err(refused) => {
                let message = refused.as_db_error().expect("by PostgreSQL").message();
                assert!(message.starts_with("the funnel is read by paralegals and analysts"), "{message}");
                None
            }
        };
        assert_eq!(answer, counted, "{roles} of {} on a device that is {device}", of.slug);
    }
}
