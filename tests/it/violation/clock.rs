//! By when something must happen, as violations, their tasks and their corrections tell it.

use super::*;

const ARREST: &str = "ARBITRARY_ARREST";
const ASSAULT: &str = "SEXUAL_VIOLENCE";

/// What was documented, and around when.
struct Documented {
    id: String,
    hours_ago: i64,
    steps: Vec<&'static str>,
    between: [DateTime<Utc>; 2],
}

impl Documented {
    /// By when somebody has to act if it was of these types: what the law and medicine say, one limit by another.
    fn due(&self, types: &[&str], at: DateTime<Utc>) -> [Option<DateTime<Utc>>; 2] {
        self.between.map(|documented| {
            let limit = |kind, met_by, hours: i64| {
                let unmet = types.contains(&kind) && !self.steps.contains(&met_by);
                let limit = documented + TimeDelta::hours(hours - self.hours_ago);
                unmet.then(|| limit.duration_trunc(TimeDelta::hours(1)).expect("an hour"))
            };
            let limits = [limit(ARREST, "IN_COURT", 24), limit(ASSAULT, "MEDICAL_CARE", 72)];
            let limits = || limits.iter().flatten().copied();
            limits().filter(|limit| *limit > at).min().or_else(|| limits().max())
        })
    }

    /// Whether what the viewer reads, and the tasks that wait, say the same.
    async fn check(&self, client: &Client, types: &[&str]) {
        let violation = read(client, &self.id).await;
        let told = violation["actBefore"].as_str().map(|text| text.parse::<DateTime<Utc>>().expect("a moment"));
        let due = self.due(types, Utc::now());
        assert!(due.contains(&told), "{types:?} {} hours ago, {:?}: {told:?}, and not {due:?}", self.hours_ago, self.steps);
        assert_eq!(violation["overdue"], told.is_some_and(|told| told < Utc::now()), "{violation:#}");
        let query = "{ viewer { tasks(kinds: [ACT_ON_VIOLATION], first: 100) { nodes { hoursLeft overdue subject { id } } } } }";
        let data = client.data(query, json!({})).await;
        let tasks = data["viewer"]["tasks"]["nodes"].as_array().expect("tasks");
        let task = tasks.iter().find(|task| task["subject"]["id"] == json!(self.id));
        assert_eq!(task.is_some(), told.is_some(), "{types:?} {:?}", self.steps);
        if let Some((task, told)) = task.zip(told) {
            assert_eq!(task["overdue"], violation["overdue"], "{task:#}");
            let left = task["hoursLeft"].as_i64().expect("hours");
            let expected = (told - Utc::now()).num_minutes().div_euclid(60);
            assert!((expected..=expected + 1).contains(&left), "{left} hours left until {told}");
        }
    }
}

/// Of what has two limits both are told, one after the other, whatever was done about it, and after any correction.
#[tokio::test]
async fn each_limit_is_told_until_it_is_met_and_follows_what_is_put_right() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let kinds = [vec![ARREST], vec![ASSAULT], vec![ARREST, ASSAULT]];
    for types in &kinds {
        for hours_ago in [2, 30, 72] {
            for steps in [vec![], vec!["IN_COURT"], vec!["MEDICAL_CARE"]] {
                let taken: Vec<Value> = steps.iter().map(|kind| json!({ "kind": kind, "month": this_month() })).collect();
                let fields = json!({ "types": types, "hoursAgo": hours_ago, "occurredIn": null, "steps": taken });
                let before = Utc::now();
                let id = documented(&author, fields).await;
                let mut documented = Documented { id, hours_ago, steps, between: [before, Utc::now()] };
                documented.check(&author, types).await;
                for corrected in &kinds {
                    let input = json!({ "violationId": documented.id, "types": corrected });
                    let done = change(&author, "correctViolation", "CorrectViolationInput", input).await;
                    assert_eq!(done["userErrors"], json!([]), "{done:#}");
                    documented.check(&author, corrected).await;
                }
                // The hours themselves can be put right.
                documented.between[0] = Utc::now();
                let input = json!({ "violationId": documented.id, "hoursAgo": 5 });
                let done = change(&author, "correctViolation", "CorrectViolationInput", input).await;
                assert_eq!(done["userErrors"], json!([]), "{done:#}");
                documented.between[1] = Utc::now();
                documented.hours_ago = 5;
                documented.check(&author, &kinds[2]).await;
                // Nothing runs after what has no limit, and after an ending.
                let input = json!({ "violationId": documented.id, "types": ["EVICTION"] });
                let done = change(&author, "correctViolation", "CorrectViolationInput", input).await;
                assert_eq!(done["violation"]["actBefore"], Value::Null, "{done:#}");
            }
        }
    }
    let id = documented(&author, json!({ "types": [ARREST], "hoursAgo": 2, "occurredIn": null })).await;
    let end = json!({ "violationId": id, "outcome": "RESOLVED", "month": this_month() });
    let ended = change(&author, "endViolation", "EndViolationInput", end).await;
    assert_eq!((&ended["violation"]["status"], &ended["violation"]["actBefore"]), (&json!("ENDED"), &Value::Null), "{ended:#}");
}

#[tokio::test]
async fn a_step_that_was_recorded_by_mistake_is_taken_out_and_what_it_met_waits_again() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let id = documented(&author, json!({ "types": [ASSAULT], "hoursAgo": 2, "occurredIn": null })).await;
    let before = read(&author, &id).await;
    let step = json!({ "kind": "MEDICAL_CARE", "month": this_month() });
    let taken = with(json!({ "violationId": id }), step.clone());
    let met = change(&author, "recordViolationStep", "RecordViolationStepInput", taken).await;
    assert_eq!((&met["violation"]["actBefore"], &met["userErrors"]), (&Value::Null, &json!([])), "{met:#}");
    for unknown in [json!({ "kind": "IN_COURT", "month": this_month() }), json!({ "kind": "DOCUMENTED", "month": this_month() })]
    {
        let input = json!({ "violationId": id, "withoutSteps": [step, unknown] });
        let refused = change(&author, "correctViolation", "CorrectViolationInput", input).await;
        assert_eq!(refusal(&refused), "INVALID withoutSteps.1", "{refused:#}");
    }
    let input = json!({ "violationId": id, "withoutSteps": [step, step] });
    let corrected = change(&author, "correctViolation", "CorrectViolationInput", input).await;
    assert_eq!((&corrected["userErrors"], &corrected["violation"]["steps"]), (&json!([]), &before["steps"]), "{corrected:#}");
    assert_eq!(corrected["violation"]["actBefore"], before["actBefore"]);
    assert_eq!(pairs(&corrected["advice"])[0], "PEP_WITHIN_72_HOURS");
}

#[tokio::test]
async fn hours_and_month_say_the_same() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let earlier = Month::at(Utc::now() - TimeDelta::days(40)).to_string();
    let refused = document(&author, json!({ "types": [ASSAULT], "hoursAgo": 60, "occurredIn": earlier })).await;
    assert_eq!(refusal(&refused), "INVALID occurredIn", "{refused:#}");
    let id = documented(&author, json!({ "types": [ASSAULT], "occurredIn": earlier })).await;
    let input = json!({ "violationId": id, "hoursAgo": 3 });
    let refused = change(&author, "correctViolation", "CorrectViolationInput", input).await;
    assert_eq!(refusal(&refused), "INVALID hoursAgo", "{refused:#}");
    let before = Month::at(Utc::now() - TimeDelta::hours(60)).to_string();
    let payload = document(&author, json!({ "types": [ASSAULT], "hoursAgo": 60, "occurredIn": null })).await;
    assert_eq!(payload["violation"]["occurredIn"], json!(before), "{payload:#}");
}

#[tokio::test]
async fn a_step_that_is_recorded_already_changes_nothing() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let id = documented(&author, json!({})).await;
    let step = json!({ "violationId": id, "kind": "COUNSELLING", "month": this_month() });
    let first = change(&author, "recordViolationStep", "RecordViolationStepInput", step.clone()).await;
    let again = change(&author, "recordViolationStep", "RecordViolationStepInput", step).await;
    assert_eq!((&again["violation"], &again["userErrors"]), (&first["violation"], &json!([])));
}
