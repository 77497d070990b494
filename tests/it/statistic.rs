//! An organisation's own figures, compared with a naive count over the referrals that it reads.

use std::collections::{BTreeMap, BTreeSet};

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::statistic::{Measure, OtherKey, OwnSide, PeriodKind, ResponseTime, StatisticTableName, Subject};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::job;
use serde_json::{Value, json};

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World, member};
use crate::referral::sent;
use crate::statement::{cost, quiet};

mod kept;
mod lives;
mod naive;
pub use naive::group_of;

const TABLE: &str = "query ($input: StatisticTableInput!, $side: OwnSide!) { organisationTable(input: $input, side: $side) {
    name title measure dimensions period cells { period keys value suppressed } totals { period keys value suppressed } method { name } } }";

fn input(name: StatisticTableName, measure: Measure, period: PeriodKind, [from, through]: &[String; 2]) -> Value {
    json!({ "name": name, "measure": measure.code(), "period": period, "from": from, "through": through })
}

async fn table(client: &Client, input: &Value, side: OwnSide) -> Value {
    client.data(TABLE, json!({ "input": input, "side": side })).await["organisationTable"].take()
}

/// The table for each kind of period, by the period's code.
async fn in_every_period(
    client: &Client,
    name: StatisticTableName,
    measure: Measure,
    side: OwnSide,
    months: &[String; 2],
) -> Value {
    let tables: Vec<String> = PeriodKind::ALL
        .iter()
        .map(|period| {
            let [from, through] = months;
            format!(
                "{period}: organisationTable(input: {{ name: {name}, measure: \"{measure}\", period: {period}, from: \"{from}\", through: \"{through}\" }}, side: {side}) {{
                    cells {{ period keys value suppressed }} totals {{ period keys value suppressed }} }}"
            )
        })
        .collect();
    client.data(&format!("{{ {} }}", tables.join(" ")), json!({})).await
}

/// The cells that count at least one, in their order.
fn counted(of: &Value) -> Vec<(String, Vec<String>, i64)> {
    cells(of).into_iter().filter(|(.., value)| *value > 0).collect()
}

/// The cells in their order; none is suppressed.
fn cells(of: &Value) -> Vec<(String, Vec<String>, i64)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let cell = |cell: &Value| {
        assert_eq!(cell["suppressed"], false);
        let keys = cell["keys"].as_array().expect("keys").iter().map(text).collect();
        (text(&cell["period"]), keys, cell["value"].as_i64().expect("a value"))
    };
    of.as_array().expect("cells").iter().map(cell).collect()
}

#[tokio::test]
async fn every_table_is_what_a_naive_count_over_the_own_referrals_comes_to() {
    let world = World::new().await;
    let months = lives::live(&world).await;
    count_by_hand(&world, &months).await;
    // Again, when most months are closed and kept.
    for of in [SENDER, RECEIVER] {
        let kept = job::keep_figures(&world.worker, of.id()).await.expect("the job");
        assert!(kept > 20, "only {kept} months are kept");
    }
    count_by_hand(&world, &months).await;
}

/// Compares every table with a naive count.
async fn count_by_hand(world: &World, months: &[String; 2]) {
    let mut met = BTreeSet::new();
    let mut sums: BTreeMap<(Measure, OwnSide), i64> = BTreeMap::new();
    for viewer in [SENDER, RECEIVER] {
        let (client, caseworker) = (world.client(viewer, Role::Analyst).await, world.client(viewer, Role::Caseworker).await);
        for side in OwnSide::ALL {
            let referrals = naive::referrals(&caseworker, *side).await;
            for name in referral_tables() {
                for measure in name.table().measures {
                    let answers = in_every_period(&client, *name, *measure, *side, months).await;
                    for period in PeriodKind::ALL {
                        let answer = &answers[period.code()];
                        let of = format!("{name} {measure} {period} {side} of {}", viewer.slug);
                        let (expected, totals) = naive::count(&referrals, *name, *measure, *period, *side);
                        assert_eq!(counted(&answer["cells"]), expected, "{of}");
                        let told = cells(&answer["totals"]);
                        assert!(told.iter().all(|(_, keys, _)| keys.is_empty()) && told.is_sorted(), "{of}");
                        let some = told.iter().filter(|(.., value)| *value > 0);
                        assert_eq!(
                            some.map(|(period, _, value)| (period.clone(), *value)).collect::<BTreeMap<_, _>>(),
                            totals,
                            "{of}"
                        );
                        let length = naive::between(&months[0], &months[1]).div_ceil(period.months() as usize);
                        assert!((length..=length + 1).contains(&told.len()), "{of}: {} totals", told.len());
                        met.extend(expected.into_iter().flat_map(|(_, keys, _)| keys));
                        *sums.entry((*measure, *side)).or_default() += totals.values().sum::<i64>();
                    }
                }
            }
        }
    }
    let others = OtherKey::ALL.iter().map(|key| key.code()).chain(ResponseTime::ALL.iter().map(|band| band.code()));
    for key in others {
        assert!(met.contains(key), "no cell of {key}: {met:?}");
    }
    for side in OwnSide::ALL {
        let sums: Vec<i64> = Measure::OF_REFERRALS.iter().map(|measure| sums[&(*measure, *side)]).collect();
        assert!(sums.windows(2).all(|pair| pair[0] > pair[1]) && sums[3] > 0, "{side}: {sums:?}");
    }
}

#[tokio::test]
async fn who_has_no_part_in_a_referral_counts_none_of_it() {
    let world = World::new().await;
    sent(&world.client(SENDER, Role::Caseworker).await).await;
    let month = this_month(&world);
    let count = async |of: Member, side| {
        let client = world.client(of, Role::Analyst).await;
        let mut values = Vec::new();
        for name in referral_tables() {
            let answer = table(&client, &input(*name, Measure::Created, PeriodKind::Month, &month), side).await;
            values.extend([counted(&answer["cells"]).len() as i64, cells(&answer["totals"])[0].2]);
        }
        values.iter().sum::<i64>()
    };
    for other in [OUTSIDER, member("secretariat")] {
        for side in OwnSide::ALL {
            assert_eq!(count(other, *side).await, 0, "{}", other.slug);
        }
    }
    assert_eq!((count(SENDER, OwnSide::Received).await, count(RECEIVER, OwnSide::Sent).await), (0, 0));
    // The referral is in eight tables, in each as a cell and a total.
    assert_eq!((count(SENDER, OwnSide::Sent).await, count(RECEIVER, OwnSide::Received).await), (16, 16));
}

/// The tables of referrals.
fn referral_tables() -> impl Iterator<Item = &'static StatisticTableName> {
    StatisticTableName::ALL.iter().filter(|name| name.table().subject == Subject::Referrals)
}

fn this_month(world: &World) -> [String; 2] {
    let month = pamoja_domain::month::Month::at(world.app.database.now()).to_string();
    [month.clone(), month]
}

#[tokio::test]
async fn where_picks_cells_and_leaves_the_totals_as_they_are() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    for (populations, service_type) in
        [(json!(["MSM", "TRANS_MAN"]), "HIV_TESTING"), (json!(["MSM"]), "LEGAL_AID"), (json!(["OTHER"]), "LEGAL_AID")]
    {
        let draft = crate::referral::draft(OUTSIDER, pamoja_domain::service::ServiceType::HivTesting);
        let fields = json!({ "populations": populations, "serviceType": service_type });
        let payload = sender.create_referral(crate::referral::with(draft, fields)).await;
        assert_eq!(payload["userErrors"], json!([]));
    }
    let month = this_month(&world);
    let name = StatisticTableName::ReferralsByPopulationAndServiceType;
    let picked = async |conditions: Value| {
        let mut input = input(name, Measure::Created, PeriodKind::Month, &month);
        input["where"] = conditions;
        let answer = table(&sender, &input, OwnSide::Sent).await;
        assert_eq!(cells(&answer["totals"]), [(month[0].clone(), vec![], 3)]);
        counted(&answer["cells"]).into_iter().map(|(_, keys, value)| format!("{} {value}", keys.join(" "))).collect::<Vec<_>>()
    };
    let all = ["MSM PREVENTION 1", "MSM SUPPORT 1", "TRANS_MAN PREVENTION 1", "OTHER SUPPORT 1"];
    for nothing in [Value::Null, json!([]), json!([{ "dimension": "population", "values": [] }])] {
        assert_eq!(picked(nothing).await, all);
    }
    let msm = json!({ "dimension": "population", "values": ["MSM", "NOT_STATED"] });
    assert_eq!(picked(json!([msm])).await, all[..2]);
    assert_eq!(picked(json!([msm, { "dimension": "serviceGroup", "values": ["SUPPORT", "CARE"] }])).await, [all[1]]);
    assert_eq!(picked(json!([msm, { "dimension": "population", "values": ["OTHER"] }])).await, [""; 0]);
    assert_eq!(picked(json!([{ "dimension": "serviceGroup", "values": ["CARE"] }])).await, [""; 0]);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_told_in_words() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let good = json!({ "name": "REFERRALS_BY_COUNTY", "measure": "CREATED", "from": "2026-10", "through": "2026-12" });
    assert_eq!(table(&analyst, &good, OwnSide::Sent).await["period"], "MONTH");
    for (wrong, said) in [
        (
            json!({ "measure": "SENT" }),
            "What this table can count is: CREATED, ACCEPTED, ARRIVED, COMPLETED. Ask for one of them.",
        ),
        (
            json!({ "name": "REFERRAL_DECLINES_BY_REASON", "measure": "ARRIVED" }),
            "What this table can count is: CREATED. Ask for one of them.",
        ),
        (json!({ "from": "2026-10-01" }), "A month is written like 2026-10, from 2000-01 on."),
        (json!({ "through": "\u{0}" }), "A month is written like 2026-10, from 2000-01 on."),
        (json!({ "from": "2027-01" }), "The last month comes before the first: swap them."),
        (json!({ "from": "2021-12" }), "Ask for at most 60 months at a time."),
        (
            json!({ "where": [{ "dimension": "ageBand", "values": ["FROM_30"] }] }),
            "What this table counts by is: county. Pick by one of them.",
        ),
        (
            json!({ "where": [{ "dimension": "county", "values": ["047", "Nairobi"] }] }),
            "“county” takes codes alone, written as the keys of this table's cells are, such as 001. captions and counties list them.",
        ),
    ] {
        let input = crate::referral::with(good.clone(), wrong.clone());
        let answer = analyst.run(TABLE, json!({ "input": input, "side": "SENT" })).await;
        let error = &answer["errors"][0];
        assert_eq!((&error["extensions"]["code"], &error["message"]), (&json!("BAD_REQUEST"), &json!(said)), "{wrong}");
    }
    let far = crate::referral::with(good, json!({ "from": "9998-01", "through": "9999-12", "period": "YEAR" }));
    assert_eq!(cells(&table(&analyst, &far, OwnSide::Received).await["totals"]).len(), 2, "what lies in the future is empty");
}

#[tokio::test]
async fn figures_are_read_by_whoever_has_the_permission_and_nobody_else() {
    let world = World::new().await;
    let month = this_month(&world);
    for role in Role::ALL {
        let client = world.client(SENDER, *role).await;
        let input = input(StatisticTableName::ReferralsByCounty, Measure::Created, PeriodKind::Month, &month);
        let answer = client.run(TABLE, json!({ "input": input, "side": "SENT" })).await;
        let may = matches!(role, Role::Caseworker | Role::Trainer | Role::Analyst | Role::OrganisationAdmin);
        let code = if may { Value::Null } else { json!("FORBIDDEN") };
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{role}");
    }
}

#[tokio::test]
async fn a_table_is_called_what_the_reader_calls_it() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let query = "{ organisationTable(input: { name: REFERRAL_DECLINES_BY_REASON, measure: \"CREATED\", from: \"2026-10\", through: \"2026-10\" }) {
        name title dimensions method { name } } }";
    let mut titles = Vec::new();
    for language in ["en", "sw"] {
        let request = analyst.request(reqwest::Method::POST, "/graphql").header("accept-language", language);
        let answer: Value = request.json(&json!({ "query": query })).send().await.expect("an answer").json().await.expect("JSON");
        let answer = &answer["data"]["organisationTable"];
        assert_eq!(
            (&answer["name"], &answer["dimensions"], &answer["method"]),
            (&json!("REFERRAL_DECLINES_BY_REASON"), &json!(["reason"]), &Value::Null)
        );
        titles.push(answer["title"].clone());
    }
    assert_eq!(titles, ["Declined referrals by reason", "Rufaa zilizokataliwa kwa sababu"]);
}

/// Writes a referral of each type in each county, in each of that many months, directly into the tables.
async fn many(world: &World, months: i32) {
    let types: Vec<&str> = pamoja_domain::service::ServiceType::ALL.iter().map(|known| known.code()).collect();
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE made AS
                 SELECT gen_random_uuid() AS id, known AS service_type, lpad(county::text, 3, '0') AS county_code,
                     timestamptz '2026-01-15Z' + make_interval(months => month) AS created_at
                 FROM unnest(string_to_array('{}', ' ')) AS known, generate_series(1, 47) AS county, generate_series(0, {months} - 1) AS month;
             INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
                 SELECT '{sender}', id, '{receiver}', service_type, county_code, 'ROUTINE', created_at FROM made;
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
                 SELECT '{sender}', id, '{receiver}', 'REQUESTED', created_at FROM made;",
            types.join(" "),
            sender = SENDER.id(),
            receiver = RECEIVER.id(),
        ))
        .await
        .expect("they are written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_few_statements_however_large_and_has_no_more_cells_than_an_answer_can_hold() {
    let world = World::new().await;
    many(&world, 22).await;
    let sender = quiet(&world, SENDER).await;
    let asked = |name: StatisticTableName, through: &str| {
        input(name, Measure::Created, PeriodKind::Month, &["2026-01".to_owned(), through.to_owned()])
    };
    let name = StatisticTableName::ReferralsByCountyAndServiceType;
    let mut costs = cost(&world, "nothing", async || drop(sender.data("{ viewer { roles } }", json!({})).await)).await;
    for through in ["2026-01", "2030-12"] {
        costs += &cost(&world, through, async || {
            let answer = table(&sender, &asked(StatisticTableName::ReferralsByCounty, through), OwnSide::Sent).await;
            assert_eq!(cells(&answer["cells"])[0], ("2026-01".to_owned(), vec!["001".to_owned()], 42));
        })
        .await;
    }
    insta::assert_snapshot!(costs, @r"
    nothing: 1 transactions, 3 statements
    2026-01: 1 transactions, 5 statements
    2030-12: 1 transactions, 5 statements
    ");
    let mut several = asked(StatisticTableName::ReferralsByCounty, "2030-12");
    several["measures"] = json!([Measure::Arrived]);
    let answer = sender.run(TABLE, json!({ "input": several, "side": "SENT" })).await;
    assert!(answer["errors"][0]["message"].as_str().is_some_and(|said| said.starts_with("That is more than 3000 figures.")));
    let whole = table(&sender, &asked(name, "2026-01"), OwnSide::Sent).await;
    assert_eq!((cells(&whole["cells"]).len(), cells(&whole["totals"])[0].2), (47 * 3, 47 * 42));
    let answer = sender.run(TABLE, json!({ "input": asked(name, "2027-10"), "side": "SENT" })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    assert!(
        answer["errors"][0]["message"].as_str().is_some_and(|said| said.starts_with("That is more than 3000 figures.")),
        "{answer}"
    );
    let mut picked = asked(name, "2026-02");
    picked["where"] = json!([{ "dimension": "county", "values": ["047"] }]);
    assert_eq!(cells(&table(&sender, &picked, OwnSide::Sent).await["cells"]).len(), 6);
}

#[tokio::test]
async fn several_measures_of_a_table_are_counted_at_once_as_each_is_alone() {
    let world = World::new().await;
    let months = lives::live(&world).await;
    let all = "query ($input: StatisticTableInput!, $side: OwnSide!) { organisationTable(input: $input, side: $side) { measure measures
        cells { period keys value status figures { measure value status } } totals { period value figures { measure value } } } }";
    for (viewer, side) in [(SENDER, OwnSide::Sent), (RECEIVER, OwnSide::Received)] {
        let client = world.client(viewer, Role::Analyst).await;
        for name in StatisticTableName::ALL {
            let measures = name.table().measures;
            // The last one comes first, and one that is there twice counts once.
            let asked: Vec<Measure> = measures.iter().rev().copied().collect();
            let mut several = input(*name, asked[0], PeriodKind::Year, &months);
            let repeated = [&asked[..], &asked[..1]].concat();
            several["measures"] = json!(repeated);
            let answer = client.data(all, json!({ "input": several, "side": side })).await["organisationTable"].take();
            assert_eq!((&answer["measure"], &answer["measures"]), (&json!(asked[0]), &json!(asked)), "{name}");
            for (place, measure) in asked.iter().enumerate() {
                let alone = table(&client, &input(*name, *measure, PeriodKind::Year, &months), side).await;
                for list in ["cells", "totals"] {
                    let (together, alone) = (answer[list].as_array().expect("a list"), alone[list].as_array().expect("a list"));
                    assert_eq!(together.len(), alone.len(), "{name} {measure} {list}");
                    for (one, other) in together.iter().zip(alone) {
                        let figure = &one["figures"][place];
                        assert_eq!((&one["period"], &figure["measure"]), (&other["period"], &json!(measure)));
                        assert_eq!(figure["value"], other["value"], "{name} {measure} {list}");
                        assert_eq!(one["value"], one["figures"][0]["value"]);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_document_can_ask_for_some_tables_and_not_for_any_number_of_them() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let document = |tables: usize, months: &str| {
        let tables: Vec<String> = (0..tables)
            .map(|number| {
                format!(
                    "t{number}: organisationTable(input: {{ name: REFERRALS_BY_COUNTY, measure: \"CREATED\", {months} }}) {{ cells {{ period keys value }} totals {{ period value }} }}"
                )
            })
            .collect();
        format!("{{ {} }}", tables.join(" "))
    };
    let (year, five) = ("from: \"2026-01\", through: \"2026-12\"", "from: \"2022-01\", through: \"2026-12\"");
    for (tables, months, answered) in [(10, year, true), (3, five, true), (20, year, false), (10, five, false)] {
        let answer = analyst.run(&document(tables, months), json!({})).await;
        let code = if answered { Value::Null } else { json!("TOO_COSTLY") };
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{tables} of {months}");
    }
    // A year costs as much as its months, however few figures are shown.
    let years: Vec<String> = (0..20)
        .map(|number| {
            format!(
                "t{number}: organisationTable(input: {{ name: REFERRALS_BY_COUNTY, measure: \"CREATED\", period: YEAR, {five} }}) {{ totals {{ value }} }}"
            )
        })
        .collect();
    let answer = analyst.run(&format!("{{ {} }}", years.join(" ")), json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COSTLY");
}
