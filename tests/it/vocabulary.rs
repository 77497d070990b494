//! The words of the field: what partners' own systems call things is what we call them.

use pamoja_domain::organisation::{OrganisationKind, Population};
use pamoja_domain::referral::{
    AgeBand, CancelReason, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason, ReferralStatus,
    SharedField, Urgency,
};
use pamoja_domain::service::{Capacity, ServiceType};
use pamoja_domain::training::{Cadre, TrainingMode, TrainingReason, TrainingStatus, TrainingTopic};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;

/// A vocabulary's name and its codes.
pub type Codes = (&'static str, Vec<&'static str>);

fn codes<T: Vocabulary>() -> Codes {
    (T::NAME, T::ALL.iter().map(|member| member.code()).collect())
}

/// Every vocabulary that the database keeps codes of.
pub fn kept() -> Vec<Codes> {
    vec![
        codes::<AgeBand>(),
        codes::<CancelReason>(),
        codes::<Capacity>(),
        codes::<pamoja_domain::client_report::ClientReportedOutcome>(),
        codes::<ConsentGiver>(),
        codes::<ConsentManner>(),
        codes::<DeclineReason>(),
        codes::<pamoja_domain::organisation::MembershipStatus>(),
        codes::<MinorStatus>(),
        codes::<NonCompletionReason>(),
        codes::<OrganisationKind>(),
        codes::<Population>(),
        codes::<ReferralStatus>(),
        codes::<Role>(),
        codes::<ServiceType>(),
        codes::<SharedField>(),
        codes::<Urgency>(),
        codes::<Cadre>(),
        codes::<TrainingMode>(),
        codes::<TrainingReason>(),
        codes::<TrainingStatus>(),
        codes::<TrainingTopic>(),
    ]
}

/// Partners map these to MOH 731 Plus, KenyaEMR, PEPFAR and FHIR: a code is never changed or taken away, and a new one is added here.
const AGREED: [(&str, &str); 10] = [
    (
        "TrainingTopic",
        "HARM_REDUCTION_BASICS OVERDOSE_RESPONSE SAFER_USE SAFER_SEX HIV_PREVENTION PEER_EDUCATION COUNSELLING HUMAN_RIGHTS_AND_LAW REPORTING_VIOLATIONS SAFETY_AND_SECURITY DIGITAL_SAFETY PROVIDER_SENSITISATION SUBSTANCE_USE_CONVERSATIONS MENTAL_HEALTH_FIRST_AID GENDER_BASED_VIOLENCE DATA_PROTECTION MONITORING_AND_EVALUATION OTHER",
    ),
    (
        "Cadre",
        "PEER_EDUCATOR OUTREACH_WORKER CLINICIAN COUNSELLOR PARALEGAL COMMUNITY_MEMBER POLICE HEALTH_PROVIDER RELIGIOUS_LEADER MEDIA STAFF OTHER",
    ),
    (
        "TrainingReason",
        "NO_TRAINER NO_FUNDS NO_VENUE UNSAFE DATES TOPIC_NOT_OFFERED NO_LONGER_NEEDED OTHER",
    ),
    (
        "TrainingMode",
        "IN_PERSON ONLINE BLENDED WEBINAR",
    ),
    (
        "Population",
        "MSM MALE_SEX_WORKER FEMALE_SEX_WORKER TRANS_WOMAN TRANS_MAN GENDER_DIVERSE PERSON_WHO_INJECTS_DRUGS PERSON_WHO_USES_DRUGS
         PERSON_IN_PRISON OTHER NOT_STATED",
    ),
    ("AgeBand", "UNDER_15 FROM_15_TO_19 FROM_20_TO_24 FROM_25_TO_29 FROM_30 NOT_STATED"),
    (
        "ServiceType",
        "CONDOMS_LUBRICANT HIV_TESTING HIV_SELF_TEST PREP PEP NEEDLE_SYRINGE_PROGRAMME OPIOID_AGONIST_THERAPY NALOXONE_OVERDOSE_RESPONSE
         SAFER_USE_EDUCATION WOUND_ABSCESS_CARE ALCOHOL_DRUG_SUPPORT PEER_EDUCATION DROP_IN_CENTRE ART VIRAL_LOAD STI_SCREENING_TREATMENT
         HEPATITIS_B HEPATITIS_C TB_SCREENING_PREVENTION ANAL_HEALTH CERVICAL_SCREENING CONTRACEPTION EMERGENCY_CONTRACEPTION
         GENDER_AFFIRMING_SUPPORT GENERAL_OUTPATIENT MENTAL_HEALTH PSYCHOSOCIAL_SUPPORT POST_TEST_CLUB SUPPORT_GROUP POST_VIOLENCE_CARE
         CRISIS_RESPONSE SHELTER RELOCATION LEGAL_AID PARALEGAL DETENTION_VISIT DIGITAL_SAFETY NUTRITION ECONOMIC_EMPOWERMENT
         TRANSPORT_SUPPORT IDENTITY_DOCUMENTS OTHER",
    ),
    (
        "DeclineReason",
        "NO_CAPACITY WAITLIST_FULL NOT_ELIGIBLE SERVICE_NOT_OFFERED OUT_OF_AREA OUTSIDE_HOURS COMMODITY_STOCKOUT NEEDS_MORE_INFORMATION
         DUPLICATE SAFETY_CONCERN CONFLICT_OF_INTEREST BETTER_PLACED_PARTNER OTHER",
    ),
    (
        "NonCompletionReason",
        "CLIENT_DID_NOT_ARRIVE CLIENT_DECLINED NO_LONGER_NEEDED COULD_NOT_BE_REACHED UNSAFE_TO_FOLLOW_UP TRANSPORT_OR_COST
         TURNED_AWAY_OR_MISTREATED DETAINED MOVED DIED SERVICE_CLOSED UNKNOWN",
    ),
    ("CancelReason", "NO_LONGER_NEEDED CONSENT_WITHDRAWN WRONG_ORGANISATION SAFETY_CONCERN OTHER"),
];

#[test]
fn the_codes_are_those_that_were_agreed() {
    let kept = kept();
    for (name, agreed) in AGREED {
        let ours = kept.iter().find(|(known, _)| *known == name).map(|(_, codes)| codes.clone());
        assert_eq!(ours, Some(agreed.split_whitespace().collect()), "{name}");
    }
}
