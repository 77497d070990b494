//! The vocabularies: we use the codes that partners' systems use, and the database accepts the codes that the domain crate knows.

use std::collections::BTreeSet;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::client_report::ClientReportedOutcome;
use pamoja_domain::county::CountyCode;
use pamoja_domain::device::Device;
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};
use pamoja_domain::referral::{
    AgeBand, CancelReason, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason, ReferralStatus,
    SharedField, Urgency,
};
use pamoja_domain::sensitisation::SensitisationStatus;
use pamoja_domain::service::{Capacity, ServiceType};
use pamoja_domain::statistic::{Measure, OwnSide, PeriodKind, StatisticTableName};
use pamoja_domain::training::{Cadre, TrainingMode, TrainingReason, TrainingStatus, TrainingTopic};
use pamoja_domain::user::Role;
use pamoja_domain::violation::{
    Perpetrator, ViolationCause, ViolationConsentGiver, ViolationOutcome, ViolationReason, ViolationStatus, ViolationStepKind,
    ViolationType,
};
use pamoja_domain::vocabulary::Vocabulary;

use crate::harness::World;

/// A vocabulary that the database stores, under the name of its DOMAIN.
struct Kept {
    name: String,
    codes: Vec<&'static str>,
}

/// A DOMAIN of the catalogue.
#[derive(Clone, Debug)]
struct Domain {
    name: String,
    base: String,
    check: Option<String>,
    /// How many columns have this type.
    columns: i64,
}

fn kept_as(name: &str, codes: Vec<&'static str>) -> Kept {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    Kept { name: snake, codes }
}

fn codes<T: Vocabulary>() -> Kept {
    kept_as(T::NAME, T::ALL.iter().map(|member| member.code()).collect())
}

/// Every vocabulary whose codes the database stores.
fn kept() -> Vec<Kept> {
    vec![
        codes::<AgeBand>(),
        codes::<Cadre>(),
        codes::<CancelReason>(),
        codes::<Capacity>(),
        codes::<ChangeKind>(),
        codes::<ClientReportedOutcome>(),
        codes::<ConsentGiver>(),
        codes::<ConsentManner>(),
        kept_as("CountyCode", CountyCode::ALL.iter().map(|county| county.as_str()).collect()),
        codes::<DeclineReason>(),
        codes::<Device>(),
        codes::<Measure>(),
        codes::<MembershipStatus>(),
        codes::<MinorStatus>(),
        codes::<NonCompletionReason>(),
        codes::<OrganisationKind>(),
        codes::<OwnSide>(),
        codes::<PeriodKind>(),
        codes::<Population>(),
        codes::<ReferralStatus>(),
        codes::<Role>(),
        codes::<SensitisationStatus>(),
        codes::<ServiceType>(),
        codes::<SharedField>(),
        codes::<StatisticTableName>(),
        codes::<Perpetrator>(),
        codes::<ViolationCause>(),
        codes::<ViolationConsentGiver>(),
        codes::<ViolationOutcome>(),
        codes::<ViolationReason>(),
        codes::<ViolationStatus>(),
        codes::<ViolationStepKind>(),
        codes::<ViolationType>(),
        codes::<TrainingMode>(),
        codes::<TrainingReason>(),
        codes::<TrainingStatus>(),
        codes::<TrainingTopic>(),
        codes::<Urgency>(),
    ]
}

impl Kept {
    /// The DOMAINs that it can have: for one code, and for a list of codes.
    fn forms(&self) -> [(String, &'static str); 2] {
        [(self.name.clone(), "text"), (format!("{}s", self.name), "text[]")]
    }

    /// The constraint as a migration writes it.
    fn constraint(&self, name: &str, base: &str) -> String {
        let codes: Vec<_> = self.codes.iter().map(|code| format!("'{code}'")).collect();
        let codes = codes.join(", ");
        let test = if base == "text" {
            format!("IN ({codes})")
        } else {
            format!("<@ ARRAY[{codes}] AND coalesce(array_ndims(VALUE), 1) = 1")
        };
        format!("CONSTRAINT {name}_check CHECK (VALUE {test})")
    }

    /// The constraint as PostgreSQL shows it.
    fn shown(&self, base: &str) -> String {
        let codes: Vec<_> = self.codes.iter().map(|code| format!("'{code}'::text")).collect();
        let codes = codes.join(", ");
        if base == "text" {
            format!("CHECK ((VALUE = ANY (ARRAY[{codes}])))")
        } else {
            // A list of lists would pass the first condition, and the program couldn't read it.
            format!("CHECK (((VALUE <@ ARRAY[{codes}]) AND (COALESCE(array_ndims(VALUE), 1) = 1)))")
        }
    }
}

/// The statements that a migration needs to make the database's DOMAINs agree with the vocabularies.
fn statements_to_agree(kept: &[Kept], domains: &[Domain]) -> Vec<String> {
    let mut statements = Vec::new();
    for vocabulary in kept {
        let mut found = false;
        for (name, base) in vocabulary.forms() {
            let Some(domain) = domains.iter().find(|domain| domain.name == name && domain.base == base) else { continue };
            found = true;
            if domain.check.as_deref() == Some(&vocabulary.shown(base)) {
                continue;
            }
            if domain.check.is_some() {
                statements.push(format!("ALTER DOMAIN {name} DROP CONSTRAINT {name}_check;"));
            }
            statements.push(format!("ALTER DOMAIN {name} ADD {};", vocabulary.constraint(&name, base)));
        }
        if !found {
            let [one, list] = vocabulary
                .forms()
                .map(|(name, base)| format!("CREATE DOMAIN {name} AS {base} {};", vocabulary.constraint(&name, base)));
            statements.push(format!("{one}\n-- or, for a column of lists, {list}"));
        }
    }
    for domain in domains {
        let known = |vocabulary: &Kept| {
            vocabulary.forms().contains(&(domain.name.clone(), if domain.base == "text" { "text" } else { "text[]" }))
        };
        if !kept.iter().any(known) {
            statements.push(format!("DROP DOMAIN {}; -- or name its vocabulary in kept() of this test", domain.name));
        } else if domain.columns == 0 {
            statements.push(format!("DROP DOMAIN {}; -- no column has it", domain.name));
        }
    }
    statements
}

#[tokio::test]
async fn the_domains_of_the_database_are_the_vocabularies() {
    let world = World::new().await;
    let client = world.connect(DatabaseRole::Superuser).await;
    let rows = client
        .query(
            "SELECT typname::text, format_type(typbasetype, NULL),
                (SELECT string_agg(pg_get_constraintdef(oid), ' AND ') FROM pg_constraint WHERE contypid = pg_type.oid),
                (SELECT count(*) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                 WHERE atttypid = pg_type.oid AND relkind = 'r' AND NOT attisdropped)
             FROM pg_type WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace ORDER BY 1",
            &[],
        )
        .await
        .expect("the catalogue");
    let domains: Vec<_> =
        rows.iter().map(|row| Domain { name: row.get(0), base: row.get(1), check: row.get(2), columns: row.get(3) }).collect();
    assert!(domains.len() > 25, "only {domains:?}");
    let statements = statements_to_agree(&kept(), &domains);
    assert!(statements.is_empty(), "a migration has to say:\n\n{}\n", statements.join("\n"));
}

#[test]
fn each_way_in_which_a_domain_can_differ_is_seen() {
    let kept = [kept_as("ServiceType", vec!["ART", "PREP"])];
    let domain = |name: &str, base: &str, check: &str| Domain {
        name: name.to_owned(),
        base: base.to_owned(),
        check: Some(check.to_owned()),
        columns: 1,
    };
    let one = domain("service_type", "text", "CHECK ((VALUE = ANY (ARRAY['ART'::text, 'PREP'::text])))");
    let list = domain(
        "service_types",
        "text[]",
        "CHECK (((VALUE <@ ARRAY['ART'::text, 'PREP'::text]) AND (COALESCE(array_ndims(VALUE), 1) = 1)))",
    );
    assert_eq!(statements_to_agree(&kept, &[one.clone(), list.clone()]), Vec::<String>::new());
    assert_eq!(statements_to_agree(&kept, std::slice::from_ref(&list)), Vec::<String>::new());
    let fewer = domain("service_types", "text[]", "CHECK ((VALUE <@ ARRAY['ART'::text]))");
    assert_eq!(
        statements_to_agree(&kept, &[one.clone(), fewer]),
        [
            "ALTER DOMAIN service_types DROP CONSTRAINT service_types_check;",
            "ALTER DOMAIN service_types ADD CONSTRAINT service_types_check CHECK (VALUE <@ ARRAY['ART', 'PREP'] AND coalesce(array_ndims(VALUE), 1) = 1);",
        ]
    );
    let more = domain("service_type", "text", "CHECK ((VALUE = ANY (ARRAY['ART'::text, 'PREP'::text, 'PEP'::text])))");
    assert_eq!(
        statements_to_agree(&kept, &[more]),
        [
            "ALTER DOMAIN service_type DROP CONSTRAINT service_type_check;",
            "ALTER DOMAIN service_type ADD CONSTRAINT service_type_check CHECK (VALUE IN ('ART', 'PREP'));",
        ]
    );
    let unchecked = Domain { check: None, ..one.clone() };
    assert_eq!(
        statements_to_agree(&kept, &[unchecked]),
        ["ALTER DOMAIN service_type ADD CONSTRAINT service_type_check CHECK (VALUE IN ('ART', 'PREP'));"]
    );
    let missing = statements_to_agree(&kept, &[]);
    assert_eq!(
        missing,
        ["CREATE DOMAIN service_type AS text CONSTRAINT service_type_check CHECK (VALUE IN ('ART', 'PREP'));\n\
          -- or, for a column of lists, CREATE DOMAIN service_types AS text[] CONSTRAINT service_types_check CHECK (VALUE <@ ARRAY['ART', 'PREP'] AND coalesce(array_ndims(VALUE), 1) = 1);"]
    );
    let unused = Domain { columns: 0, ..list };
    assert!(statements_to_agree(&kept, &[one.clone(), unused])[0].starts_with("DROP DOMAIN service_types;"));
    let unknown = domain("colour", "text", "CHECK ((VALUE = ANY (ARRAY['RED'::text, 'BLUE'::text])))");
    assert!(statements_to_agree(&kept, &[one, unknown])[0].starts_with("DROP DOMAIN colour;"));
}

#[tokio::test]
async fn a_list_of_codes_is_no_list_of_lists() {
    let world = World::new().await;
    let client = world.connect(DatabaseRole::App).await;
    let domains = "SELECT typname::text FROM pg_type WHERE typtype = 'd' AND typnamespace = 'public'::regnamespace AND typbasetype = 'text[]'::regtype";
    let lists: Vec<String> = client.query(domains, &[]).await.expect("the DOMAINs").iter().map(|row| row.get(0)).collect();
    assert!(lists.len() > 5, "{lists:?}");
    let code = |list: &str| {
        let kept = kept().into_iter().find(|kept| list == format!("{}s", kept.name)).expect("its vocabulary");
        kept.codes[0]
    };
    for list in &lists {
        let code = code(list);
        for taken in ["{}".to_owned(), format!("{{{code}}}")] {
            client.batch_execute(&format!("SELECT '{taken}'::{list}")).await.expect("a list");
        }
        for refused in [format!("{{{{{code}}}}}"), format!("{{{{{code}}},{{{code}}}}}"), "{NULL}".to_owned()] {
            let error = client.batch_execute(&format!("SELECT '{refused}'::{list}")).await.expect_err("refused");
            assert!(error.as_db_error().is_some_and(|error| error.code().code() == "23514"), "{list} takes {refused}: {error:?}");
        }
    }
}

/// Columns of plain text: free text, and text with a form but no closed list. Languages are too many for a list.
const PLAIN_TEXT: [&str; 38] = [
    "audit_entry.action",
    "audit_entry.door",
    "audit_seal.key_id",
    "client_mutation.operation",
    "facility.code",
    "facility.level",
    "facility.name",
    "facility.sub_county",
    "organisation.name",
    "organisation.slug",
    "organisation_contact.hours",
    "organisation_contact.languages",
    "organisation_contact.line",
    "own_figure.keys",
    "own_figure.rule",
    "referral.reference",
    "referral_client.client",
    "referral_consent.language",
    "referral_consent.notice_version",
    "referral_note.sealed",
    "service.hours",
    "service.languages",
    "service.line",
    "service.name",
    "statistic_cell.keys",
    "statistic_release.noise_key_id",
    "statistic_release.series",
    "statistic_rollup.keys",
    "table_rewrite.table_name",
    "training_offer.description",
    "training_offer.languages",
    "training_offer.title",
    "training_request.languages",
    "training_request.preferred_months",
    "user_account.display_name",
    "user_account.handle",
    "violation_client.client",
    "violation_note.sealed_note",
];

#[tokio::test]
async fn no_column_keeps_codes_in_another_way() {
    let world = World::new().await;
    let client = world.connect(DatabaseRole::Superuser).await;
    let lines = async |query: &str| -> BTreeSet<String> {
        client.query(query, &[]).await.expect("the catalogue").iter().map(|row| row.get(0)).collect()
    };
    let text = lines(
        "SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND typtype <> 'd'
           AND (typcategory IN ('S', 'E') OR typelem IN (SELECT oid FROM pg_type WHERE typcategory IN ('S', 'E')))
           AND relname <> '__diesel_schema_migrations'",
    )
    .await;
    let plain: BTreeSet<String> = PLAIN_TEXT.iter().map(|column| (*column).to_owned()).collect();
    let added: Vec<_> = text.difference(&plain).collect();
    assert!(added.is_empty(), "{added:?}: a vocabulary is kept in its DOMAIN, and what is none is named in PLAIN_TEXT");
    let gone: Vec<_> = plain.difference(&text).collect();
    assert!(gone.is_empty(), "no columns of plain text any more: {gone:?}");
    // Finds patterns that look like codes; the patterns of handles and pseudonyms contain other characters.
    let listing = lines(
        "SELECT conrelid::regclass || '.' || conname FROM pg_constraint
         WHERE contype = 'c' AND conrelid <> 0 AND connamespace = 'public'::regnamespace AND pg_get_constraintdef(oid) ~ '''[[:alnum:]_]+'''",
    )
    .await;
    assert_eq!(listing, BTreeSet::new(), "a CHECK of a table lists codes: make a DOMAIN of them");
}

/// Partners map these codes to MOH 731 Plus, KenyaEMR, PEPFAR and FHIR: never change or remove one; add a new one here.
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
        let wanted = kept_as(name, Vec::new()).name;
        let ours = kept.iter().find(|vocabulary| vocabulary.name == wanted).map(|vocabulary| vocabulary.codes.clone());
        assert_eq!(ours, Some(agreed.split_whitespace().collect()), "{name}");
    }
}
