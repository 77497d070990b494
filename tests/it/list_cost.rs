//! What a page of a list of referrals looks at: its own rows, however many the organisation has.

use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;

use crate::harness::{Member, RECEIVER, SENDER, World};
use crate::referral::desks;
use crate::task_cost::{explain, looked_at, multiply};
use crate::task_follow_up::declined;

/// The parameters of a page of twenty without a filter: no key, and where a part of the list is asked for, that it is.
fn parameters(text: &str, types: &str) -> String {
    let types = types.trim_matches(['{', '}']).split(',').enumerate();
    let value = |(index, sql_type): (usize, &str)| match sql_type {
        "bigint" => "21",
        "boolean" if text.contains(&format!("${}::boolean AND (progress.listed_at", index + 1)) => "true",
        _ => "NULL",
    };
    types.map(value).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_page_of_a_list_reads_its_own_rows_and_no_others() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    multiply(&world, id).await;
    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute("SET plan_cache_mode = force_generic_plan").await.expect("as the program connects");
    let enter = async |member: Member, roles: &str| {
        let entered = format!("SELECT test_gate.enter('{}', 'member', '{}', '{roles}')", member.id(), member.user("caseworker"));
        app.batch_execute(&entered).await.expect("a tenant");
    };
    let all = pamoja_persistence::builders::statements().into_iter().flat_map(|(_, texts)| texts);
    let pages = all.filter(|text| text.contains("FROM referral_progress AS progress") && text.contains("part_0"));
    let lists = pamoja_persistence::builders::statements().into_iter().filter(|(file, _)| file.starts_with("referral/page"));
    let lists = lists.flat_map(|(_, texts)| texts).filter(|text| text.contains(") AS page LIMIT"));
    let (mut explained, mut full) = (0, 0);
    for text in pages.chain(lists) {
        app.batch_execute(&format!("PREPARE asked AS {text}")).await.expect("a statement");
        let typed = "SELECT parameter_types::text FROM pg_prepared_statements WHERE name = 'asked'";
        let types: String = app.query_one(typed, &[]).await.expect("its types").get(0);
        // Somebody who sees only what they sent themself, and sent all of it, is counted up to a thousand.
        for (member, roles, most) in
            [(SENDER, "CASEWORKER", 1_500.0), (RECEIVER, "CASEWORKER", 1_500.0), (SENDER, "PEER_EDUCATOR", 4_500.0)]
        {
            enter(member, roles).await;
            let plan = explain(&app, &parameters(&text, &types.replace("timestamp with time zone", "timestamptz"))).await;
            let rows = looked_at(&plan);
            assert!(rows < most, "{rows} rows were looked at for {} as {roles}: {text}\n{plan:#}", member.slug);
            explained += 1;
            full += usize::from(plan["Actual Rows"].as_f64() == Some(21.0));
        }
        app.batch_execute("DEALLOCATE asked").await.expect("it is forgotten");
    }
    assert!(explained > 40 && full > 10, "only {explained} lists, {full} of them with a full page");
}
