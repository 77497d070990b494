//! The keys in the sources: every key that the program uses has words, and every key that has words is used.

use super::*;

/// Every Rust source of the program, without its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut sources = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let test = name.starts_with("test") || name.contains("_test") || name == "snapshots";
            if path.is_dir() && !test {
                folders.push(path);
            } else if name.ends_with(".rs") && !test {
                let text = std::fs::read_to_string(&path).expect("a source");
                let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                sources.push((path, without_comments(&text)));
            }
        }
    }
    assert!(sources.len() > 100, "only {} sources were found", sources.len());
    sources
}

/// Removes comments, and quotation marks that open or close nothing.
fn without_comments(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines.join("\n").replace("'\"'", "").replace("\\\"", "")
}

/// The arguments of a call, read from behind its opening bracket, and the text after the call.
fn arguments(text: &str) -> (Vec<String>, &str) {
    let (mut found, mut depth, mut quoted, mut escaped) = (vec![String::new()], 0, false, false);
    for (at, character) in text.char_indices() {
        if quoted {
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else {
            match character {
                '"' => quoted = true,
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => return (found, &text[at + 1..]),
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    found.push(String::new());
                    continue;
                }
                _ => {}
            }
        }
        found.last_mut().expect("an argument").push(character);
    }
    panic!("a call without an end: {text:.80}")
}

fn literals(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A key in a source file, with the names of its arguments where the source shows them.
type Use = (PathBuf, String, Option<BTreeSet<String>>);

/// Finds the keys: in `Message::of`, maybe followed by `.with`, or as the last argument of a refusal.
fn uses() -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    for (path, text) in sources() {
        for call in text.split("Message::of(").skip(1) {
            let (its, mut rest) = arguments(call);
            let mut filled_in = BTreeSet::new();
            while let Some(next) = rest.trim_start().strip_prefix(".with(") {
                let (with, after) = arguments(next);
                filled_in.extend(literals(&with[0]));
                rest = after;
            }
            let chained_later = rest.trim_start().starts_with(';');
            uses.extend(
                literals(&its[0]).into_iter().map(|key| (path.clone(), key, (!chained_later).then(|| filled_in.clone()))),
            );
        }
        for (opening, place) in [("Refusal::new(", 1), ("Refusal::of_field(", 2), ("Refusal::invalid(", 1)] {
            for call in text.split(opening).skip(1) {
                let (its, _) = arguments(call);
                let Some(message) = its.get(place).filter(|_| !its[0].contains("Code::") || its[0].contains("UserErrorCode::"))
                else {
                    continue;
                };
                if !message.contains("Message::") {
                    uses.extend(literals(message).into_iter().map(|key| (path.clone(), key, Some(BTreeSet::new()))));
                }
            }
        }
    }
    assert!(uses.len() > 40, "only {} uses were found", uses.len());
    uses
}

#[test]
fn every_key_that_is_used_has_words_and_is_given_what_they_need() {
    let known = entries(SENTENCES, Language::English);
    for (path, key, filled_in) in uses() {
        let entry = known.get(&key).unwrap_or_else(|| panic!("{}: no message file has {key:?}", path.display()));
        if let Some(filled_in) = filled_in {
            assert_eq!(filled_in, entry.variables, "{}: {key}", path.display());
        }
    }
}

#[test]
fn every_key_that_has_words_is_used() {
    let used: BTreeSet<String> = sources().iter().flat_map(|(_, text)| literals(text)).collect();
    let left_over: Vec<_> = entries(SENTENCES, Language::English).into_keys().filter(|key| !used.contains(key)).collect();
    assert!(left_over.is_empty(), "nobody says {left_over:#?}");
}

#[test]
fn nobody_shows_a_key_instead_of_words() {
    for (path, text) in sources() {
        let api = path.to_string_lossy().contains("api/src");
        assert!(!api || !text.contains("message.to_string()"), "{}: say it in a language", path.display());
    }
}
