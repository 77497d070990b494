//! What one side of a referral does and the other may not know of locks nothing for which the other waits: how long its own moves
//! take would tell.
//!
//! Nothing here is timed. A change is held just before its end, and PostgreSQL says whether anybody waits for it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{Days, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use uuid::Uuid;

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, Ways, World, until};
use crate::referral::{draft, with};
use crate::referral_slip::{blanks, check_in};

/// Holds every change that the colleagues of either side make just after its audit entry, while the key is taken.
const HOLD: &str =
    "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM pg_advisory_xact_lock(20777); RETURN NULL; END';
    GRANT EXECUTE ON FUNCTION hold() TO PUBLIC;
    CREATE TRIGGER hold AFTER INSERT ON audit_entry FOR EACH ROW WHEN (NEW.user_id IN (COLLEAGUES)) EXECUTE FUNCTION hold();
    SELECT pg_advisory_lock(20777)";
const HELD: &str = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 20777 AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
/// Who waits for the held change, or for somebody who does.
const WAITING: &str = "WITH RECURSIVE waiting AS (
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY (pg_blocking_pids(pid))
        UNION SELECT activity.pid FROM pg_stat_activity AS activity JOIN waiting ON waiting.pid = ANY (pg_blocking_pids(activity.pid))
        WHERE activity.datname = current_database()
    ) SELECT count(*) FROM waiting";

/// What the sender does that the receiver must not notice.
const OF_THE_SENDER: [&str; 7] = [
    "recordClientReport",
    "dismissTask",
    "referInstead",
    "assignReferral",
    "rotateClientPseudonyms",
    "createReferral",
    "answerCheckIn",
];
/// What the receiver does that the sender must not notice.
const OF_THE_RECEIVER: [&str; 2] = ["assignReferral", "referralBySlip"];
/// The receiver's operations, in an order in which most of them can be made from the first state on.
const BY_THE_RECEIVER: &[&str] = &[
    "referralBySlip",
    "acceptReferral",
    "undoReferralMove",
    "declineReferral",
    "undoReferralMove",
    "waitlistReferral",
    "acceptReferral",
    "scheduleReferral",
    "markReferralNoShow",
    "checkInReferral",
    "undoReferralMove",
    "checkInReferralWithoutSlip",
    "completeReferral",
    "undoReferralMove",
    "markReferralNotCompleted",
    "reopenReferral",
    "moveReferral",
    "assignReferral",
];
/// The sender's.
const BY_THE_SENDER: &[&str] = &[
    "answerCheckIn",
    "dismissTask",
    "referInstead",
    "recordClientReport",
    "assignReferral",
    "amendReferral",
    "reissueReferralSlip",
    "markReferralNotCompleted",
    "undoReferralMove",
    "cancelReferral",
    "undoReferralMove",
    "rotateClientPseudonyms",
    "createReferral",
    "markReferralEnteredInError",
    "withdrawReferralConsent",
    "eraseClient",
];

/// How a referral stands before the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Requested,
    Accepted,
    Declined,
    /// Somebody was checked in elsewhere with its slip, before it was sent.
    Asked,
}

/// A referral of a new client.
struct Case {
    id: Value,
    slip: Value,
    client: String,
}

struct Scene {
    world: World,
    sender: Client,
    sender_colleague: Client,
    receiver: Client,
    receiver_colleague: Client,
    outsider: Client,
    observer: tokio_postgres::Client,
    holder: tokio_postgres::Client,
}

fn pseudonym() -> String {
    Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str().to_owned()
}

/// The input of that operation by that side.
fn input_of(operation: &str, case: &Case, side: Member) -> (&'static str, Value) {
    let id = &case.id;
    match operation {
        "declineReferral" => {
            let instead = global_id::encode(OUTSIDER.service(ServiceType::HivTesting));
            ("DeclineReferralInput", json!({ "referralId": id, "reason": "BETTER_PLACED_PARTNER", "insteadServiceId": instead }))
        }
        "scheduleReferral" => {
            let on = (Utc::now() + Days::new(2)).format("%Y-%m-%d").to_string();
            ("ScheduleReferralInput", json!({ "referralId": id, "on": on }))
        }
        "checkInReferral" | "referralBySlip" => ("CheckInReferralInput", json!({ "slipCode": case.slip })),
        "moveReferral" => {
            let service = global_id::encode(RECEIVER.service(ServiceType::HivTesting));
            ("MoveReferralInput", json!({ "referralId": id, "serviceId": service }))
        }
        "markReferralNotCompleted" => ("NotCompletedInput", json!({ "referralId": id, "reason": "COULD_NOT_BE_REACHED" })),
        "cancelReferral" => ("CancelReferralInput", json!({ "referralId": id, "reason": "NO_LONGER_NEEDED" })),
        "amendReferral" => ("AmendReferralInput", json!({ "referralId": id, "urgency": "URGENT" })),
        "recordClientReport" => ("RecordClientReportInput", json!({ "referralId": id, "outcome": "TURNED_AWAY" })),
        "dismissTask" => ("DismissTaskInput", json!({ "kind": "FOLLOW_UP_REFERRAL", "nodeId": id })),
        "referInstead" => ("ReferInsteadInput", json!({ "referralId": id, "consentGiven": true })),
        "assignReferral" => {
            let user = global_id::encode(side.user("second-caseworker"));
            ("AssignReferralInput", json!({ "referralIds": [id], "userId": user }))
        }
        "rotateClientPseudonyms" => {
            ("RotateClientPseudonymsInput", json!({ "rotations": [{ "from": case.client, "to": pseudonym() }] }))
        }
        "createReferral" => {
            let input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": case.client }));
            ("CreateReferralInput", input)
        }
        "answerCheckIn" => {
            let place = global_id::encode(OUTSIDER.id());
            ("AnswerCheckInInput", json!({ "referralId": id, "checkedInById": place, "clientIsThere": false }))
        }
        "eraseClient" => ("EraseClientInput", json!({ "client": case.client })),
        _ => ("ReferralInput", json!({ "referralId": id })),
    }
}

/// Makes the operation; returns whether it was more than a refusal.
async fn run(client: Client, operation: &'static str, input_type: &'static str, input: Value) -> bool {
    if operation == "referralBySlip" {
        let query = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id } }";
        return client.data(query, json!({ "slip": input["slipCode"] })).await["referralBySlip"].is_object();
    }
    let query = format!("mutation ($input: {input_type}!) {{ {operation}(input: $input) {{ userErrors {{ code message }} }} }}");
    let payload = client.data(&query, json!({ "input": input })).await[operation].take();
    payload["userErrors"] == json!([])
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let holder = world.connect(DatabaseRole::Superuser).await;
        let colleagues = [SENDER, RECEIVER].map(|member| format!("'{}'", member.user("second-caseworker").0)).join(", ");
        holder.batch_execute(&HOLD.replace("COLLEAGUES", &colleagues)).await.expect("changes can be held");
        Self {
            sender: world.client(SENDER, Role::Caseworker).await,
            sender_colleague: world.client_of(SENDER, "second-caseworker").await,
            receiver: world.client(RECEIVER, Role::Caseworker).await,
            receiver_colleague: world.client_of(RECEIVER, "second-caseworker").await,
            outsider: world.client(OUTSIDER, Role::Caseworker).await,
            observer: world.connect(DatabaseRole::Superuser).await,
            holder,
            world,
        }
    }

    fn desk(&self, side: Member) -> &Client {
        if side.slug == SENDER.slug { &self.sender } else { &self.receiver }
    }

    async fn case(&self, state: State) -> Case {
        let client = pseudonym();
        let mut input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }));
        match state {
            State::Open => input["toOrganisationId"] = Value::Null,
            State::Asked => {
                let slip = blanks(&self.sender, 1).await.remove(0);
                check_in(&self.outsider, &slip, None).await;
                input["preissuedSlipCode"] = json!(slip);
            }
            _ => input["serviceId"] = json!(global_id::encode(RECEIVER.service(ServiceType::HivTesting))),
        }
        let sent = self.sender.create_referral(input).await;
        let case = Case { id: sent["referral"]["id"].clone(), slip: sent["slipCode"].clone(), client };
        let prelude = match state {
            State::Open | State::Requested | State::Asked => return case,
            State::Accepted => "acceptReferral",
            State::Declined => "declineReferral",
        };
        assert!(self.make(RECEIVER, prelude, &case).await, "{state:?}");
        case
    }

    async fn make(&self, side: Member, operation: &'static str, case: &Case) -> bool {
        let (input_type, input) = input_of(operation, case, side);
        run(self.desk(side).clone(), operation, input_type, input).await
    }

    /// Has a colleague of that side begin the operation, and holds it just before its end. Returns the session that it runs in.
    async fn hold(&self, side: Member, operation: &'static str, case: &Case) -> (i32, JoinHandle<bool>) {
        let (input_type, input) = input_of(operation, case, side);
        let colleague = if side.slug == SENDER.slug { &self.sender_colleague } else { &self.receiver_colleague };
        let running = tokio::spawn(run(colleague.clone(), operation, input_type, input));
        let held = until(operation, async || {
            self.observer.query_opt(HELD, &[]).await.expect("the locks").map(|row| row.get::<_, i32>(0))
        })
        .await;
        (held, running)
    }

    /// Lets the held change end.
    async fn release(&self, running: JoinHandle<bool>) -> bool {
        self.holder.batch_execute("SELECT pg_advisory_unlock(20777)").await.expect("it goes on");
        let done = running.await.expect("it ends");
        self.holder.batch_execute("SELECT pg_advisory_lock(20777)").await.expect("the next is held");
        done
    }

    /// Makes the operation beside the held one. None when it has to wait for that one. So many others wait already.
    async fn beside(&self, held: i32, others: i64, side: Member, operation: &'static str, case: &Case) -> Option<bool> {
        let waits = async {
            loop {
                let waiting: i64 = self.observer.query_one(WAITING, &[&held]).await.expect("who waits").get(0);
                if waiting > others {
                    return;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            done = self.make(side, operation, case) => Some(done),
            () = waits => None,
        }
    }

    /// Holds each operation of the one side in each state in which it can be made, and makes those of the other beside it. Returns
    /// what of both was more than a refusal.
    async fn measure(
        &self,
        one: Member,
        unnoticed: &[&'static str],
        other: Member,
        all: &[&'static str],
    ) -> BTreeSet<&'static str> {
        let mut made = BTreeSet::new();
        for state in [State::Open, State::Requested, State::Accepted, State::Declined, State::Asked] {
            for operation in unnoticed {
                let ends = matches!(*operation, "dismissTask" | "referInstead");
                let asked = *operation == "answerCheckIn";
                let with_slip = *operation == "referralBySlip";
                if ends && state != State::Declined || asked && state != State::Asked || with_slip && state == State::Declined {
                    continue;
                }
                if one.slug == RECEIVER.slug && *operation == "assignReferral" && state == State::Open {
                    continue;
                }
                let case = self.case(state).await;
                let (held, running) = self.hold(one, operation, &case).await;
                for beside in all {
                    let went = self.beside(held, 0, other, beside, &case).await;
                    let went = went.unwrap_or_else(|| panic!("{state:?}: {beside} by {} waits for {operation}", other.slug));
                    if went {
                        made.insert(*beside);
                    }
                }
                assert!(self.release(running).await, "{state:?}: {operation} was refused: this proves nothing");
                made.insert(*operation);
            }
        }
        made
    }
}

#[tokio::test]
async fn the_receiver_waits_for_nothing_that_only_the_sender_may_know_of() {
    let scene = Scene::new().await;
    let made = scene.measure(SENDER, &OF_THE_SENDER, RECEIVER, BY_THE_RECEIVER).await;
    let left: Vec<_> = OF_THE_SENDER.iter().chain(BY_THE_RECEIVER).filter(|operation| !made.contains(*operation)).collect();
    assert!(left.is_empty(), "never made, so nothing is proved of them: {left:?}");
}

#[tokio::test]
async fn the_sender_waits_for_nothing_that_only_the_receiver_may_know_of() {
    let scene = Scene::new().await;
    let made = scene.measure(RECEIVER, &OF_THE_RECEIVER, SENDER, BY_THE_SENDER).await;
    let left: Vec<_> = OF_THE_RECEIVER.iter().chain(BY_THE_SENDER).filter(|operation| !made.contains(*operation)).collect();
    assert!(left.is_empty(), "never made, so nothing is proved of them: {left:?}");
}

#[tokio::test]
async fn a_colleague_who_waits_for_a_report_keeps_nobody_else_waiting() {
    let scene = Scene::new().await;
    for (unnoticed, state) in [("recordClientReport", State::Accepted), ("referInstead", State::Declined)] {
        for moved in ["amendReferral", "withdrawReferralConsent", "eraseClient"] {
            let case = scene.case(state).await;
            let (held, running) = scene.hold(SENDER, unnoticed, &case).await;
            let (input_type, input) = input_of(moved, &case, SENDER);
            let colleague = tokio::spawn(run(scene.sender.clone(), moved, input_type, input));
            until("the colleague waits", async || {
                let waiting: i64 = scene.observer.query_one(WAITING, &[&held]).await.expect("who waits").get(0);
                (waiting == 1).then_some(())
            })
            .await;
            for beside in BY_THE_RECEIVER {
                let went = scene.beside(held, 1, RECEIVER, beside, &case).await;
                assert!(went.is_some(), "{beside} waits for {moved}, which waits for {unnoticed}");
            }
            assert!(scene.release(running).await);
            assert!(colleague.await.expect("it ends"), "{moved} is made in the end");
        }
    }
}

/// The control: what both sides learn of anyway is made one after the other.
#[tokio::test]
async fn whoever_moves_what_the_other_is_just_moving_waits() {
    let scene = Scene::new().await;
    let mut waited = 0;
    for (one, held_move, other, beside) in [
        (SENDER, "amendReferral", RECEIVER, "acceptReferral"),
        (SENDER, "withdrawReferralConsent", RECEIVER, "completeReferral"),
        (RECEIVER, "acceptReferral", SENDER, "cancelReferral"),
        (RECEIVER, "checkInReferral", SENDER, "amendReferral"),
    ] {
        let case = scene.case(State::Requested).await;
        let (held, running) = scene.hold(one, held_move, &case).await;
        waited += usize::from(scene.beside(held, 0, other, beside, &case).await.is_none());
        assert!(scene.release(running).await, "{held_move}");
    }
    assert_eq!(waited, 4);
}

#[tokio::test]
async fn every_mutation_of_a_referral_is_measured() {
    let scene = Scene::new().await;
    let measured: BTreeSet<&str> =
        [&OF_THE_SENDER[..], &OF_THE_RECEIVER[..], BY_THE_RECEIVER, BY_THE_SENDER].concat().into_iter().collect();
    let ways = Ways::of(&scene.world).await;
    let subjects = ["referralId", "referralIds", "slipCode", "nodeId", "rotations"];
    let of_referrals = ways.mutations().into_iter().filter(|operation| {
        let input = &operation.variables["input"];
        subjects.iter().any(|subject| input.get(subject).is_some())
    });
    let left: Vec<String> =
        of_referrals.map(|operation| operation.name).filter(|name| !measured.contains(name.as_str())).collect();
    assert!(left.is_empty(), "measure these too: {left:?}");
}
