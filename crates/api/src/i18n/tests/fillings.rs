//! Whatever is filled into a sentence, a person reads words and never a code.

use chrono::NaiveDate;
use fluent_bundle::FluentValue;
use pamoja_domain::county::CountyCode;
use pamoja_domain::language::{LanguageCode, SPOKEN};
use pamoja_domain::message::Filling;
use pamoja_domain::month::Month;
use pamoja_domain::referral::ReferralStatus;

use super::*;
use crate::i18n::filling::value;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The day on which everything is said here.
fn today() -> NaiveDate {
    day("2026-11-29")
}

fn leaked(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn languages(codes: &[&str]) -> Filling {
    let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    LanguageCode::parse_all("languages", &codes).expect("languages").into()
}

/// Values of every type that can be filled in and shown: every code of every vocabulary, every month, county and language among
/// them.
fn everything() -> Vec<Filling> {
    let mut all: Vec<Filling> = [0, 1, 2, 14, 1_024].map(Filling::Number).into();
    for vocabulary in VOCABULARIES.iter().filter(|vocabulary| vocabulary.name != "Language") {
        let codes: Vec<&'static str> = vocabulary.codes.iter().map(|code| leaked(code)).collect();
        all.push(Filling::Codes(leaked(&vocabulary.name), codes));
    }
    for month in 1..=12 {
        for year in [2024, 2026] {
            let first = NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
            all.extend([Filling::Day(first + chrono::Days::new(14)), Month::of(first).into()]);
        }
    }
    all.extend(CountyCode::ALL.map(Filling::from));
    all.extend([languages(SPOKEN), languages(&["zh", "zu", "sw"]), Filling::decimal(4.25), Filling::Name("Jirani".to_owned())]);
    all.push(Filling::from(chrono::NaiveTime::from_hms_opt(14, 5, 0).expect("a time")));
    all
}

/// What a message's variable can be. One that chooses among named variants is one of them and is never shown.
fn possible(text: &str, variable: &str, everything: &[Filling]) -> Vec<Filling> {
    let chosen = text.split(&format!("${variable} ->")).nth(1);
    let variants = chosen.into_iter().flat_map(|after| after.split('[').skip(1)).filter_map(|rest| rest.split(']').next());
    let named: Vec<Filling> = variants
        .filter(|name| name.parse::<i64>().is_err() && !["one", "other"].contains(name))
        .map(|name| Filling::Variant(leaked(name)))
        .collect();
    if named.is_empty() {
        return everything.to_vec();
    }
    assert!(!text.contains(&format!("{{ ${variable} }}")), "{variable} is a variant and is shown: {text}");
    named
}

/// What in a sentence looks like a code: a date of digits, a code of a language or of a county, a word in capitals.
fn code_in(said: &str) -> Option<&str> {
    let is_code = |word: &&str| {
        let digits = |part: &str, count| part.len() == count && part.chars().all(|character| character.is_ascii_digit());
        let dated = word.split_once('-').is_some_and(|(year, rest)| digits(year, 4) && digits(rest.get(..2).unwrap_or(""), 2));
        let capitals = word.len() > 6 && word.chars().all(|character| character.is_ascii_uppercase());
        dated || capitals || digits(word, 3) && word.starts_with('0') || ["sw", "luo", "zh", "zu"].contains(word)
    };
    said.split(|character: char| !character.is_alphanumeric() && character != '-').find(is_code)
}

#[test]
fn every_sentence_is_said_in_words_whatever_is_filled_in() {
    let everything = everything();
    for language in Language::ALL {
        for (key, entry) in entries(SENTENCES, language) {
            // What a program has to send is written letter by letter, for its developer.
            let is_of_interface = ["statistic-measure", "statistic-dimension", "statistic-category"].contains(&&*key);
            let key = leaked(&key);
            let fillings: Vec<(&'static str, Vec<Filling>)> =
                entry.variables.iter().map(|name| (leaked(name), possible(&entry.text, name, &everything))).collect();
            let most = fillings.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
            for round in 0..most {
                let message = fillings
                    .iter()
                    .fold(Message::of(key), |message, (name, values)| message.with(name, values[round % values.len()].clone()));
                let said = language.say_on(today(), &message);
                // An underscore belongs to a code, and people read a code's caption instead.
                let broken = ['{', '}', '$', '[', ']', '_', '\u{2068}', '\u{2069}'];
                assert!(said != key && !said.contains(broken) && !said.contains("CAPTION"), "{message}: {said}");
                // The name for a withheld party is not a sentence.
                let ends = said.ends_with('.') != (key == "organisation-withheld");
                assert!(ends && said.trim() == said, "{message}: {said}");
                if !fillings.is_empty() && !is_of_interface {
                    assert_eq!(code_in(&said), None, "{message}: {said}");
                }
            }
        }
    }
}

#[test]
fn what_is_filled_in_reads_as_its_type_says() {
    let shown = |filling: &Filling| {
        Language::ALL.map(|language| match value(filling, language, today()) {
            FluentValue::String(text) => text.into_owned(),
            other => panic!("{other:?}"),
        })
    };
    for (filling, english, swahili) in [
        (Filling::from(day("2026-11-15")), "15 November", "15 Novemba"),
        (day("2025-11-15").into(), "15 November 2025", "15 Novemba 2025"),
        (Month::of(day("2026-12-01")).into(), "December 2026", "Desemba 2026"),
        (languages(&["sw"]), "Swahili", "Kiswahili"),
        (languages(&["luo", "zh"]), "Luo, another language", "Kijaluo, lugha nyingine"),
        (CountyCode::parse("047").expect("a county").into(), "Nairobi", "Nairobi"),
        (ReferralStatus::Accepted.into(), "Accepted", "Imekubaliwa"),
        (Filling::codes(&[ReferralStatus::Requested, ReferralStatus::Accepted]), "Requested, Accepted", "Imeombwa, Imekubaliwa"),
        (Filling::decimal(4.25), "4.2", "4.2"),
        (Filling::Name("14".to_owned()), "14", "14"),
    ] {
        assert_eq!(shown(&filling), [english, swahili], "{filling}");
    }
    assert!(matches!(value(&Filling::Number(14), Language::English, today()), FluentValue::Number(_)));
    let message = Message::of("text-too-long").with("maximum", 1024);
    assert_eq!(Language::English.say(&message), "Shorten this to 1024 characters or fewer.");
}
