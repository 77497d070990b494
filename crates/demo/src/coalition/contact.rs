//! How the made-up members are reached, and which of their services are paused. It is made from what they are, not drawn, so that it
//! changes nothing else of the coalition.
//!
//! Lines are toll-free numbers, which are never a person's: 0800 000 and a number of three digits, which no service that we know of
//! uses. Whoever calls one by mistake reaches nobody.

use pamoja_domain::contact::{Contact, ContactChange, ContactDraft, LineDraft};
use pamoja_domain::county::CountyCode;
use pamoja_domain::opening_hours::{SpanDraft, Weekday};
use pamoja_domain::organisation::OrganisationKind;
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;

use super::GenerateError;
use super::profile::Profile;

use ServiceType as Type;
use Weekday::{Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};

/// Days, opening and closing time.
type Span = (&'static [Weekday], &'static str, &'static str);

const WORKDAYS: &[Weekday] = &[Monday, Tuesday, Wednesday, Thursday, Friday];
const ALWAYS: &[Span] = &[(Weekday::ALL, "00:00", "24:00")];
const CLINIC: &[Span] = &[(WORKDAYS, "08:00", "13:00"), (WORKDAYS, "14:00", "17:00"), (&[Saturday], "08:00", "12:00")];
const OFFICE: &[Span] = &[(WORKDAYS, "09:00", "16:30")];
const DROP_IN: &[Span] = &[(&[Monday, Tuesday, Wednesday, Thursday, Friday, Saturday], "10:00", "20:00")];
const NIGHT: &[Span] = &[(&[Tuesday, Wednesday, Thursday, Friday, Saturday], "18:00", "02:00")];

/// The hours of a service. Nobody has said those of every seventh.
fn hours(profile: &Profile, service_type: ServiceType, number: usize) -> &'static [Span] {
    if number % 7 == 6 {
        return &[];
    }
    match (profile.kind, service_type) {
        (_, Type::Pep | Type::PostViolenceCare | Type::CrisisResponse | Type::Shelter | Type::NaloxoneOverdoseResponse) => ALWAYS,
        (OrganisationKind::SexWorkerLed, Type::DropInCentre | Type::CondomsLubricant | Type::SupportGroup) => NIGHT,
        (_, Type::DropInCentre | Type::NeedleSyringeProgramme | Type::SupportGroup) => DROP_IN,
        (OrganisationKind::HealthProvider, _) => CLINIC,
        _ => OFFICE,
    }
}

/// English and Swahili, and what else many people speak in the county.
fn languages(county: CountyCode) -> Vec<String> {
    let local = match county.as_str() {
        "001" | "002" | "003" => Some("dig"),
        "041" | "042" | "043" | "044" => Some("luo"),
        "037" | "038" | "039" => Some("luy"),
        "022" | "047" => Some("ki"),
        _ => None,
    };
    ["sw", "en"].into_iter().chain(local).map(str::to_owned).collect()
}

fn contact(profile: &Profile, spans: &[Span], county: CountyCode, line: Option<String>) -> Result<Contact, GenerateError> {
    let spans: Vec<SpanDraft<'_>> = spans.iter().map(|(days, opens, closes)| SpanDraft { days, opens, closes }).collect();
    let languages = languages(county);
    let line = line.as_deref().map(|number| LineDraft { number: Some(number), organisation_owned: true });
    let draft = ContactDraft { hours: Some(&spans), languages: Some(&languages), line };
    let said = ContactChange::parse(draft).map_err(|_| GenerateError::Coalition(profile.slug))?;
    Ok(Contact {
        hours: said.hours.unwrap_or_default(),
        languages: said.languages.unwrap_or_default(),
        line: said.line.flatten(),
    })
}

/// How a member's service is reached, by its number among the member's.
pub(super) fn of_service(
    profile: &Profile,
    service_type: ServiceType,
    county: CountyCode,
    number: usize,
) -> Result<Contact, GenerateError> {
    // Only what can't wait has a line of its own.
    let urgent = matches!(service_type, Type::Pep | Type::PostViolenceCare | Type::CrisisResponse);
    let line = urgent.then(|| format!("0800000{:03}", 100 + 20 * profile.rank as usize + number));
    contact(profile, hours(profile, service_type, number), county, line)
}

/// How a member is reached.
pub(super) fn of_member(profile: &Profile, county: CountyCode) -> Result<Contact, GenerateError> {
    contact(profile, OFFICE, county, Some(format!("0800000{:03}", profile.rank)))
}

/// Whether a member's service is paused: a few are, where stock has run out or the one nurse is on leave.
pub(super) fn is_paused(profile: &Profile, number: usize) -> bool {
    profile.rank % 4 == 3 && number == 2
}
