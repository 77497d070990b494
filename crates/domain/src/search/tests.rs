//! What comes before what.

use proptest::prelude::*;

use super::*;
use crate::service::ServiceType;
use crate::vocabulary::Vocabulary;

fn lexicon() -> Lexicon<ServiceType> {
    Lexicon::new([
        (ServiceType::Pep, "PEP (within 72 hours after exposure)".to_owned()),
        (ServiceType::Prep, "PrEP (before exposure)".to_owned()),
        (ServiceType::OpioidAgonistTherapy, "methadone, MAT".to_owned()),
        (ServiceType::DropInCentre, "drop-in centre, DICE".to_owned()),
    ])
    .with_synonyms(["dispensary, zahanati".to_owned()])
}

fn rank(text: &str, entry: &Entry<'_, ServiceType>) -> Option<Rank> {
    let text = SearchText::parse(text).expect("a text").expect("not blank");
    Search::new(&text, &lexicon()).rank(entry)
}

fn named(name: &str) -> Entry<'_, ServiceType> {
    Entry { code: None, name, offers: &[], address: &[], unfriendly: false }
}

/// Entries that answer a text each less well than the one before; the last of each doesn't answer it.
#[test]
fn the_better_answer_comes_first() {
    let methadone = &[ServiceType::OpioidAgonistTherapy];
    let (plain, kisumu) = (named("Upendo"), Entry { address: &["Kisumu"], ..named("Upendo") });
    for (text, entries) in [
        (
            "kisumu",
            vec![
                named("Kisumu"),
                named("Kisumu Hospital"),
                Entry { unfriendly: true, ..named("Kisumu Hospital") },
                named("Kisumulwa Hospital"),
                kisumu,
                Entry { address: &["Kisumulwa"], ..plain },
                named("Kisumo Hospital"),
                Entry { address: &["Kisumo"], ..plain },
                named("Kilifi Hospital"),
            ],
        ),
        (
            "mat",
            vec![
                named("Mat clinic"),
                Entry { offers: methadone, ..plain },
                named("Mathare clinic"),
                Entry { address: &["Mat"], ..plain },
                plain,
            ],
        ),
        (
            "mat kisumu",
            vec![
                Entry { offers: methadone, ..named("Kisumu clinic") },
                Entry { offers: methadone, ..kisumu },
                Entry { offers: methadone, ..plain },
            ],
        ),
        (
            "13023",
            vec![
                Entry { code: Some("13023"), unfriendly: true, ..plain },
                named("13023"),
                named("Room 13023"),
                Entry { code: Some("130234"), ..plain },
            ],
        ),
        ("shelter for women", vec![named("Shelter for Women"), named("Women Shelter"), named("Shelter for all")]),
        ("homabay", vec![named("Homabay Hospital"), named("Homa Baywatch"), named("Homa")]),
        ("pep", vec![Entry { offers: &[ServiceType::Pep], ..plain }, Entry { offers: &[ServiceType::Prep], ..plain }]),
        ("dise", vec![named("Dice"), Entry { offers: &[ServiceType::DropInCentre], ..plain }, plain]),
        (
            "knh",
            vec![
                named("KNH clinic"),
                named("Kenyatta National Hospital"),
                Entry { address: &["KNH"], ..plain },
                named("Kenyatta Hospital"),
            ],
        ),
        ("zahanati", vec![named("Zahanati"), named("Upendo Dispensary"), plain]),
        ("? !", vec![named("? !")]),
    ] {
        let ranks: Vec<Option<Rank>> = entries.iter().map(|entry| rank(text, entry)).collect();
        let (last, found) = ranks.split_last().expect("entries");
        assert_eq!(*last, None, "{text}");
        assert!(
            found.iter().all(Option::is_some) && found.is_sorted() && found.windows(2).all(|two| two[0] != two[1]),
            "{text}: {found:?}"
        );
    }
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z]{2,8}", 1..5)
}

proptest! {
    #[test]
    fn the_order_of_the_words_makes_no_difference(typed in words(), name in words()) {
        let turned: Vec<String> = typed.iter().rev().cloned().collect();
        let name = name.join(" ");
        prop_assert_eq!(rank(&typed.join(" "), &named(&name)), rank(&turned.join(", "), &named(&name)));
    }

    #[test]
    fn every_word_must_be_found(name in words(), foreign in "[0-9]{5}") {
        let text = name.join(" ");
        prop_assert!(rank(&text, &named(&text)).is_some());
        let more = format!("{text} {foreign}");
        prop_assert!(rank(&more, &named(&text)).is_none());
    }

    #[test]
    fn nothing_answers_better_than_what_was_typed(name in words(), other in words(), address in words()) {
        let text = name.join(" ");
        let address = address.join(" ");
        let other = other.join(" ");
        let best = rank(&text, &named(&text)).expect("itself");
        if let Some(rank) = rank(&text, &Entry { address: &[&address], ..named(&other) }) {
            prop_assert!(best <= rank);
        }
    }

    #[test]
    fn no_entry_makes_it_fail(text in "\\PC{0,40}", name in "\\PC{0,40}", address in "\\PC{0,40}", unfriendly in any::<bool>()) {
        if let Ok(Some(text)) = SearchText::parse(&text) {
            let entry = Entry { code: Some("1"), name: &name, offers: ServiceType::ALL, address: &[&address], unfriendly };
            Search::new(&text, &lexicon()).rank(&entry);
        }
    }
}
