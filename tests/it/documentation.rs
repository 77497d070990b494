//! What the documents say is what the program does.

#[test]
fn the_tables_in_the_docs_are_the_programs_own() {
    let page = include_str!("../../docs/referral.md");
    for table in [pamoja_domain::referral::markdown_table(), pamoja_domain::access::markdown_table()] {
        assert!(page.contains(&table), "docs/referral.md must hold this table:\n{table}");
    }
}
