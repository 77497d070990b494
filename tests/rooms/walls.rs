//! The rooms of crates/api, and which of them may import which.

use crate::{
    graph::line,
    imports::imports,
    source::{Crate, crates, read},
};

const API: &str = "api";

/// The rooms below all features, each with the rooms or files that it may import. None of them may import a feature.
const FOUNDATIONS: [(&str, &[&str]); 7] = [
    ("error_code", &[]),
    ("i18n", &[]),
    ("keys", &[]),
    ("audit_chain", &["keys"]),
    ("auth", &["keys"]),
    ("graphql", &["error_code", "i18n", "keys"]),
    (
        "http",
        &[
            "auth",
            "error_code",
            "i18n",
            "keys",
            "graphql/batch",
            "graphql/live",
            "graphql/news",
            "graphql/plain",
            "graphql/queue",
            "graphql/session_activity",
        ],
    ),
];

/// What every feature may import, besides the features before it.
const KIT: [&str; 3] = ["graphql", "i18n", "keys"];

/// The features, in an order in which each imports only those before it. `node` is among them: it knows everything that has a
/// global id, and the features after it can name any of that.
const FEATURES: [&str; 15] = [
    "organisation",
    "facility",
    "service",
    "user",
    "referral",
    "client_report",
    "training",
    "sensitisation",
    "violation",
    "client_right",
    "statistic",
    "node",
    "task",
    "viewer",
    "caption",
];

/// The rooms that put the others together. Each may import everything listed before it.
const ASSEMBLY: [&str; 5] = ["schema", "app", "jobs", "cli", "main"];

/// Declares the rooms and contains nothing else.
const ROOT: &str = "lib";

fn rooms() -> impl Iterator<Item = &'static str> {
    let foundations = FOUNDATIONS.iter().map(|(room, _)| *room);
    foundations.chain(FEATURES).chain(ASSEMBLY).chain([ROOT])
}

/// The rooms and single files that a room may import, besides itself.
fn may_import(room: &str) -> Vec<&'static str> {
    if let Some((_, rooms)) = FOUNDATIONS.iter().find(|(name, _)| *name == room) {
        return rooms.to_vec();
    }
    if let Some(at) = FEATURES.iter().position(|feature| *feature == room) {
        return [&KIT[..], &FEATURES[..at]].concat();
    }
    if ASSEMBLY.contains(&room) { rooms().take_while(|other| *other != room).collect() } else { Vec::new() }
}

/// The room that a file is in: `graphql` for `graphql.rs` and for `graphql/scope.rs`.
fn room(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or(path)
}

fn is_part_of(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// The imports that no rule allows, as text.
fn breaches(folder: &str, of: &Crate) -> Vec<String> {
    let is_breach =
        |from: &str, to: &str| room(from) != room(to) && !may_import(room(from)).iter().any(|name| is_part_of(to, name));
    let all = imports(of).all;
    let found = all.iter().filter(|import| is_breach(&of.files[import.from].path, &of.files[import.to].path));
    found.map(|import| line(folder, of, import)).collect()
}

#[test]
fn no_room_imports_what_its_walls_keep_out() {
    let (_, sources) = crates().into_iter().find(|(name, _)| name == API).expect("the api");
    let breaches = breaches(API, &read(API, &sources));
    assert!(breaches.is_empty(), "{} imports through walls:\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn every_file_is_in_a_room_and_every_room_is_there() {
    let (_, sources) = crates().into_iter().find(|(name, _)| name == API).expect("the api");
    let homeless: Vec<_> = sources.keys().filter(|path| !rooms().any(|name| name == room(path))).collect();
    assert!(homeless.is_empty(), "files of crates/api/src whose room isn't in the table: {homeless:#?}");
    let gone: Vec<_> = rooms().filter(|name| !sources.keys().any(|path| room(path) == *name)).collect();
    assert!(gone.is_empty(), "rooms of the table without a file: {gone:?}");
    let single: Vec<_> = FOUNDATIONS.iter().flat_map(|(_, rooms)| rooms.iter()).filter(|name| name.contains('/')).collect();
    let lost: Vec<_> = single.iter().filter(|name| !sources.keys().any(|path| is_part_of(path, name))).collect();
    assert!(lost.is_empty(), "files of the table that aren't there: {lost:?}");
}

#[test]
fn a_breach_is_told_with_its_file_and_line() {
    let of = |importer: &str, path: &str| {
        let sources = rooms().chain(["http/reply", "graphql/batch", "graphql/scope"]).map(|name| {
            let text = match name {
                ROOT => rooms().filter(|room| ![ROOT, "main"].contains(room)).map(|room| format!("mod {room};")).collect(),
                "http" => "mod reply;".to_owned(),
                "graphql" => "pub mod batch; pub mod scope; pub use scope::Item as Scope;".to_owned(),
                _ => String::new(),
            };
            let text = if name == importer { format!("{text}\nuse crate::{path} as Other;") } else { text };
            (format!("{name}.rs"), format!("{text}\npub struct Item;"))
        });
        breaches("made_up", &read("made_up", &sources.collect()))
    };
    for (importer, path) in [
        ("task", "referral::Item"),
        ("task", "graphql::Scope"),
        ("http", "graphql::batch::Item"),
        ("http/reply", "auth::Item"),
        ("schema", "caption::Item"),
        ("app", "http::Item"),
        ("cli", "jobs::Item"),
    ] {
        assert_eq!(of(importer, path), [""; 0], "{importer} may import {path}");
    }
    for (importer, path, file) in [
        ("referral", "task::Item", "task.rs"),
        ("i18n", "keys::Item", "keys.rs"),
        ("graphql/scope", "app::Item", "app.rs"),
        ("graphql", "referral::Item", "referral.rs"),
        ("http/reply", "graphql::Scope", "graphql/scope.rs"),
        ("http", "statistic::Item", "statistic.rs"),
        ("statistic", "http::Item", "http.rs"),
        ("schema", "app::Item", "app.rs"),
        ("jobs", "cli::Item", "cli.rs"),
    ] {
        let line = of(importer, path);
        assert_eq!(line.len(), 1, "{importer} may not import {path}");
        let begin = format!("crates/made_up/src/{importer}.rs:");
        assert!(line[0].starts_with(&begin) && line[0].ends_with(&format!(": crate::{path} is in {file}")), "{line:?}");
    }
}
