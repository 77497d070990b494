use async_graphql::Variables;
use async_graphql::parser::parse_query;
use proptest::prelude::*;
use serde_json::json;

use super::{Lengths, check};
use crate::error_code::ErrorCode;
use crate::http::code::Rejection;

fn checked(document: &str) -> Result<super::Roots, Rejection> {
    check(&parse_query(document).expect("a test's own document parses"), &Variables::default(), &Lengths::default())
}

fn passes(document: &str) {
    assert!(checked(document).is_ok(), "{document}: {:?}", checked(document));
}

fn refused(document: &str, limit: &str) {
    let refusal = checked(document).expect_err(document);
    assert_eq!(refusal.code, ErrorCode::TooCostly, "{document}");
    assert!(refusal.message.in_english().contains(limit), "{document}: {:?}", refusal.message);
    let told = refusal.limit.expect("it names the limit");
    assert!(told.asked > told.allowed && limit.starts_with(&told.allowed.to_string()), "{document}: {told:?}");
}

fn aliases(count: usize) -> String {
    (0..count).map(|index| format!("a{index}: name ")).collect()
}

fn nested(depth: usize) -> String {
    format!("{}{}{}", "{ child ".repeat(depth - 1), "{ name }", " }".repeat(depth - 1))
}

#[test]
fn fifty_aliases_pass_and_a_fragment_counts_once() {
    passes(&format!("{{ {} }}", aliases(50)));
    refused(&format!("{{ {} }}", aliases(51)), "50 aliases");
    refused(&format!("{{ {} a: __typename }}", aliases(50)), "50 aliases");
    passes(&format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on T {{ {} }}", aliases(50)));
    refused(&format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on T {{ {} }}", aliases(51)), "50 aliases");
}

#[test]
fn five_hundred_fields_pass_and_the_names_of_types_are_free() {
    passes(&format!("{{ {} }}", "a ".repeat(500)));
    refused(&format!("{{ {} }}", "a ".repeat(501)), "500 fields");
    passes(&format!("{{ {} {} }}", "__typename ".repeat(1_000), "a ".repeat(500)));
    refused(&format!("{{ {} t: __typename }}", "a ".repeat(500)), "500 fields");
    refused(&format!("query ($x: Boolean!) {{ {} }}", "__typename @skip(if: $x) ".repeat(501)), "500 fields");
    refused(&format!("{{ {} }}", "__typename @include(if: true) ".repeat(501)), "500 fields");
    let spread = format!("{{ {} }} fragment f on T {{ {} }}", "...f ".repeat(20), "__typename @include(if: true) ".repeat(100));
    refused(&spread, "2000 selections");
    passes(&format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on T {{ {} }}", "a ".repeat(498)));
    refused(&format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on T {{ {} }}", "a ".repeat(499)), "500 fields");
    // A fragment is validated even if no operation spreads it.
    refused(&format!("{{ x }} fragment f on T {{ {} }}", "a ".repeat(500)), "500 fields");
    let told = checked(&format!("{{ {} }}", "a ".repeat(777))).expect_err("too many").limit.expect("it names the limit");
    assert_eq!((told.name, told.asked, told.allowed), ("fields", 777, 500));
}

#[test]
fn what_is_spread_is_walked_as_often_as_it_is_spread() {
    let spread = |count: usize| format!("{{ {} }} fragment f on T {{ {} }}", "...f ".repeat(count), "a ".repeat(99));
    passes(&spread(20));
    refused(&spread(21), "2000 selections");
}

#[test]
fn twelve_fields_inside_each_other_pass() {
    passes(&nested(12));
    refused(&nested(13), "12 fields inside each other");
    let inline = |count| format!("{{ x {{ {} name {} }} }}", "... on T { ".repeat(count), "} ".repeat(count));
    passes(&inline(15));
    refused(&inline(16), "16 nested selections");
}

#[test]
fn a_hundred_elements_pass() {
    for (count, within) in [(100, true), (101, false)] {
        let ids = "1 ".repeat(count);
        let literals = [
            format!("{{ nodes(ids: [{ids}]) }}"),
            format!("{{ nodes(filter: {{ ids: [[{ids}]] }}) }}"),
            format!("{{ name @include(if: [{ids}]) }}"),
            format!("query($ids: [ID!] = [{ids}]) {{ nodes(ids: $ids) }}"),
        ];
        for document in literals {
            if within { passes(&document) } else { refused(&document, "100 elements") }
        }
        let variables = Variables::from_json(json!({ "filter": { "ids": [vec!["x"; count]] } }));
        let document = parse_query("query($filter: F) { nodes(filter: $filter) }").expect("it parses");
        assert_eq!(check(&document, &variables, &Lengths::default()).is_ok(), within);
    }
}

#[test]
fn a_thousand_rotations_pass_and_nothing_else_gets_longer_for_it() {
    let checked_with = |document: &str, variables: serde_json::Value| {
        check(&parse_query(document).expect("it parses"), &Variables::from_json(variables), &Lengths::default()).is_ok()
    };
    let whole = "mutation($input: I!) { rotate(input: $input) }";
    let alone = "mutation($rotations: [R!]!) { rotate(input: { rotations: $rotations }) }";
    for (count, within) in [(101, true), (1_000, true), (1_001, false)] {
        let items = vec![json!({ "from": "a", "to": "b" }); count];
        assert_eq!(checked_with(whole, json!({ "input": { "rotations": items } })), within, "{count}");
        assert_eq!(checked_with(alone, json!({ "rotations": items })), within, "{count}");
        let written = format!("mutation {{ rotate(input: {{ rotations: [{}] }}) }}", "{ from: \"a\" } ".repeat(count));
        assert_eq!(checked(&written).is_ok(), within, "{count}");
    }
    for variables in [
        json!({ "input": { "rotation": vec!["x"; 101] } }),
        json!({ "input": { "rotations": [vec!["x"; 101]] } }),
        json!({ "rotations": vec!["x"; 101] }),
        json!({ "input": { "rotations": vec!["x"; 101] } }),
        json!({ "input": { "rotations": [{ "from": vec!["x"; 101] }] } }),
        json!({ "input": { "rotations": { "ids": vec!["x"; 101] } } }),
    ] {
        assert!(!checked_with(whole, variables.clone()), "{variables}");
    }
    refused(&format!("mutation {{ rotate(input: {{ rotations: [[{}]] }}) }}", "1 ".repeat(101)), "100 elements");
}

#[test]
fn a_thousand_ids_of_referrals_pass_and_nothing_else_gets_longer_for_it() {
    let whole = "mutation($input: I!) { assign(input: $input) }";
    let checked_with = |variables: serde_json::Value| {
        check(&parse_query(whole).expect("it parses"), &Variables::from_json(variables), &Lengths::default()).is_ok()
    };
    for (count, within) in [(101, true), (1_000, true), (1_001, false)] {
        assert_eq!(checked_with(json!({ "input": { "referralIds": vec!["x"; count] } })), within, "{count}");
        let written = format!("mutation {{ assign(input: {{ referralIds: [{}] }}) }}", "\"x\" ".repeat(count));
        assert_eq!(checked(&written).is_ok(), within, "{count}");
    }
    for variables in [
        json!({ "input": { "userIds": vec!["x"; 101] } }),
        json!({ "input": { "referralIds": vec![1; 101] } }),
        json!({ "input": { "referralIds": vec![json!({}); 101] } }),
        json!({ "input": { "referralIds": [vec!["x"; 101]] } }),
        json!({ "input": { "referralIds": { "ids": vec!["x"; 101] } } }),
    ] {
        assert!(!checked_with(variables.clone()), "{variables}");
    }
}

#[test]
fn operations_fragments_and_directives() {
    let operations = |count| (0..count).map(|index| format!("query q{index} {{ a }} ")).collect::<String>();
    passes(&operations(5));
    refused(&operations(6), "5 operations");
    let fragments = |count| (0..count).map(|index| format!("fragment f{index} on T {{ a }} ")).collect::<String>();
    passes(&format!("{{ a }} {}", fragments(50)));
    refused(&format!("{{ a }} {}", fragments(51)), "50 fragments");
    let variables = |count| format!("query({}) {{ a }}", (0..count).map(|index| format!("$v{index}: Int ")).collect::<String>());
    passes(&variables(100));
    refused(&variables(101), "100 variables");
    let sent = |count: usize| (0..count).map(|index| (format!("v{index}"), json!(1))).collect::<serde_json::Map<_, _>>();
    let document = parse_query("{ a }").expect("it parses");
    let with = |count| check(&document, &Variables::from_json(json!(sent(count))), &Lengths::default());
    assert!(with(100).is_ok());
    assert_eq!(with(101).expect_err("too many").limit.map(|limit| limit.name), Some("variables"));
    for on in ["{ a # }", "query # { a }", "{ ... # { a } }", "{ ...f # } fragment f on T { a }", "{ a } fragment f on T # { a }"]
    {
        passes(&on.replace('#', &"@skip(if: false) ".repeat(4)));
        refused(&on.replace('#', &"@skip(if: false) ".repeat(5)), "4 directives");
    }
}

#[test]
fn a_mutation_has_ten_root_fields() {
    passes(&format!("mutation {{ {} }}", "a ".repeat(10)));
    refused(&format!("mutation {{ {} }}", "a ".repeat(11)), "10 root fields");
    refused(&format!("mutation {{ ...f }} fragment f on M {{ {} }}", "a ".repeat(11)), "10 root fields");
    passes(&format!("query {{ {} }}", "a ".repeat(11)));
}

#[test]
fn fragments_that_explode_or_go_round() {
    let spread = |index: usize| format!("...f{} ", index + 1).repeat(50);
    let bomb: String = (0..9).map(|index| format!("fragment f{index} on T {{ {} }} ", spread(index))).collect();
    let refusal = checked(&format!("{{ ...f0 }} {bomb}")).expect_err("a bomb");
    assert_eq!(refusal.code, ErrorCode::TooCostly);
    // Fragments that lie deep in each other don't overflow the stack of the walk either.
    let deep = |index: usize| format!("fragment f{index} on T {} ", nested(60).replace("name", &format!("...f{}", index + 1)));
    let chain: String = (0..50).map(deep).collect();
    assert_eq!(checked(&format!("{{ ...f0 }} {chain}")).expect_err("a chain").code, ErrorCode::TooCostly);
    let round = checked("{ ...a } fragment a on T { ...b } fragment b on T { x { ...a } }").expect_err("a circle");
    assert_eq!(round.code, ErrorCode::BadRequest);
    let unused = checked("{ x } fragment a on T { ...b } fragment b on T { ...a }").expect_err("a circle");
    assert_eq!(unused.code, ErrorCode::BadRequest);
}

#[test]
fn introspection_has_a_budget_of_its_own() {
    let of_type = |depth: usize| format!("{{ __schema {{ types {} }} }}", nested(depth - 2).replace("child", "ofType"));
    passes(&of_type(20));
    refused(&of_type(21), "20 fields inside each other");
    let roots =
        checked("{ __schema { types { name } } ...f } fragment f on Query { __type(name: \"T\") { name } }").expect("passes");
    assert!(roots.introspects && !roots.reads);
    let mixed = checked("{ __schema { types { name } } viewer { id } }").expect("passes");
    assert!(mixed.introspects && mixed.reads);
    assert!(!checked("{ __typename }").expect("passes").introspects);
    refused(&of_type(13).replacen('{', "{ viewer ", 1), "12 fields inside each other");
}

/// A selection set as text, with any nesting, aliases, arguments and fragments.
fn selection_set() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("name".to_owned()),
        Just("__typename".to_owned()),
        Just("__schema { types { name } }".to_owned()),
        (0..12_usize).prop_map(|index| format!("...f{index}")),
        (0..130_usize).prop_map(|count| format!("a(b: [{}])", "1 ".repeat(count))),
    ];
    let selection = leaf.prop_recursive(14, 120, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..8).prop_map(|items| format!("child {{ {} }}", items.join(" "))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| format!("... on T {{ {} }}", items.join(" "))),
            ("[a-z]{1,4}", prop::collection::vec(inner, 1..4))
                .prop_map(|(alias, items)| format!("{alias}: x {{ {} }}", items.join(" "))),
        ]
    });
    prop::collection::vec(selection, 1..12).prop_map(|items| format!("{{ {} }}", items.join(" ")))
}

proptest! {
    // Few cases, because each is large.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_documents_never_panic(
        kind in prop_oneof![Just("query"), Just("mutation"), Just("subscription")],
        operation in selection_set(),
        fragments in prop::collection::vec(selection_set(), 0..12),
    ) {
        let fragments: String = fragments.iter().enumerate().map(|(index, set)| format!(" fragment f{index} on T {set}")).collect();
        if let Ok(document) = parse_query(format!("{kind} {operation}{fragments}")) {
            let _ = check(&document, &Variables::default(), &Lengths::default());
        }
    }

}

proptest! {
    #[test]
    fn counts_are_exact(aliases_in in 0..60_usize, plain in 400..500_usize, depth in 2..15_usize) {
        let document = format!("{{ {} {} {} }}", aliases(aliases_in), "name ".repeat(plain), &nested(depth)[1..].trim_end_matches('}'));
        let fields = aliases_in + plain + depth;
        prop_assert_eq!(checked(&document).is_ok(), aliases_in <= 50 && fields <= 500 && depth <= 12, "{}", document);
    }

    #[test]
    fn random_text_never_panics(text in "[{}()\\[\\]\"#\\\\:!$@.a-c \n]{0,200}") {
        if crate::http::graphql::document::brackets_check(&text).is_ok() && let Ok(document) = parse_query(&text) {
            let _ = check(&document, &Variables::default(), &Lengths::default());
        }
    }
}

#[test]
fn lists_of_the_schema_inside_each_other_multiply_and_are_bounded() {
    passes("{ __schema { types { fields { args { name } } } } }");
    passes("{ __type(name: \"Node\") { possibleTypes { interfaces { name } } } }");
    refused("{ __type(name: \"Node\") { possibleTypes { interfaces { possibleTypes { interfaces { name } } } } } }", "3 lists");
}
