use apollo_compiler::Schema;
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use serde_json::{Value as Json, json};

use super::check;

const SCHEMA: &str = "
    scalar Code
    enum Colour { RED GREEN }
    input Item { county: String! colour: Colour count: Int = 1 }
    input Filter { items: [Item!] code: Code deep: [[Int]] }
    type Query { a: Int }
";

/// What is wrong with the value of a variable of that type, if something is.
fn wrong(ty: &str, value: &Json, explain: bool) -> Option<String> {
    let schema = Schema::parse_and_validate(SCHEMA, "schema").expect("the schema is valid");
    let document = parse_query(format!("query($input: {ty}) {{ a }}")).expect("it parses");
    let (_, operation) = document.operations.iter().next().expect("an operation");
    let mut variables = Variables::from_json(json!({ "input": value }));
    check(&operation.node, &mut variables, &schema, explain).err().map(|wrong| wrong.message.in_english())
}

#[test]
fn values_are_of_their_types() {
    for (ty, value) in [
        ("Int", json!(7)),
        ("Int", json!(null)),
        ("Float", json!(7)),
        ("Float", json!(7.5)),
        ("String", json!("x")),
        ("Boolean", json!(true)),
        ("ID", json!("x")),
        ("ID", json!(7)),
        ("Code", json!({ "any": [1] })),
        ("Colour!", json!("RED")),
        ("[Colour!]!", json!("RED")),
        ("[Colour]", json!(["RED", null])),
        ("Filter", json!({})),
        ("Filter!", json!({ "items": { "county": "047" }, "code": 1, "deep": [[1, null], 2] })),
    ] {
        assert_eq!(wrong(ty, &value, true), None, "{ty} {value}");
    }
}

#[test]
fn what_is_wrong_is_told_by_its_path_and_type_and_never_by_its_value() {
    for (ty, value, told) in [
        ("Int", json!("0712345678"), "`$input` must be a value of Int."),
        ("Int", json!(71_234_567_800_i64), "`$input` must be a value of Int."),
        ("Int", json!(71_234_567.5), "`$input` must be a value of Int."),
        ("Int!", json!(null), "The variable $input is required."),
        ("String", json!(712_345_678), "`$input` must be a value of String."),
        ("Boolean", json!("true"), "`$input` must be a value of Boolean."),
        ("ID", json!(1.5), "`$input` must be a value of ID."),
        ("Colour", json!("WANJIKU"), "`$input` must be a value of Colour."),
        ("[Colour!]", json!(["RED", null]), "`$input[1]` must not be null: it is Colour!."),
        ("Filter", json!("0712345678"), "`$input` must be an object: it is Filter."),
        ("Filter", json!([]), "`$input` must be an object: it is Filter."),
        (
            "Filter",
            json!({ "items": [{ "county": "x" }, { "county": 712_345_678 }] }),
            "`$input.items[1].county` must be a value of String.",
        ),
        ("Filter", json!({ "items": [{}] }), "`$input.items[0].county` is required: it is String!."),
        ("Filter", json!({ "items": [{ "county": null }] }), "`$input.items[0].county` must not be null: it is String!."),
        ("Filter", json!({ "deep": [[1], [1, "0712345678"]] }), "`$input.deep[1][1]` must be a value of Int."),
        ("Filter", json!({ "wanjiku0712345678": 1 }), "`$input` has a field that Filter doesn't have."),
    ] {
        let message = wrong(ty, &value, true).unwrap_or_else(|| panic!("{ty} {value} passes"));
        assert!(message.ends_with(told), "{message}");
        let terse = wrong(ty, &value, false).expect("it is as wrong");
        assert!(terse.contains("$input") && !terse.contains("items"), "{terse}");
        for message in [message, terse] {
            assert!(!message.contains("71234567") && !message.to_lowercase().contains("wanjiku"), "{message}");
        }
    }
}

#[test]
fn a_default_stands_for_what_is_missing() {
    let schema = Schema::parse_and_validate(SCHEMA, "schema").expect("the schema is valid");
    let document = parse_query("query($a: Int! = 3, $b: Int = 4, $c: Int) { a }").expect("it parses");
    let (_, operation) = document.operations.iter().next().expect("an operation");
    let mut variables = Variables::from_json(json!({ "b": null }));
    check(&operation.node, &mut variables, &schema, true).expect("they are right");
    assert_eq!(serde_json::to_value(&variables).expect("JSON"), json!({ "a": 3, "b": null }));
}
