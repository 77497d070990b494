//! Texts as they occur in titles, names, descriptions and handles, and what each is taken for.

use super::*;

/// A text a line: whether it is accepted or what it is taken for, and the text.
const TEXTS: &str = include_str!("texts.tsv");

fn texts() -> Vec<(Option<Identity>, &'static str)> {
    let lines = TEXTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let texts = lines.map(|line| {
        let (expected, text) = line.split_once('\t').expect("a tab");
        let expected = match expected {
            "accepted" => None,
            "phone number" => Some(Identity::PhoneNumber),
            "e-mail address" => Some(Identity::EmailAddress),
            "ID number" => Some(Identity::IdNumber),
            "personal code" => Some(Identity::PersonalCode),
            other => panic!("{other}"),
        };
        (expected, text)
    });
    texts.collect()
}

#[test]
fn every_text_is_taken_for_what_it_is() {
    let texts = texts();
    let wrong: Vec<String> = texts
        .iter()
        .filter(|(expected, text)| identity_in(text) != *expected)
        .map(|(expected, text)| format!("{text}: {:?}, not {expected:?}", identity_in(text)))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let accepted = texts.iter().filter(|(expected, _)| expected.is_none()).count();
    assert!(accepted >= 200 && texts.len() - accepted >= 200, "{accepted} of {}", texts.len());
    let mut once: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), texts.len(), "a text stands twice");
}

#[test]
fn a_refusal_says_what_it_was_taken_for_and_repeats_nothing() {
    for (expected, text) in texts() {
        let refusal = refuse_identifying("title", text).err();
        assert_eq!(refusal.as_ref().map(|refusal| refusal.message.key), expected.map(Identity::message));
        if let Some(refusal) = refusal {
            assert_eq!((refusal.code, refusal.field), (UserErrorCode::IdentifyingData, Some(vec!["title".to_owned()])));
            assert!(refusal.message.arguments.is_empty());
        }
    }
}
