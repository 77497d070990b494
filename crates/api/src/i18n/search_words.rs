//! What people call things when they search for them: the captions of codes in all languages, and the lists of `search.ftl`.

use std::sync::LazyLock;

use pamoja_domain::search::Lexicon;
use pamoja_domain::service::ServiceType;
use pamoja_domain::training::TrainingTopic;
use pamoja_domain::vocabulary::Vocabulary;

use super::bundle::{Bundles, SEARCH};
use super::{Language, caption};

/// The things for which people use words of either language, and the names of places one: `search-synonyms-hospital` and so on
/// are the words.
pub(super) const SYNONYMS: [&str; 9] =
    ["hospital", "dispensary", "clinic", "health", "centre", "prison", "women", "children", "police"];

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(SEARCH, |_, _| {}));

static SERVICE_TYPES: LazyLock<Lexicon<ServiceType>> = LazyLock::new(|| {
    let listed = each(|language, member: ServiceType| words(language, &caption::key(ServiceType::NAME, member.code())));
    Lexicon::new(captions().chain(listed)).with_synonyms(synonyms())
});

static TRAINING_TOPICS: LazyLock<Lexicon<TrainingTopic>> = LazyLock::new(|| Lexicon::new(captions()).with_synonyms(synonyms()));

fn words(language: Language, of: &str) -> String {
    BUNDLES.find(language, &format!("search-{of}"), None).unwrap_or_default()
}

fn synonyms() -> impl Iterator<Item = String> {
    SYNONYMS.into_iter().map(|of| Language::ALL.map(|language| words(language, &format!("synonyms-{of}"))).join(", "))
}

/// Reads the words.
pub(super) fn load() {
    LazyLock::force(&SERVICE_TYPES);
    LazyLock::force(&TRAINING_TOPICS);
}

/// The words for the types of service.
pub fn of_service_types() -> &'static Lexicon<ServiceType> {
    &SERVICE_TYPES
}

/// The words for the topics of trainings.
pub fn of_training_topics() -> &'static Lexicon<TrainingTopic> {
    &TRAINING_TOPICS
}

fn captions<V: Vocabulary>() -> impl Iterator<Item = (V, String)> {
    each(|language, member: V| caption::caption(language, V::NAME, member.code()))
}

fn each<V: Vocabulary>(text: impl Fn(Language, V) -> String) -> impl Iterator<Item = (V, String)> {
    let pairs = Language::ALL.into_iter().flat_map(|language| V::ALL.iter().map(move |member| (language, *member)));
    pairs.map(move |(language, member)| (member, text(language, member)))
}
