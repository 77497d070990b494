//! The coalition's figures, an organisation's own and the file have the same shape for the same question.

use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Dimension, Measure, PeriodKind, StatisticTableName};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::harness::{Client, SENDER, World};
use crate::publication::{made, publish_all};

const PUBLISHED: &str = "query ($input: StatisticTableInput!) { coalition { table(input: $input) { ...T } } }";
const OWN: &str = "query ($input: StatisticTableInput!) { organisationTable(input: $input) { ...T } }";
const SHAPE: &str = " fragment T on StatisticTable { name measure measures dimensions period
    cells { period keys labels order value suppressed status figures { measure value status } }
    totals { period keys value suppressed status figures { measure value status } } }";

/// A question, as GraphQL takes it and as the file's address.
#[derive(Clone, Debug)]
pub struct Asked {
    pub input: Value,
    path: String,
}

fn asked(
    name: StatisticTableName,
    measures: &[Measure],
    kind: PeriodKind,
    [from, through]: [Month; 2],
    picked: &[Vec<&str>],
) -> Asked {
    let (measure, further) = measures.split_first().expect("a measure");
    let dimensions = name.table().dimensions;
    let conditions: Vec<Value> = dimensions
        .iter()
        .zip(picked)
        .filter(|(_, values)| !values.is_empty())
        .map(|(dimension, values)| json!({ "dimension": dimension.name(), "values": values }))
        .collect();
    let input = json!({
        "name": name, "measure": measure.code(), "measures": further, "period": kind, "from": from.to_string(), "through": through.to_string(),
        "where": conditions,
    });
    let mut path = format!("/tables/{name}.csv?measure={measure}&period={kind}&from={from}&through={through}");
    for (dimension, values) in dimensions.iter().zip(picked) {
        values.iter().for_each(|value| path.push_str(&format!("&{}={value}", dimension.name())));
    }
    Asked { input, path }
}

/// Questions of every table, over periods from before the first published month to after the last.
pub fn questions() -> impl Strategy<Value = Asked> {
    let name = prop::sample::select(StatisticTableName::ALL);
    let kind = prop::sample::select(PeriodKind::ALL);
    let first = Month::parse("", "2024-06").expect("a month");
    (name, kind, 0_u32..20, 0_u32..14).prop_flat_map(move |(name, kind, ahead, length)| {
        let table = name.table();
        let some = |dimension: &Dimension| prop::sample::subsequence(dimension.categories(), 0..4);
        let picked: Vec<_> = table.dimensions.iter().map(some).collect();
        let measures = prop::sample::subsequence(table.measures, 1..=table.measures.len());
        let range = [first.plus(ahead), first.plus(ahead + length)];
        (picked, measures).prop_map(move |(picked, measures)| asked(name, &measures, kind, range, &picked))
    })
}

/// Everything of a list but its figures.
fn shape(list: &Value) -> Vec<Value> {
    let cells = list.as_array().expect("a list").iter();
    cells.map(|cell| json!([cell["period"], cell["keys"], cell["labels"], cell["order"]])).collect()
}

async fn check(client: &Client, question: &Asked) {
    let ask = async |query: &str| client.run(&format!("{query}{SHAPE}"), json!({ "input": question.input })).await;
    let (published, own) = (ask(PUBLISHED).await, ask(OWN).await);
    if published.get("errors").is_some() {
        let said = published["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(said.starts_with("That is more than 3000 figures."), "{question:?}: {published:#}");
        assert_eq!(published["errors"][0]["message"], own["errors"][0]["message"]);
        return;
    }
    let (published, own) = (&published["data"]["coalition"]["table"], &own["data"]["organisationTable"]);
    for field in ["name", "measure", "measures", "dimensions", "period"] {
        assert_eq!(published[field], own[field], "{question:?}");
    }
    for list in ["cells", "totals"] {
        assert_eq!(shape(&published[list]), shape(&own[list]), "{list} of {question:?}");
        for cell in published[list].as_array().expect("a list").iter().chain(own[list].as_array().expect("a list")) {
            assert_eq!(
                (cell["value"].is_null(), cell["status"] != "SHOWN"),
                (cell["suppressed"] == true, cell["suppressed"] == true)
            );
            let first = json!({ "measure": published["measure"], "value": cell["value"], "status": cell["status"] });
            assert_eq!(
                (&cell["figures"][0], cell["figures"].as_array().map(Vec::len)),
                (&first, own["measures"].as_array().map(Vec::len))
            );
        }
        assert!(own[list].as_array().expect("a list").iter().all(|cell| cell["status"] == "SHOWN"), "{question:?}");
    }
    let file = client.request(reqwest::Method::GET, &question.path).send().await.expect("an answer");
    assert_eq!(file.status(), 200, "{question:?}");
    let text = file.text().await.expect("a text");
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = rows.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    let dimensions = published["dimensions"].as_array().expect("dimensions").len();
    let row = |cell: &Value| -> Vec<String> {
        let texts =
            |field: &str| cell[field].as_array().expect("texts").iter().map(|text| text.as_str().expect("a text").to_owned());
        let mut row = vec![cell["period"].as_str().expect("a month").to_owned()];
        row.extend(texts("keys"));
        row.extend(texts("labels"));
        row.extend([cell["value"].as_i64().map_or(String::new(), |value| value.to_string()), cell["suppressed"].to_string()]);
        row
    };
    let (totals, cells): (Vec<&Vec<String>>, Vec<&Vec<String>>) = rows.iter().partition(|row| row[1] == "TOTAL");
    let expected: Vec<Vec<String>> = published["cells"].as_array().expect("cells").iter().map(row).collect();
    assert_eq!(cells.iter().map(|row| row[..row.len() - 1].to_vec()).collect::<Vec<_>>(), expected, "{question:?}");
    let periods =
        |lists: &Value| lists.as_array().expect("totals").iter().map(|total| total["period"].clone()).collect::<Vec<_>>();
    assert_eq!(totals.iter().map(|row| json!(row[0])).collect::<Vec<_>>(), periods(&published["totals"]), "{question:?}");
    for (total, row) in published["totals"].as_array().expect("totals").iter().zip(&totals) {
        assert_eq!(row[1 + 2 * dimensions], total["value"].as_i64().map_or(String::new(), |value| value.to_string()));
        assert!(!row[3 + 2 * dimensions].is_empty(), "a total says what it is: {row:?}");
    }
}

#[tokio::test]
async fn the_same_question_has_the_same_shape_everywhere() {
    let world = World::new().await;
    made(&world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await).await;
    publish_all(&world).await;
    let client = world.client(SENDER, Role::Analyst).await;
    // Every table by every length of period, from before the first published month to after the last.
    let range = ["2024-11", "2026-03"].map(|month| Month::parse("", month).expect("a month"));
    for name in StatisticTableName::ALL {
        let table = name.table();
        let some: Vec<Vec<&str>> = table.dimensions.iter().map(|dimension| dimension.categories()[..2].to_vec()).collect();
        for kind in PeriodKind::ALL {
            check(&client, &asked(*name, &table.measures[..1], *kind, range, &[])).await;
            check(&client, &asked(*name, table.measures, *kind, range, &some)).await;
        }
    }
    let (questions, mut runner) = (questions(), TestRunner::default());
    for _ in 0..60 {
        let question = questions.new_tree(&mut runner).expect("a question").current();
        check(&client, &question).await;
    }
}

#[tokio::test]
async fn what_a_dimension_does_not_have_is_refused_everywhere_in_the_same_words() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Analyst).await;
    let month = Month::parse("", "2026-01").expect("a month");
    for name in StatisticTableName::ALL {
        let table = name.table();
        for (place, dimension) in table.dimensions.iter().enumerate() {
            let known = dimension.categories()[0];
            let last = dimension.categories().last().expect("a category");
            for wrong in [
                known.to_lowercase() + "x",
                last.to_lowercase(),
                format!("{known}%20"),
                String::new(),
                "Mombasa".to_owned(),
                "HIV%20testing".to_owned(),
            ] {
                if dimension.index_of(&wrong).is_some() {
                    continue;
                }
                let mut picked = vec![Vec::new(); table.dimensions.len()];
                picked[place] = vec![known, &wrong];
                let question = asked(*name, &table.measures[..1], PeriodKind::Month, [month, month], &picked);
                let told = async |field: &str| {
                    let query = format!("query ($input: StatisticTableInput!) {{ {field} }}");
                    client.run(&query, json!({ "input": question.input })).await["errors"][0].take()
                };
                let published = told("coalition { table(input: $input) { name } }").await;
                let own = told("organisationTable(input: $input) { name }").await;
                let file = client.request(reqwest::Method::GET, &question.path).send().await.expect("an answer");
                assert_eq!(file.status(), 400, "{question:?}");
                let file: Value = file.json().await.expect("JSON");
                let said = published["message"].as_str().expect("words");
                assert_eq!((&own["message"], &file["errors"][0]["message"]), (&published["message"], &published["message"]));
                assert_eq!(published["extensions"]["code"], "BAD_REQUEST");
                assert!(said.contains(&format!("“{}”", dimension.name())) && said.contains(known), "{said}");
                assert!(wrong.is_empty() || !said.contains(&wrong), "{said}");
            }
        }
    }
}
