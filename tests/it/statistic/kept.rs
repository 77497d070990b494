//! What is kept of closed months is what would be counted, whatever happens to the records meanwhile, and whoever it happens to.

mod read;
mod scene;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::start_of_day;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{closes_at, last_closed};
use pamoja_persistence::{job, retention};

use super::*;
use crate::referral_amendment::amend;
use crate::referral_undo::undo;
use scene::{Scene, kept_anew};

/// All that an organisation's own figures say on both sides, by table and month.
async fn figures(client: &Client, [from, through]: &[Month; 2]) -> BTreeMap<String, Value> {
    let mut figures = BTreeMap::new();
    for (side, names) in OwnSide::ALL.iter().flat_map(|side| StatisticTableName::ALL.chunks(7).map(move |names| (side, names))) {
        let tables: Vec<String> = names
            .iter()
            .map(|name| {
                let measures: Vec<&str> = name.table().measures.iter().map(|measure| measure.code()).collect();
                let all = measures.join(" ");
                format!(
                    "{name}: organisationTable(input: {{ name: {name}, measure: \"{}\", measures: [{all}], from: \"{from}\", through: \"{through}\" }}, side: {side}) {{
                        cells {{ keys figures {{ value }} }} totals {{ period figures {{ value }} }} }}",
                    measures[0]
                )
            })
            .collect();
        let answer = client.data(&format!("{{ {} }}", tables.join(" ")), json!({})).await;
        figures.extend(names.iter().map(|name| (format!("{name} {side}"), answer[name.code()].clone())));
    }
    figures
}

/// Compares both parties' figures with those that are counted when nothing is kept.
async fn compare(scene: &Scene, what: &str) {
    for of in [SENDER, RECEIVER] {
        let client = scene.world.client(of, Role::Analyst).await;
        let told = figures(&client, &scene.months).await;
        scene
            .superuser
            .batch_execute("CREATE TABLE put_aside AS TABLE own_figure; DELETE FROM own_figure")
            .await
            .expect("nothing is kept");
        let counted = figures(&client, &scene.months).await;
        scene.superuser.batch_execute("INSERT INTO own_figure TABLE put_aside; DROP TABLE put_aside").await.expect("it is kept");
        for (table, figures) in &told {
            assert_eq!(figures, &counted[table], "{table} of {} after {what}", of.slug);
        }
    }
}

#[tokio::test]
async fn whatever_is_done_late_to_a_record_of_a_closed_month_counts_at_once() {
    let scene = Scene::new().await;
    let world = &scene.world;
    assert_eq!(kept_anew(world).await, [1, 1], "the month of both parties, on the side on which they have something");
    assert_eq!(kept_anew(world).await, [0, 0]);
    compare(&scene, "the month was closed").await;
    let (sender, receiver) = crate::referral::desks(world).await;
    let late = |number: usize| scene.late[number].as_str();
    let done = async |what: &str, payload: Value, struck: [usize; 2]| {
        assert_eq!(payload["userErrors"], json!([]), "{what}: {payload:#}");
        compare(&scene, what).await;
        assert_eq!(kept_anew(world).await, struck, "months that were counted anew after {what}");
        compare(&scene, &format!("{what}, counted anew")).await;
    };
    let reason = |id: &str, reason: &str| json!({ "referralId": id, "reason": reason });
    done("an arrival", receiver.move_referral("checkInReferralWithoutSlip", late(0)).await, [1, 1]).await;
    done("an ending", receiver.move_referral("completeReferral", late(0)).await, [1, 1]).await;
    done("its undoing", undo(&receiver, late(0)).await, [1, 1]).await;
    let ended = receiver.referral_mutation("markReferralNotCompleted", "NotCompletedInput", reason(late(1), "MOVED")).await;
    done("the receiver's reason", ended, [1, 1]).await;
    done("its undoing", undo(&receiver, late(1)).await, [1, 1]).await;
    let ended =
        sender.referral_mutation("markReferralNotCompleted", "NotCompletedInput", reason(late(2), "CLIENT_DECLINED")).await;
    done("the sender's reason", ended, [1, 1]).await;
    let ended = sender.referral_mutation("cancelReferral", "CancelReferralInput", reason(late(3), "NO_LONGER_NEEDED")).await;
    done("a cancellation", ended, [1, 1]).await;
    done("another county", amend(&sender, late(4), json!({ "countyCode": "001" })).await, [1, 1]).await;
    let shared = json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"], "consentGiven": true });
    done("more that is shared", amend(&sender, late(4), shared).await, [1, 1]).await;
    done("a withdrawal", sender.move_referral("withdrawReferralConsent", late(5)).await, [1, 1]).await;
    let rotated = scene.rotated(&sender).await;
    done("other pseudonyms", rotated, [0, 0]).await;
    done("an erasure", scene.erased(&sender).await, [1, 1]).await;
    let corrected = scene.corrected().await;
    done("who came after all", corrected, [1, 1]).await;
    let declined = receiver.referral_mutation("declineReferral", "DeclineReferralInput", reason(late(6), "OTHER")).await;
    assert_ne!(declined["userErrors"], json!([]), "what was accepted isn't declined: {declined:#}");
    done("nothing", json!({ "userErrors": [] }), [0, 0]).await;
    // What is left expires a second time, and what is over is deleted.
    world.travel(world.app.database.now() + TimeDelta::days(13) - chrono::Utc::now()).await;
    assert!(job::expire(&world.worker, SENDER.id()).await.expect("the job") > 0);
    compare(&scene, "an expiry").await;
    assert_eq!(kept_anew(world).await, [1, 1]);
    world.travel(world.app.database.now() + TimeDelta::days(100) - chrono::Utc::now()).await;
    for of in [SENDER, RECEIVER] {
        retention::retain(&world.worker, of.id()).await.expect("the jobs");
    }
    compare(&scene, "retention").await;
    let [months_of_sender, months_of_receiver] = kept_anew(world).await;
    assert!(months_of_sender >= 3 && months_of_sender == months_of_receiver, "the months that were closed meanwhile");
    compare(&scene, "all that could be kept was").await;
}

/// How many tables are kept of that member, whether or not they exist for it.
async fn lying(scene: &Scene, of: Member) -> i64 {
    let query = "SELECT count(*) FROM own_figure WHERE organisation_id = $1";
    scene.superuser.query_one(query, &[&of.id().0]).await.expect("a count").get(0)
}

#[tokio::test]
async fn a_strike_touches_nothing_that_is_kept_of_the_other_party_and_it_exists_for_nobody_all_the_same() {
    let scene = Scene::new().await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    let before = lying(&scene, RECEIVER).await;
    assert!(before > 0 && lying(&scene, SENDER).await > 0);
    let (sender, _) = crate::referral::desks(&scene.world).await;
    let cancelled = json!({ "referralId": scene.late[3], "reason": "NO_LONGER_NEEDED" });
    let payload = sender.referral_mutation("cancelReferral", "CancelReferralInput", cancelled).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    assert_eq!((lying(&scene, SENDER).await, lying(&scene, RECEIVER).await), (0, before));
    compare(&scene, "a cancellation").await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
}

#[tokio::test]
async fn an_organisation_of_another_kind_is_counted_as_that() {
    let scene = Scene::new().await;
    kept_anew(&scene.world).await;
    let change = format!("UPDATE organisation SET kind = 'LEGAL_AID' WHERE id = '{}'", RECEIVER.id());
    scene.superuser.batch_execute(&change).await.expect("another kind");
    compare(&scene, "another kind").await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    compare(&scene, "another kind, counted anew").await;
}

#[tokio::test]
async fn what_is_changed_while_somebody_counts_is_not_kept_and_nobody_waits() {
    let scene = Scene::new().await;
    let (one, other) = (scene.world.connect(DatabaseRole::Superuser).await, scene.world.connect(DatabaseRole::Superuser).await);
    let counties = |county: &str, place: usize| {
        let ids = "SELECT id FROM referral ORDER BY id";
        format!("UPDATE referral SET county_code = '{county}' WHERE id = ({ids} LIMIT 1 OFFSET {place})")
    };
    // It is changed before it is counted, and committed after that.
    one.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = '1s'; {}", counties("002", 0))).await.expect("changed");
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    one.batch_execute("COMMIT").await.expect("committed");
    compare(&scene, "a change that was committed after the counting").await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    // Two change records of the same month, and neither waits for the other. What only the first deleted is back, and exists for nobody.
    one.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = '1s'; {}", counties("003", 0))).await.expect("changed");
    other.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = '1s'; {}", counties("004", 1))).await.expect("nobody waits");
    other.batch_execute("COMMIT").await.expect("committed");
    one.batch_execute("ROLLBACK").await.expect("undone");
    compare(&scene, "two changes at once, one of which was undone").await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    compare(&scene, "all was counted anew").await;
    // A change within what is undone isn't one.
    one.batch_execute(&format!(
        "BEGIN; SAVEPOINT here; {}; ROLLBACK TO here; {}; COMMIT",
        counties("005", 2),
        counties("006", 2)
    ))
    .await
    .expect("changed once");
    compare(&scene, "a change after one that was undone").await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
}

#[tokio::test]
async fn what_other_statements_counted_counts_for_nothing() {
    let scene = Scene::new().await;
    kept_anew(&scene.world).await;
    let other = "UPDATE own_figure SET rule = repeat('0', 32), counts = array_fill(7::bigint, ARRAY[cardinality(counts)])";
    scene.superuser.batch_execute(other).await.expect("counted otherwise");
    compare(&scene, "another program counted").await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    compare(&scene, "this program counted anew").await;
}

#[tokio::test]
async fn a_month_is_kept_when_it_is_closed_and_not_before() {
    let world = World::new().await;
    sent(&world.client(SENDER, Role::Caseworker).await).await;
    let now = world.app.database.now();
    let month = Month::at(now);
    let closes = closes_at(month) + pamoja_persistence::publication::MARGIN;
    world.travel(closes - TimeDelta::minutes(1) - now).await;
    assert_eq!(kept_anew(&world).await, [0, 0]);
    world.travel(closes + TimeDelta::minutes(1) - now).await;
    assert_eq!(kept_anew(&world).await, [1, 1]);
    // Past the program a job keeps nothing of a month that can still grow, nor anything of others.
    let worker = world.connect(DatabaseRole::Worker).await;
    worker.batch_execute(&format!("SELECT test_gate.enter('{}', 'job')", SENDER.id())).await.expect("a tenant");
    for (of, month) in [(SENDER, last_closed(now).plus(1)), (RECEIVER, last_closed(now))] {
        let kept = format!(
            "INSERT INTO own_figure VALUES ('{}', 'SENT', '{}', 'REFERRALS_BY_COUNTY', repeat('a', 32), '{{}}', '{{}}', '{{0}}')",
            of.id(),
            month.first_day()
        );
        let refused = worker.batch_execute(&kept).await.expect_err("refused");
        assert!(refused.as_db_error().is_some_and(|error| error.message().contains("row-level security")), "{refused}");
    }
}

#[tokio::test]
async fn the_database_closes_months_when_the_domain_does() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let first = Month::parse("", "2019-12").expect("a month");
    for month in (0..150).map(|months| first.plus(months)) {
        let begins = start_of_day(month.first_day());
        for at in [begins, begins - TimeDelta::microseconds(1), begins + TimeDelta::days(27)] {
            let row = superuser
                .query_one("SELECT figure_month($1), month_closes_at($2)", &[&at, &month.first_day()])
                .await
                .expect("a month");
            assert_eq!(Month::of(row.get(0)), Month::at(at), "{at}");
            assert_eq!(row.get::<_, chrono::DateTime<chrono::Utc>>(1), closes_at(month), "{month}");
        }
    }
}
