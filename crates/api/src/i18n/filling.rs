//! How a person reads what is filled into a sentence.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use fluent_bundle::{FluentArgs, FluentValue};
use pamoja_domain::message::Filling;

use super::Language;
use super::bundle::{Bundles, FILLINGS};
use super::caption::{caption, known_caption};

/// The name of the list of languages among the captions.
const LANGUAGES: &str = "Language";

static FILLING_BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(FILLINGS, |_, _| {}));

/// Reads the files.
pub(super) fn load() {
    LazyLock::force(&FILLING_BUNDLES);
}

/// What stands in the sentence. `today` decides whether a day needs its year.
pub(super) fn value(filling: &Filling, language: Language, today: NaiveDate) -> FluentValue<'static> {
    match filling {
        Filling::Number(number) => FluentValue::from(*number),
        Filling::Decimal(text) | Filling::Time(text) | Filling::Name(text) => FluentValue::from(text.clone()),
        Filling::Codes(vocabulary, codes) => joined(codes.iter().map(|code| caption(language, vocabulary, code))),
        Filling::Day(day) if day.year() == today.year() => dated(language, "day-of-month", *day),
        Filling::Day(day) => dated(language, "day-of-year", *day),
        Filling::Month(month) => dated(language, "month-of-year", *month),
        Filling::County(text) | Filling::Variant(text) => FluentValue::from(*text),
        Filling::Languages(codes) => {
            let name = |code: &String| {
                let unknown = || words(language, "language-without-caption", &FluentArgs::new());
                known_caption(language, LANGUAGES, code).unwrap_or_else(unknown)
            };
            let mut names: Vec<String> = codes.iter().map(name).collect();
            names.dedup();
            joined(names.into_iter())
        }
        Filling::Interface(names) => FluentValue::from(names.join(", ")),
    }
}

fn joined(names: impl Iterator<Item = String>) -> FluentValue<'static> {
    FluentValue::from(names.collect::<Vec<_>>().join(", "))
}

fn dated(language: Language, key: &str, day: NaiveDate) -> FluentValue<'static> {
    let mut arguments = FluentArgs::new();
    arguments.set("day", day.day());
    arguments.set("month", day.month());
    arguments.set("year", day.year());
    FluentValue::from(words(language, key, &arguments))
}

fn words(language: Language, key: &str, arguments: &FluentArgs<'_>) -> String {
    FILLING_BUNDLES.find(language, key, Some(arguments)).unwrap_or_else(|| key.to_owned())
}
