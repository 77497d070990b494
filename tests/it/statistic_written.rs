//! Cells of published tables are sent as they were written before, and nobody can tell.

use pamoja_domain::user::Role;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::harness::{Client, SENDER, World};
use crate::publication::{made, publish_all};
use crate::statistic_shape::questions;

const FIELDS: [&str; 8] =
    ["period", "keys", "labels", "order", "value", "suppressed", "figures { measure value }", "other: figures { status }"];

async fn ask(client: &Client, language: &str, selection: &str, input: &Value) -> Value {
    let query = format!("query ($input: StatisticTableInput!) {{ coalition {{ table(input: $input) {{ {selection} }} }} }}");
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer = client.request(Method::POST, "/graphql").header(ACCEPT_LANGUAGE, language).json(&body).send().await;
    answer.expect("an answer").json().await.expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_once_is_what_is_resolved_whatever_is_selected() {
    let world = World::new().await;
    made(&world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await).await;
    let client = world.client(SENDER, Role::Analyst).await;
    let selections = prop::sample::subsequence(&FIELDS[..], 1..=FIELDS.len());
    let asked = (questions(), selections, prop::sample::select(&["en", "sw"][..]));
    let mut runner = TestRunner::deterministic();
    let asked: Vec<_> = (0..40).map(|_| asked.new_tree(&mut runner).expect("a question").current()).collect();
    // Before anything is published, and after.
    for published in [false, true] {
        if published {
            publish_all(&world).await;
        }
        let mut figures = 0;
        for (question, fields, language) in &asked {
            let fields = fields.join(" ");
            let plain = format!("cells {{ {fields} }} totals {{ {fields} }}");
            // What is selected twice at one place is resolved, every time.
            let twice = format!("{plain} cells {{ {fields} }} ... on StatisticTable {{ totals {{ {fields} }} }}");
            let resolved = ask(&client, language, &twice, &question.input).await;
            let first = ask(&client, language, &plain, &question.input).await;
            let again = ask(&client, language, &plain, &question.input).await;
            assert_eq!(first["data"], resolved["data"], "{question:?} {plain}");
            assert_eq!(again["data"], resolved["data"], "{question:?} {plain}, once more");
            figures += usize::from(resolved.to_string().contains("\"value\":"));
        }
        assert!(figures > 10, "{figures} have figures");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_directive_leaves_out_is_not_taken_for_what_is_there() {
    let world = World::new().await;
    made(&world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await).await;
    publish_all(&world).await;
    let client = world.client(SENDER, Role::Analyst).await;
    let input = json!({ "name": "REFERRALS_BY_COUNTY", "measure": "CREATED", "from": "2025-01", "through": "2025-12" });
    let table = async |selection: &str| ask(&client, "en", selection, &input).await["data"]["coalition"]["table"].take();
    // Each of them twice, in both orders.
    for _ in 0..2 {
        for (without, with) in [
            ("cells { value @skip(if: true) }", "cells { value }"),
            ("totals { ... @skip(if: true) { value } }", "totals { ... { value } }"),
            ("totals { period value @include(if: false) }", "totals { period value }"),
        ] {
            let (left_out, whole) = (table(without).await, table(with).await);
            assert!(
                !left_out.to_string().contains("value") && whole.to_string().contains("value"),
                "{without}: {left_out:.200} {whole:.200}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_neither_read_nor_resolved_again_until_more_is_published() {
    let world = World::new().await;
    made(&world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await).await;
    let client = world.client(SENDER, Role::Analyst).await;
    let input = json!({ "name": "REFERRALS_BY_COUNTY", "measure": "CREATED", "from": "2025-01", "through": "2025-12" });
    let costs = async |selection: &str| {
        let (_, before) = world.app.database.counted();
        let answer = ask(&client, "en", selection, &input).await;
        (world.app.database.counted().1 - before, answer["data"]["coalition"]["table"].clone())
    };
    ask(&client, "en", "name", &input).await;
    let (least, _) = costs("name").await;
    for selection in ["cells { keys value }", "cells { value keys }", "cells { keys value status }"] {
        assert_eq!(costs(selection).await.0, least + 1, "{selection}");
        assert_eq!(costs(selection).await.0, least, "{selection}, again");
    }
    let (_, before) = costs("cells { keys value }").await;
    publish_all(&world).await;
    let (statements, after) = costs("cells { keys value }").await;
    assert_eq!(statements, least + 1);
    assert_ne!(after, before);
    assert_eq!(costs("cells { keys value }").await, (least, after));
}
