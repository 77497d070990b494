//! A list reads no more of its referrals than is selected, and says the same whatever is selected beside it.

use chrono::{Days, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};
use crate::{referral_least_shared, referral_undo};

/// Every list of referrals without a filter.
const LISTS: [&str; 6] = [
    "INCOMING",
    "INCOMING, orderBy: RECENTLY_UPDATED_FIRST",
    "INCOMING, orderBy: EXPIRING_FIRST",
    "OUTGOING",
    "OUTGOING, orderBy: RECENTLY_UPDATED_FIRST",
    "OPEN",
];

/// A referral in each state, and one that is open to all.
pub async fn one_of_each(sender: &Client, receiver: &Client) {
    let on = (Utc::now() + Days::new(2)).format("%Y-%m-%d").to_string();
    let shared = json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"], "under18": "NO" });
    for status in ReferralStatus::ALL {
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), shared.clone())).await;
        let id = payload["referral"]["id"].as_str().expect("an id").to_owned();
        for action in referral_undo::path(*status) {
            let by = referral_undo::mover(*action, sender, receiver);
            referral_undo::act(by, *action, &id, payload["slipCode"].as_str(), &on).await;
        }
    }
    crate::referral_open::send(sender, json!({})).await;
}

/// What the list says of each referral where `selected` is selected.
async fn said(client: &Client, list: &str, selected: &str) -> Vec<Value> {
    let query = format!("{{ referrals(direction: {list}, first: 100) {{ nodes {{ {selected} }} }} }}");
    client.data(&query, json!({})).await["referrals"]["nodes"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_says_alone_what_it_says_beside_others() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    one_of_each(&sender, &receiver).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    peer.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
    assert!(said(&sender, "OUTGOING", "id").await.len() > 10 && said(&receiver, "INCOMING", "id").await.len() > 10);
    let fields = referral_least_shared::fields(&sender, "Referral").await;
    for client in [&sender, &receiver, &peer] {
        by_id(client, &fields).await;
        for list in LISTS {
            for field in &fields {
                let name = field.split(' ').next().expect("a name");
                // The actions ask for all that the viewer may see.
                let beside = said(client, list, &format!("allowedActions {field}")).await;
                let beside: Vec<Value> = beside.iter().map(|row| json!({ name: row[name] })).collect();
                assert_eq!(said(client, list, field).await, beside, "{field} in {list}");
                let query = format!("{{ referrals(direction: {list}, first: 100) {{ edges {{ node {{ {field} }} }} }} }}");
                let edges = client.data(&query, json!({})).await["referrals"]["edges"].take();
                let edges: Vec<Value> = edges.as_array().expect("a list").iter().map(|edge| edge["node"].clone()).collect();
                assert_eq!(edges, beside, "{field} in the edges of {list}");
            }
        }
    }
}

/// Asks for each of the viewer's referrals by its id, too.
async fn by_id(client: &Client, fields: &[String]) {
    let lists = [said(client, "INCOMING", "id").await, said(client, "OUTGOING", "id").await, said(client, "OPEN", "id").await];
    let ids: Vec<&Value> = lists.iter().flatten().map(|row| &row["id"]).collect();
    for field in fields {
        let (name, query) =
            (field.split(' ').next().expect("a name"), "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Referral {");
        let ask = async |selected: &str| {
            client.data(&format!("{query} {selected} }} }} }}"), json!({ "ids": ids })).await["nodes"].take()
        };
        let (alone, beside) = (ask(field).await, ask(&format!("allowedActions {field}")).await);
        let beside: Vec<Value> = beside.as_array().expect("nodes").iter().map(|node| json!({ name: node[name] })).collect();
        assert_eq!(alone, json!(beside), "{field} by id");
    }
}

/// How many statements the list takes where `selected` is selected.
async fn cost(world: &World, client: &Client, selected: &str) -> u64 {
    said(client, "INCOMING", selected).await;
    world.app.directory.has_changed();
    let (_, before) = world.app.database.counted();
    assert!(!said(client, "INCOMING", selected).await.is_empty());
    world.app.database.counted().1 - before
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_left_out_is_read_for_all_its_referrals_together_and_seldom_needed() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    one_of_each(&sender, &receiver).await;
    let least = cost(&world, &receiver, "id").await;
    for (selected, more) in [
        ("status serviceType urgency county { code } actBefore overdue reference createdAt updatedAt expiresAt scheduledOn", 0),
        ("allowedActions client populations handledBy { id }", 1),
        ("timeline { status at }", 1),
        ("timeline { status byUser { id } }", 3),
        ("fromOrganisation { name } toOrganisation { name }", 1),
    ] {
        assert_eq!(cost(&world, &receiver, selected).await, least + more, "{selected}");
    }
}

/// Without the tables that are kept for one side, a list of what both see still answers, and no other does.
#[tokio::test]
async fn what_both_parties_see_is_read_out_of_two_tables() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    one_of_each(&sender, &receiver).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let outlined = "id status timeline { status } fromOrganisation { name }";
    let before = said(&receiver, "INCOMING", outlined).await;
    for table in ["sender", "client", "shared", "non_completion", "undo", "handler"] {
        let away = format!("ALTER TABLE referral_{table} RENAME TO away; ");
        superuser.batch_execute(&away).await.expect("it is away");
        assert_eq!(said(&receiver, "INCOMING", outlined).await, before, "without {table}");
        let whole = "{ referrals(direction: INCOMING) { nodes { allowedActions } } }";
        assert_eq!(receiver.error_code(whole, json!({})).await, "INTERNAL", "without {table}");
        superuser.batch_execute(&format!("ALTER TABLE away RENAME TO referral_{table}")).await.expect("it is back");
    }
}
