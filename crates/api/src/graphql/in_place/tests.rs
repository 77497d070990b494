use std::sync::{Arc, Mutex};

use async_graphql::{EmptyMutation, EmptySubscription, Error, Interface, Object, Request, Result, Schema};
use tokio::task::yield_now;

use super::*;

/// Notes what is resolved, in order.
type Begun = Arc<Mutex<Vec<&'static str>>>;

fn note(context: &Context<'_>, name: &'static str) {
    context.data_unchecked::<Begun>().lock().expect("nothing panicked").push(name);
}

#[derive(Clone)]
struct Leaf;

#[Object]
impl Leaf {
    async fn at_once(&self, context: &Context<'_>) -> i32 {
        note(context, "at once");
        1
    }

    async fn later(&self, context: &Context<'_>) -> &str {
        note(context, "later");
        yield_now().await;
        note(context, "later, ended");
        "later"
    }

    async fn much_later(&self, context: &Context<'_>) -> Vec<i32> {
        note(context, "much later");
        yield_now().await;
        yield_now().await;
        note(context, "much later, ended");
        vec![1, 2]
    }

    async fn nothing(&self, context: &Context<'_>) -> Option<i32> {
        note(context, "nothing");
        None
    }

    async fn fails(&self, context: &Context<'_>) -> Option<Result<i32>> {
        note(context, "fails");
        Some(Err(Error::new("a failure")))
    }

    async fn fails_later(&self, context: &Context<'_>) -> Option<Result<i32>> {
        note(context, "fails later");
        yield_now().await;
        Some(Err(Error::new("a later failure")))
    }

    async fn fails_whole(&self, context: &Context<'_>) -> Result<i32> {
        note(context, "fails whole");
        Err(Error::new("a failure of the whole"))
    }

    async fn with(&self, number: i32) -> i32 {
        number
    }

    async fn library(&self) -> Twig {
        Twig
    }

    async fn ours(&self) -> InPlace<Twig> {
        InPlace(Twig)
    }
}

/// An object in an object.
struct Twig;

#[Object]
impl Twig {
    async fn at_once(&self) -> i32 {
        2
    }

    async fn later(&self, context: &Context<'_>) -> i32 {
        note(context, "a twig's");
        yield_now().await;
        3
    }

    async fn fails(&self) -> Option<Result<i32>> {
        Some(Err(Error::new("a twig's failure")))
    }

    async fn fails_whole(&self) -> Result<i32> {
        Err(Error::new("a failure of the whole twig"))
    }
}

#[derive(Interface)]
#[graphql(field(name = "at_once", ty = "i32"))]
enum Any {
    Leaf(Leaf),
}

struct Query;

#[Object]
impl Query {
    async fn library(&self) -> Option<Leaf> {
        Some(Leaf)
    }

    async fn ours(&self) -> Option<InPlace<Leaf>> {
        Some(InPlace(Leaf))
    }

    async fn library_list(&self) -> Option<Vec<Leaf>> {
        Some(vec![Leaf, Leaf])
    }

    async fn ours_list(&self) -> Option<Vec<InPlace<Leaf>>> {
        Some(vec![InPlace(Leaf), InPlace(Leaf)])
    }

    async fn any(&self) -> Any {
        Any::Leaf(Leaf)
    }
}

fn schema() -> (Schema<Query, EmptyMutation, EmptySubscription>, Begun) {
    let begun = Begun::default();
    (Schema::build(Query, EmptyMutation, EmptySubscription).data(Arc::clone(&begun)).finish(), begun)
}

/// The answer to a selection below that field, and what was begun in which order.
async fn answer(
    (schema, begun): &(Schema<Query, EmptyMutation, EmptySubscription>, Begun),
    field: &str,
    selection: &str,
    plain: bool,
) -> (String, Vec<&'static str>) {
    let mut used = String::new();
    for (name, fragment) in [
        ("...F", "fragment F on Leaf { one: atOnce later ...G } fragment G on Leaf { nothing }"),
        ("...A", "fragment A on Any { two: atOnce }"),
    ] {
        if selection.contains(name) {
            used.push_str(fragment);
        }
    }
    let document = format!("{{ answer: {field} {{ {selection} }} }} {used}");
    let response = schema.execute(Request::new(document).data(Plain(plain))).await;
    let order = std::mem::take(&mut *begun.lock().expect("nothing panicked"));
    // Where an error stands in the text depends on the name of the field.
    let errors: Vec<_> = response.errors.iter().map(|error| (&error.message, &error.path)).collect();
    (format!("{} {errors:?}", serde_json::to_string(&response.data).expect("JSON")), order)
}

const FIELDS: [&str; 18] = [
    "atOnce",
    "later",
    "muchLater",
    "nothing",
    "fails",
    "failsLater",
    "failsWhole",
    "__typename",
    "alias: later",
    "atOnce",
    "with(number: 3)",
    "other: with(number: 4)",
    "... { nothing }",
    "... on Leaf { name: __typename muchLater }",
    "...F",
    "...A",
    "a: ours { later fails atOnce }",
    "b: library { failsWhole }",
];

/// Whatever is selected, in whatever order: the answer, its errors and the order in which everything is begun are the library's.
#[tokio::test]
async fn the_answer_is_that_of_the_library() {
    let (schema, mut selections) = (schema(), Vec::new());
    for first in FIELDS {
        for second in FIELDS {
            for third in ["atOnce", "later", "failsLater", "...F"] {
                selections.push(format!("{first} {second} {third}"));
            }
        }
    }
    for selection in selections {
        let twice = ["...F", "...A", "ours", "library"].iter().any(|name| selection.matches(name).count() > 1);
        for (library, ours) in [("library", "ours"), ("libraryList", "oursList")] {
            let expected = answer(&schema, library, &selection, true).await;
            if !twice {
                assert_eq!(answer(&schema, ours, &selection, true).await, expected, "{selection}");
            }
            assert_eq!(answer(&schema, ours, &selection, false).await, expected, "{selection}, which isn't plain");
        }
    }
}

/// The library joins few fields in one way and many in another, in which a failure keeps no field from beginning.
#[tokio::test]
async fn many_fields_are_joined_as_the_library_joins_them() {
    let schema = schema();
    for count in 28..34 {
        let mut selection = "failsLater failsWhole later".to_owned();
        for number in 3..count {
            let field = ["with(number: 1)", "fails", "later"][number % 3];
            selection.push_str(&format!(" a{number}: {field}"));
        }
        assert_eq!(
            answer(&schema, "ours", &selection, true).await,
            answer(&schema, "library", &selection, true).await,
            "{count}"
        );
    }
}

#[tokio::test]
async fn what_waits_keeps_nobody_waiting() {
    let (answer, order) = answer(&schema(), "ours", "muchLater later atOnce", true).await;
    assert_eq!(answer, r#"{"answer":{"muchLater":[1,2],"later":"later","atOnce":1}} []"#);
    assert_eq!(order, ["much later", "later", "at once", "later, ended", "much later, ended"]);
}

#[test]
fn nothing_of_it_shows_in_the_schema() {
    let sdl = schema().0.sdl();
    assert!(sdl.contains("ours: Leaf\n") && sdl.contains("oursList: [Leaf!]\n"), "{sdl}");
}
