use super::{NOT_VALID, Validator};
use crate::http::limit;

const SCHEMA: &str = "
    scalar Code
    enum Colour { RED GREEN }
    input Filter { colour: Colour colours: [Colour!] first: Int! = 1 name: String! inner: Filter }
    interface Named { name: String }
    type Cat implements Named { name: String lives: Int }
    type Dog implements Named { name: String barks(loud: Boolean!): Boolean }
    type Query { one(filter: Filter, id: ID): Named cats(first: Int! = 1, codes: [Code!]): [Cat!]! }
    type Subscription { changed(id: ID): Cat other: Cat }
";

fn validator() -> Validator {
    Validator::new(SCHEMA).expect("the schema is valid")
}

#[test]
fn documents_are_valid_or_not_as_the_specification_says() {
    let validator = validator();
    for (document, valid) in [
        ("{ one { name __typename } }", true),
        ("{ one { __typename @skip(if: true) } }", true),
        // `__typename` is a field like any other.
        ("{ one { __typename @skip } }", false),
        ("{ one { __typename(of: 1) } }", false),
        ("{ one { __typename { name } } }", false),
        ("query($a: Boolean!) { one { __typename @include(if: $a) } }", true),
        ("query($a: Int) { one { __typename @include(if: $a) } }", false),
        ("{ one { __typename @include(if: $a) } }", false),
        // A variable in a fragment that no operation spreads isn't used.
        ("query($a: ID) { one { name } } fragment F on Query { one(id: $a) { name } }", false),
        ("query($a: ID) { ...F } fragment F on Query { one(id: $a) { name } }", true),
        // Types that exclude each other may use one response name differently.
        ("{ one { ... on Cat { n: lives } ... on Dog { m: name } } }", true),
        ("{ one { ... on Cat { n: name } ... on Dog { n: name } } }", true),
        ("{ one { ... on Cat { n: lives } ... on Dog { n: name } } }", false),
        ("{ one { n: name n: __typename } }", false),
        // Variables inside lists and input objects.
        ("query($a: Int) { cats(first: $a) { name } }", true),
        ("query($a: Int = null) { cats(first: $a) { name } }", true),
        ("query($a: String) { one(filter: { name: $a }) { name } }", false),
        ("query($a: String = \"x\") { one(filter: { name: $a }) { name } }", true),
        ("query($a: String = null) { one(filter: { name: $a }) { name } }", false),
        ("query($a: String!) { one(filter: { name: $a }) { name } }", true),
        ("query($a: Int) { one(filter: { name: \"x\", first: $a }) { name } }", true),
        ("query($a: Colour) { one(filter: { name: \"x\", colours: [$a] }) { name } }", false),
        ("query($a: Colour!) { one(filter: { name: \"x\", colours: [$a] }) { name } }", true),
        ("query($a: Code) { cats(codes: [$a]) { name } }", false),
        ("query($a: String) { ...F } fragment F on Query { one(filter: { name: \"x\", inner: { name: $a } }) { name } }", false),
        ("{ one(filter: { name: \"x\", name: \"y\" }) { name } }", false),
        ("query($f: Filter = { name: \"x\", name: \"y\" }) { one(filter: $f) { name } }", false),
        ("{ __type(name: \"Cat\") { fields { type { fields { name } } } isOneOf } }", true),
        ("{ __type(name: \"Cat\") { fields { type { fields { type { fields { name } } } } } } }", false),
    ] {
        assert_eq!(validator.check(document, true).is_ok(), valid, "{document}: {:?}", validator.check(document, true));
    }
}

#[test]
fn a_subscription_has_one_root_field() {
    let validator = validator();
    for (document, valid) in [
        ("subscription { changed { name } }", true),
        ("subscription { changed { name } changed { lives } }", true),
        ("subscription { ... { changed { name } } ...F } fragment F on Subscription { changed { lives } }", true),
        ("subscription { changed { name } other { name } }", false),
        ("subscription { a: changed { name } b: changed { name } }", false),
        ("subscription { a: changed(id: 1) { name } a: changed(id: 2) { name } }", false),
        ("subscription { ...F other { name } } fragment F on Subscription { changed { lives } }", false),
        ("subscription { ...F } fragment F on Subscription { ...F }", false),
        ("subscription { __typename }", false),
        ("subscription { changed { name } __typename }", false),
        ("subscription { nothing }", false),
        ("subscription { changed { name } @skip(if: false) }", false),
        ("subscription { changed @include(if: true) { name } }", false),
        ("subscription { ... @skip(if: false) { changed { name } } }", false),
        ("query($no: Boolean!) { ... @skip(if: $no) { one { name } } }", true),
    ] {
        assert_eq!(validator.check(document, true).is_ok(), valid, "{document}: {:?}", validator.check(document, true));
    }
}

#[test]
fn what_is_wrong_is_told_without_values_and_in_few_words() {
    let validator = validator();
    let told = |document: &str, explain| validator.check(document, explain).expect_err(document).0;
    for (document, words) in [
        ("{ cats(first: \"0712345678\") { name } }", "Int"),
        ("{ cats(first: 712345678712) { name } }", "int"),
        ("{ one(filter: { name: \"x\", colour: WANJIKU }) { name } }", "`Colour`"),
        ("{ a: one(id: \"0712345678\") { name } a: one(id: \"0712345679\") { name } }", "arguments"),
    ] {
        let message = told(document, true)[0].message.in_english();
        assert!(message.contains(words), "{message}");
        assert!(!message.contains("712345") && !message.contains("WANJIKU"), "{message}");
        assert_eq!(told(document, false)[0].message.in_english(), NOT_VALID);
        assert_eq!(told(document, true)[0].locations.len(), 1, "{document}");
    }
    let many = format!("{{ {} }}", (0..400).map(|at| format!("f{at} ")).collect::<String>());
    assert_eq!(told(&many, true).len(), limit::ERRORS.allowed);
}

#[test]
fn a_document_that_was_valid_is_remembered_and_a_wrong_one_is_not() {
    let validator = validator();
    for _ in 0..3 {
        assert!(validator.check("{ cats { name } }", true).is_ok());
        assert!(validator.check("{ cats { nothing } }", true).is_err());
    }
    for at in 0..1_100 {
        assert!(validator.check(&format!("{{ c{at}: cats {{ name }} }}"), true).is_ok());
    }
    assert_eq!(validator.valid.lock().expect("nobody failed").len(), super::REMEMBERED);
}

#[test]
fn a_schema_that_is_not_valid_is_told_at_the_start() {
    assert!(Validator::new("type Query { a: Nothing }").is_err());
}
