//! The lists of words by which services are found.

use std::collections::HashSet;

use pamoja_domain::search::{Entry, Rank, Search, SearchText, fold};
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;

use super::*;
use crate::i18n::search_words::{SYNONYMS, of_service_types};

/// The lists of a language, by type.
fn lists(language: Language) -> Vec<(ServiceType, String)> {
    let mut entries = entries(SEARCH, language);
    let lists = ServiceType::ALL.iter().map(|member| {
        let key = format!("search-{}", caption::key(ServiceType::NAME, member.code()));
        let entry = entries.remove(&key).unwrap_or_else(|| panic!("{}: no {key}", language.tag()));
        (*member, entry.text)
    });
    let lists = lists.collect();
    for of in SYNONYMS {
        let entry = entries.remove(&format!("search-synonyms-{of}"));
        assert!(entry.is_some_and(|entry| !words(&entry.text).is_empty()), "{}: no synonym of {of}", language.tag());
    }
    assert!(entries.is_empty(), "{}: nobody searches for {entries:?}", language.tag());
    lists
}

#[test]
fn every_type_of_service_has_words_in_every_language_and_none_is_empty_or_there_twice() {
    let mut nothing_new = Vec::new();
    for (number, language) in Language::ALL.into_iter().enumerate() {
        for (member, list) in lists(language) {
            let captions = Language::ALL.map(|language| caption(language, ServiceType::NAME, member.code()));
            let earlier = Language::ALL[..number].iter().flat_map(|language| lists(*language)).filter(|(of, _)| *of == member);
            let before: Vec<String> = captions.into_iter().chain(earlier.map(|(_, list)| list)).collect();
            let mut known: HashSet<String> = before.iter().flat_map(|text| words(text)).collect();
            for item in list.split(',') {
                let new: Vec<String> = words(item).into_iter().filter(|word| known.insert(word.clone())).collect();
                if new.is_empty() {
                    nothing_new.push(format!("{} in {}: {item:?}", member.code(), language.tag()));
                }
            }
        }
    }
    assert!(nothing_new.is_empty(), "these say nothing new: {nothing_new:#?}");
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The types that a text finds, each with its rank.
fn found(text: &str) -> Vec<(ServiceType, Rank)> {
    let text = SearchText::parse(text).expect("it is short").expect("it isn't blank");
    let search = Search::new(&text, of_service_types());
    let rank = |member: &ServiceType| {
        let entry = Entry { code: None, name: "", offers: &[*member], address: &[], unfriendly: false };
        Some((*member, search.rank(&entry)?))
    };
    ServiceType::ALL.iter().filter_map(rank).collect()
}

/// The types that a text finds before all others.
fn first(text: &str) -> Vec<ServiceType> {
    let found = found(text);
    let best = found.iter().map(|(_, rank)| *rank).min();
    found.into_iter().filter(|(_, rank)| Some(*rank) == best).map(|(member, _)| member).collect()
}

#[test]
fn every_word_of_captions_and_lists_finds_its_type() {
    for language in Language::ALL {
        let captions = ServiceType::ALL.iter().map(|member| (*member, caption(language, ServiceType::NAME, member.code())));
        for (member, text) in captions.chain(lists(language)) {
            for word in words(&text) {
                assert!(first(&word).contains(&member), "{word:?} doesn't find {}", member.code());
            }
        }
    }
}

#[test]
fn words_that_people_use_find_what_they_mean() {
    use ServiceType as Type;
    for (text, members) in [
        ("condoms", vec![Type::CondomsLubricant]),
        ("lubes", vec![Type::CondomsLubricant]),
        ("pep", vec![Type::Pep]),
        ("prep", vec![Type::Prep]),
        ("morning after", vec![Type::EmergencyContraception]),
        ("p2", vec![Type::EmergencyContraception]),
        ("needles", vec![Type::NeedleSyringeProgramme]),
        ("syringes", vec![Type::NeedleSyringeProgramme]),
        ("methadone", vec![Type::OpioidAgonistTherapy]),
        ("metadone", vec![Type::OpioidAgonistTherapy]),
        ("MAT", vec![Type::OpioidAgonistTherapy]),
        ("ARVs", vec![Type::Art]),
        ("wakili", vec![Type::LegalAid]),
        ("lawyer", vec![Type::LegalAid]),
        ("shelter", vec![Type::Shelter]),
        ("safe house", vec![Type::Shelter]),
        ("counselling", vec![Type::MentalHealth, Type::PsychosocialSupport]),
        ("ushauri", vec![Type::MentalHealth, Type::PsychosocialSupport]),
        ("STI", vec![Type::StiScreeningTreatment]),
        ("TB", vec![Type::TbScreeningPrevention]),
        ("kifua kikuu", vec![Type::TbScreeningPrevention]),
        ("homa ya ini B", vec![Type::HepatitisB]),
        ("drop-in", vec![Type::DropInCentre]),
        ("kitambulisho", vec![Type::IdentityDocuments]),
    ] {
        assert_eq!(first(text), members, "{text}");
    }
    let medicine = first("dawa");
    assert!([Type::Art, Type::Pep, Type::Prep].iter().all(|member| medicine.contains(member)), "{medicine:?}");
}
