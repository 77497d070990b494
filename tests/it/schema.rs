//! schema.graphql is what the program prints.

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let committed = include_str!("../../schema.graphql");
    assert!(
        committed == pamoja_api::schema::sdl(),
        "schema.graphql is out of date: write it anew with `cargo run -- schema > schema.graphql` and read the difference"
    );
}
