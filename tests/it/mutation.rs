//! Every mutation goes one way, `Scope::mutate`: a key is claimed, a change is made, an audit entry is written, in one transaction.

use std::path::{Path, PathBuf};

/// Files of crates/api/src that open a transaction by themselves, each with the reason.
const OWN_TRANSACTIONS: [(&str, &str); 7] = [
    ("audit_chain.rs", "reads the audit for an operator"),
    ("cli/directory.rs", "a command of an operator"),
    ("cli/doctor/database.rs", "a command of an operator"),
    ("cli/import.rs", "a command of an operator"),
    ("client_right/query.rs", "a query whose audit entry must last"),
    ("graphql/scope.rs", "the transaction that Scope::mutate stands on"),
    ("referral/query.rs", "a query that counts unknown slips and whose audit entry must last"),
];

/// The sources of crates/api without its tests, by their paths from its root.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources): (Vec<PathBuf>, _) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_test = path.file_stem().is_some_and(|name| name == "tests");
            if path.is_dir() && !is_test {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
                let text = std::fs::read_to_string(&path).expect("a source");
                let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                let name = path.strip_prefix(&root).expect("below the root").to_str().expect("its name").to_owned();
                sources.push((name, text));
            }
        }
    }
    assert!(sources.len() > 100, "only {} sources were found", sources.len());
    sources
}

/// The names of the schema's mutations.
fn mutations() -> Vec<String> {
    let sdl = pamoja_api::schema::sdl();
    let root = sdl.split("\ntype Mutation {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("the root of mutations");
    let fields = root.lines().filter_map(|line| line.strip_prefix('\t')?.split_once('('));
    fields.map(|(name, _)| name.to_owned()).filter(|name| name.chars().all(char::is_alphanumeric)).collect()
}

#[test]
fn each_mutation_of_the_schema_is_named_once_and_where_mutate_is_called() {
    let (sources, mutations) = (sources(), mutations());
    assert!(mutations.len() > 30, "{mutations:?}");
    for mutation in mutations.iter().filter(|name| *name != "createReferrals") {
        let literal = format!("\"{mutation}\"");
        let files: Vec<&(String, String)> = sources.iter().filter(|(_, text)| text.contains(&literal)).collect();
        let [(file, text)] = files[..] else {
            panic!("{mutation} is named in {:?}", files.iter().map(|(file, _)| file).collect::<Vec<_>>());
        };
        assert_eq!(text.matches(&literal).count(), 1, "{mutation} is named more than once in {file}");
        assert!(text.contains(".mutate("), "{file} names {mutation} and doesn't call Scope::mutate");
    }
    // It is createReferral for each of its items.
    let upload = sources.iter().find(|(file, _)| file == "referral/uploading.rs").expect("the upload");
    assert!(upload.1.contains("create(scope, item)"));
}

#[test]
fn nothing_but_mutate_claims_keys_and_what_opens_a_transaction_by_itself_is_listed() {
    let mut openers = Vec::new();
    for (file, text) in sources() {
        if text.contains("client_mutation::") {
            assert_eq!(file, "graphql/mutation.rs", "another file claims idempotency keys");
        }
        if text.contains(".tenant(") {
            openers.push(file.clone());
        }
        if text.contains("audit::record") {
            let listed = OWN_TRANSACTIONS.iter().any(|(listed, _)| *listed == file) || file == "graphql/mutation.rs";
            assert!(listed, "{file} writes an audit entry beside Scope::mutate");
        }
    }
    openers.sort();
    assert_eq!(openers, OWN_TRANSACTIONS.map(|(file, _)| file), "say in this test why a file opens a transaction by itself");
}
