//! The documents say what the program does.

use pamoja_domain::moves::Moves;

#[test]
fn the_tables_in_the_docs_are_the_programs_own() {
    let (referral, figures) = (include_str!("../../docs/referral.md"), include_str!("../../docs/figures.md"));
    let (training, retention) = (include_str!("../../docs/training.md"), include_str!("../../docs/decisions/0006-retention.md"));
    let violation = include_str!("../../docs/violation.md");
    let tables = [
        ("referral.md", referral, pamoja_domain::referral::markdown_table()),
        ("referral.md", referral, pamoja_domain::task::markdown_table()),
        ("training.md", training, pamoja_domain::training::TrainingMoves::markdown_table()),
        ("violation.md", violation, pamoja_domain::violation::ViolationMoves::markdown_table()),
        ("violation.md", violation, pamoja_domain::violation::FunnelStageName::markdown_table()),
        ("violation.md", violation, pamoja_domain::sensitisation::SensitisationMoves::markdown_table()),
        ("figures.md", figures, pamoja_domain::statistic::markdown_table()),
        ("decisions/0006-retention.md", retention, pamoja_domain::retention::markdown_table()),
    ];
    for (name, page, table) in tables {
        assert!(page.contains(&table), "docs/{name} must hold this table:\n{table}");
    }
}

#[test]
fn every_test_that_the_architecture_names_is_there() {
    let page = include_str!("../../ARCHITECTURE.md");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/it");
    let mut named = 0;
    let file = |module: &str| folder.join(format!("{}.rs", module.replace("::", "/")));
    for name in page.split('`').filter_map(|word| word.rsplit_once("::").filter(|(module, _)| file(module).exists())) {
        let source = std::fs::read_to_string(file(name.0)).expect("a module of tests");
        assert!(source.contains(&format!("fn {}()", name.1)), "ARCHITECTURE.md names {}::{}, which isn't there", name.0, name.1);
        named += 1;
    }
    assert!(named > 30, "only {named} tests are named");
}

#[test]
fn every_name_that_the_glossary_gives_of_the_code_is_there() {
    let page = include_str!("../../docs/glossary.md");
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = 0;
    for name in page.split('`').filter(|word| word.starts_with("domain::") || word.starts_with("persistence::")) {
        let (first, rest) = name.split_once("::").expect("a path");
        let sources = sources(&crates.join(first).join("src"));
        let is_name = |word: &str| rest.rsplit("::").next() == Some(word);
        let words = |text: &str| text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(is_name);
        assert!(sources.iter().any(|source| words(source)), "docs/glossary.md names {name}, which isn't there");
        named += 1;
    }
    assert!(named >= 20, "only {named} names are given");
}

/// The text of every Rust file in a folder.
fn sources(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(std::fs::read_to_string(path).expect("a source"));
        }
    }
    found
}
