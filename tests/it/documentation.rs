//! What the documents say is what the program does.

use pamoja_domain::moves::Moves;

#[test]
fn the_tables_in_the_docs_are_the_programs_own() {
    let (referral, figures) = (include_str!("../../docs/referral.md"), include_str!("../../docs/figures.md"));
    let training = include_str!("../../docs/training.md");
    let tables = [
        ("referral.md", referral, pamoja_domain::referral::markdown_table()),
        ("referral.md", referral, pamoja_domain::access::markdown_table()),
        ("referral.md", referral, pamoja_domain::task::markdown_table()),
        ("training.md", training, pamoja_domain::training::TrainingMoves::markdown_table()),
        ("figures.md", figures, pamoja_domain::statistic::markdown_table()),
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
    for name in page
        .split('`')
        .filter_map(|word| word.split_once("::").filter(|(module, _)| folder.join(format!("{module}.rs")).exists()))
    {
        let source = std::fs::read_to_string(folder.join(format!("{}.rs", name.0))).expect("a module of tests");
        assert!(source.contains(&format!("fn {}()", name.1)), "ARCHITECTURE.md names {}::{}, which isn't there", name.0, name.1);
        named += 1;
    }
    assert!(named > 30, "only {named} tests are named");
}
