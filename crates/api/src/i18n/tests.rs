//! The message files agree with each other and with the sources: no key is missing, none is left over, and every sentence can be
//! formatted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use futures_util::FutureExt;
use pamoja_domain::message::Message;

use super::bundle::{CODES, FILLINGS, File, SEARCH, SENTENCES};
use super::*;

mod fillings;
mod search_words;
mod sources;

/// A vocabulary whose codes have captions.
struct Captioned {
    name: String,
    codes: Vec<String>,
}

/// What `captions` answers.
static VOCABULARIES: LazyLock<Vec<Captioned>> = LazyLock::new(|| {
    let answering = crate::schema::builder().finish().execute("{ captions { name members { code } } }").now_or_never();
    let answer = answering.expect("it waits for nothing").into_result().expect("captions").data.into_json().expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let codes =
        |members: &serde_json::Value| members.as_array().expect("codes").iter().map(|member| text(&member["code"])).collect();
    let vocabularies = answer["captions"].as_array().expect("vocabularies").iter();
    vocabularies.map(|one| Captioned { name: text(&one["name"]), codes: codes(&one["members"]) }).collect()
});

#[test]
fn the_cost_of_all_captions_is_not_below_what_they_are() {
    let (count, codes) = (VOCABULARIES.len(), VOCABULARIES.iter().map(|vocabulary| vocabulary.codes.len()).sum::<usize>());
    assert!(count > 40 && codes > 200, "only {codes} codes of {count} vocabularies");
    assert!(
        count <= crate::caption::VOCABULARIES && codes <= count * crate::caption::CODES,
        "{codes} codes of {count} vocabularies"
    );
}

/// A message of a file: its text with its variables, and the names of the variables.
#[derive(Debug)]
struct Entry {
    text: String,
    variables: BTreeSet<String>,
}

fn entries(files: &[File], language: Language) -> BTreeMap<String, Entry> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in files.iter().flat_map(|file| file.of(language).lines()) {
        match line.split_once(" =") {
            Some((key, text)) if !line.starts_with([' ', '#', '}']) => entries.push((key.to_owned(), text.trim().to_owned())),
            _ if line.starts_with([' ', '}']) => entries.last_mut().expect("a message goes on").1.push_str(&format!("\n{line}")),
            _ => assert!(line.is_empty() || line.starts_with('#'), "what is this? {line}"),
        }
    }
    let count = entries.len();
    let entries: BTreeMap<_, _> =
        entries.into_iter().map(|(key, text)| (key, Entry { variables: variables(&text), text })).collect();
    assert_eq!(entries.len(), count, "a key is there twice");
    entries
}

fn variables(text: &str) -> BTreeSet<String> {
    let name =
        |rest: &str| rest.chars().take_while(|character| character.is_alphanumeric() || "-_".contains(*character)).collect();
    text.split('$').skip(1).map(name).collect()
}

#[test]
fn every_message_is_there_in_every_language_with_the_same_variables() {
    for files in [SENTENCES, CODES, FILLINGS, SEARCH] {
        let (english, swahili) = (entries(files, Language::English), entries(files, Language::Swahili));
        let form = |entries: &BTreeMap<String, Entry>| -> Vec<(String, BTreeSet<String>)> {
            entries.iter().map(|(key, entry)| (key.clone(), entry.variables.clone())).collect()
        };
        pretty(&form(&english), &form(&swahili));
    }
}

fn pretty<T: PartialEq + std::fmt::Debug>(english: &[T], swahili: &[T]) {
    let only = |these: &[T], those: &[T]| {
        these.iter().filter(|one| !those.contains(one)).map(|one| format!("{one:?}")).collect::<Vec<_>>()
    };
    assert_eq!((only(english, swahili), only(swahili, english)), (vec![], vec![]), "only in English, only in Swahili");
}

/// The files that a native speaker of Swahili has read and corrected.
const REVIEWED: [&str; 0] = [];

#[test]
fn every_translation_says_that_nobody_has_reviewed_it_until_somebody_has() {
    for file in SENTENCES.iter().chain(CODES).chain(FILLINGS).chain(SEARCH) {
        let unreviewed = file.swahili.starts_with("# Not yet reviewed by a native speaker.\n");
        assert_eq!(unreviewed, !REVIEWED.contains(&file.name), "messages/sw/{}.ftl", file.name);
    }
}

#[test]
fn every_message_file_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("messages");
    for language in Language::ALL {
        let mut there: Vec<String> = std::fs::read_dir(folder.join(language.tag()))
            .expect("a folder of messages")
            .map(|file| file.expect("a file").file_name().into_string().expect("a name"))
            .collect();
        let mut read: Vec<String> =
            SENTENCES.iter().chain(CODES).chain(FILLINGS).chain(SEARCH).map(|file| format!("{}.ftl", file.name)).collect();
        there.sort();
        read.sort();
        assert_eq!(there, read, "{}", language.tag());
    }
}

#[test]
fn every_code_has_a_caption_in_every_language_and_no_caption_is_left_over() {
    let expected: BTreeSet<String> = VOCABULARIES
        .iter()
        .flat_map(|vocabulary| vocabulary.codes.iter().map(|code| caption::key(&vocabulary.name, code)))
        .collect();
    for language in Language::ALL {
        let there: BTreeSet<String> = entries(CODES, language).into_keys().collect();
        let missing: Vec<_> = expected.difference(&there).collect();
        let left_over: Vec<_> = there.difference(&expected).collect();
        assert!(missing.is_empty() && left_over.is_empty(), "missing: {missing:#?}, left over: {left_over:#?}");
        for vocabulary in VOCABULARIES.iter() {
            let captions: BTreeSet<String> =
                vocabulary.codes.iter().map(|code| caption(language, &vocabulary.name, code)).collect();
            assert_eq!(captions.len(), vocabulary.codes.len(), "two codes of {} look alike: {captions:#?}", vocabulary.name);
        }
    }
}

#[test]
fn every_enum_of_the_schema_has_captions() {
    for line in crate::schema::sdl().lines() {
        if let Some(name) = line.strip_prefix("enum ").and_then(|rest| rest.split(' ').next()) {
            assert!(VOCABULARIES.iter().any(|vocabulary| vocabulary.name == name), "{name} has no captions");
        }
    }
}

#[test]
fn a_message_that_lacks_what_is_to_be_filled_in_never_shows_a_placeholder() {
    assert_eq!(Language::Swahili.say(&Message::of("text-too-long")), "text-too-long");
    assert_eq!(Language::Swahili.say(&Message::of("no-such-key")), "no-such-key");
}
