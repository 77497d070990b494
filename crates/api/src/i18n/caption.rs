//! The captions of codes: what a frontend writes in place of a code, and what sentences call it.

use fluent_bundle::FluentValue;
use pamoja_domain::access::Permission;
use pamoja_domain::client_report::ClientReportedOutcome;
use pamoja_domain::moves::Party;
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};
use pamoja_domain::referral::{
    AdviceCode, AgeBand, CancelReason, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason,
    ReferralAction, ReferralDirection, ReferralOrder, ReferralStatus, SharedField, Urgency,
};
use pamoja_domain::refusal::UserErrorCode;
use pamoja_domain::service::{Capacity, ServiceGroup, ServiceType};
use pamoja_domain::statistic::{Measure, OtherKey, OwnSide, PeriodKind, ResponseTime, StatisticTableName};
use pamoja_domain::suggestion::SuggestionReasonCode;
use pamoja_domain::task::TaskKind;
use pamoja_domain::training::{
    Cadre, MatchReasonCode, TrainingAction, TrainingDirection, TrainingFigureGrouping, TrainingMode, TrainingReason,
    TrainingSide, TrainingStatus, TrainingTopic,
};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;

use super::{Bundle, CODE_BUNDLES, Language};

/// A vocabulary whose codes have captions.
#[derive(Clone, Copy, Debug)]
pub struct Captioned {
    /// As GraphQL names it.
    pub name: &'static str,
    codes: fn() -> Vec<&'static str>,
}

impl Captioned {
    const fn of<T: Vocabulary>() -> Self {
        Self { name: T::NAME, codes: || T::ALL.iter().map(|member| member.code()).collect() }
    }

    /// Its codes.
    pub fn codes(self) -> Vec<&'static str> {
        (self.codes)()
    }
}

/// All of them: every enum of the schema, and what else sentences name.
pub const VOCABULARIES: &[Captioned] = &[
    Captioned::of::<AdviceCode>(),
    Captioned::of::<AgeBand>(),
    Captioned::of::<Cadre>(),
    Captioned::of::<CancelReason>(),
    Captioned::of::<Capacity>(),
    Captioned::of::<ClientReportedOutcome>(),
    Captioned::of::<ConsentGiver>(),
    Captioned::of::<ConsentManner>(),
    Captioned::of::<DeclineReason>(),
    Captioned::of::<MatchReasonCode>(),
    Captioned::of::<Measure>(),
    Captioned::of::<MembershipStatus>(),
    Captioned::of::<MinorStatus>(),
    Captioned::of::<NonCompletionReason>(),
    Captioned::of::<OrganisationKind>(),
    Captioned::of::<OtherKey>(),
    Captioned::of::<OwnSide>(),
    Captioned::of::<Party>(),
    Captioned::of::<PeriodKind>(),
    Captioned::of::<Permission>(),
    Captioned::of::<Population>(),
    Captioned::of::<ReferralAction>(),
    Captioned::of::<ReferralDirection>(),
    Captioned::of::<ReferralOrder>(),
    Captioned::of::<ReferralStatus>(),
    Captioned::of::<ResponseTime>(),
    Captioned::of::<Role>(),
    Captioned::of::<ServiceGroup>(),
    Captioned::of::<ServiceType>(),
    Captioned::of::<SharedField>(),
    Captioned::of::<StatisticTableName>(),
    Captioned::of::<SuggestionReasonCode>(),
    Captioned::of::<TaskKind>(),
    Captioned::of::<TrainingAction>(),
    Captioned::of::<TrainingDirection>(),
    Captioned::of::<TrainingFigureGrouping>(),
    Captioned::of::<TrainingMode>(),
    Captioned::of::<TrainingReason>(),
    Captioned::of::<TrainingSide>(),
    Captioned::of::<TrainingStatus>(),
    Captioned::of::<TrainingTopic>(),
    Captioned::of::<Urgency>(),
    Captioned::of::<UserErrorCode>(),
];

/// The key of a code's caption, such as `service-type-hiv-testing` of HIV_TESTING in ServiceType.
pub(super) fn key(vocabulary: &str, code: &str) -> String {
    let mut key = String::with_capacity(vocabulary.len() + code.len() + 4);
    for (at, character) in vocabulary.char_indices() {
        if at > 0 && character.is_ascii_uppercase() {
            key.push('-');
        }
        key.push(character.to_ascii_lowercase());
    }
    key.push('-');
    key.extend(code.chars().map(|character| if character == '_' { '-' } else { character.to_ascii_lowercase() }));
    key
}

/// What to show in place of that code of that vocabulary; the code itself when there is no such code.
pub fn caption(language: Language, vocabulary: &str, code: &str) -> String {
    let key = key(vocabulary, code);
    let caption = [language, Language::English].into_iter().find_map(|language| CODE_BUNDLES.find(language, &key, None));
    caption.unwrap_or_else(|| code.to_owned())
}

/// Lets sentences write `{ CAPTION($status, of: "ReferralStatus") }`: the caption of a code, or of several with spaces between.
pub(super) fn provide(bundle: &mut Bundle, language: Language) {
    let provided = bundle.add_function("CAPTION", move |positional, named| match (positional, named.get("of")) {
        ([FluentValue::String(codes)], Some(FluentValue::String(vocabulary))) => {
            let captions: Vec<String> = codes.split_whitespace().map(|code| caption(language, vocabulary, code)).collect();
            captions.join(", ").into()
        }
        _ => FluentValue::Error,
    });
    provided.expect("it is provided once");
}
