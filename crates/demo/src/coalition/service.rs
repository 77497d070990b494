//! What the members of the made-up coalition offer, and which clients need a service.

use pamoja_domain::county::CountyCode;
use pamoja_domain::organisation::{OrganisationKind, Population};
use pamoja_domain::service::{NewService, ServiceDraft, ServiceType};

use super::GenerateError;
use super::profile::Profile;

use Population::{
    FemaleSexWorker, GenderDiverse, MaleSexWorker, Msm, PersonInPrison, PersonWhoInjectsDrugs, PersonWhoUsesDrugs, TransMan,
    TransWoman,
};
use ServiceType as Type;

/// What a kind of organisation offers, in the order in which it would start to offer it, and what it calls each service.
fn repertoire(kind: OrganisationKind) -> &'static [(ServiceType, &'static str)] {
    match kind {
        OrganisationKind::MsmLed => &[
            (Type::DropInCentre, "drop-in"),
            (Type::HivTesting, "testing room"),
            (Type::Prep, "PrEP desk"),
            (Type::CondomsLubricant, "condom point"),
            (Type::SupportGroup, "evening circle"),
            (Type::HivSelfTest, "self-test point"),
            (Type::PsychosocialSupport, "listening room"),
            (Type::PeerEducation, "peer sessions"),
            (Type::StiScreeningTreatment, "screening room"),
        ],
        OrganisationKind::SexWorkerLed => &[
            (Type::DropInCentre, "drop-in"),
            (Type::CondomsLubricant, "condom point"),
            (Type::CrisisResponse, "crisis line desk"),
            (Type::Paralegal, "paralegal desk"),
            (Type::EconomicEmpowerment, "savings group"),
            (Type::PeerEducation, "peer sessions"),
            (Type::Shelter, "safe house"),
            (Type::HivTesting, "testing room"),
            (Type::SupportGroup, "sister circle"),
        ],
        OrganisationKind::HarmReduction => &[
            (Type::NeedleSyringeProgramme, "needle exchange"),
            (Type::OpioidAgonistTherapy, "methadone point"),
            (Type::DropInCentre, "drop-in"),
            (Type::WoundAbscessCare, "wound care"),
            (Type::NaloxoneOverdoseResponse, "overdose response"),
            (Type::HepatitisC, "hepatitis testing"),
            (Type::SaferUseEducation, "safer use sessions"),
            (Type::AlcoholDrugSupport, "support sessions"),
        ],
        OrganisationKind::TransLed => &[
            (Type::GenderAffirmingSupport, "affirming care desk"),
            (Type::SupportGroup, "rainbow circle"),
            (Type::DropInCentre, "drop-in"),
            (Type::PsychosocialSupport, "listening room"),
            (Type::IdentityDocuments, "documents desk"),
            (Type::Shelter, "safe house"),
        ],
        OrganisationKind::HealthProvider => &[
            (Type::HivTesting, "testing clinic"),
            (Type::Prep, "PrEP clinic"),
            (Type::StiScreeningTreatment, "STI clinic"),
            (Type::Art, "comprehensive care clinic"),
            (Type::Pep, "PEP clinic"),
            (Type::MentalHealth, "mental health clinic"),
            (Type::PostViolenceCare, "recovery room"),
            (Type::GeneralOutpatient, "outpatient clinic"),
            (Type::ViralLoad, "viral load laboratory"),
            (Type::TbScreeningPrevention, "chest clinic"),
            (Type::HepatitisB, "vaccination room"),
            (Type::Contraception, "family planning clinic"),
            (Type::CervicalScreening, "well woman clinic"),
            (Type::AnalHealth, "men's clinic"),
        ],
        OrganisationKind::LegalAid => &[
            (Type::LegalAid, "advocates"),
            (Type::Paralegal, "paralegal desk"),
            (Type::DetentionVisit, "detention visits"),
            (Type::IdentityDocuments, "documents desk"),
            (Type::DigitalSafety, "phone safety desk"),
        ],
        OrganisationKind::Secretariat | OrganisationKind::Other => &[],
    }
}

/// Made-up places, which nobody will find.
const PLACES: [&str; 12] = [
    "Tausi Arcade",
    "Jacaranda Yard",
    "Kasuku Corner",
    "Old Kiosk Row",
    "Korongo Court",
    "Mkate Street",
    "Blue Gate Lane",
    "Kinyonga Steps",
    "Tamu Tamu Square",
    "Chungwa Passage",
    "Ufagio Terrace",
    "Njiwa Stairs",
];

/// The services of an organisation. They go through its counties in turn, each time with the next service of its kind.
pub(super) fn of(profile: &Profile, counties: &[CountyCode]) -> Result<Vec<NewService>, GenerateError> {
    let repertoire = repertoire(profile.kind);
    let short_name = profile.name.split(' ').next().unwrap_or(profile.name);
    let chosen = (0..profile.services).zip(repertoire.iter().cycle().skip(start(profile)));
    chosen
        .map(|(number, (service_type, label))| {
            let county = counties.get(number % counties.len().max(1)).ok_or(GenerateError::Coalition(profile.slug))?;
            let place = PLACES[(number + 5 * profile.rank as usize) % PLACES.len()];
            NewService::parse(&ServiceDraft {
                service_type: *service_type,
                name: &format!("{short_name} {label}, {place}, {}", county.name()),
                county_code: county.as_str(),
                populations: if is_for_members(*service_type) { profile.populations } else { &[] },
                accepts_minors: profile.kind == OrganisationKind::HealthProvider && takes_minors(*service_type),
                facility: None,
            })
            .map_err(|_| GenerateError::Coalition(profile.slug))
        })
        .collect()
}

/// Where an organisation begins in its repertoire. Clinics begin at different places, so that together they cover more.
fn start(profile: &Profile) -> usize {
    match profile.kind {
        OrganisationKind::HealthProvider => profile.rank as usize % 5,
        _ => 0,
    }
}

/// Whether an organisation offers this only to the key populations that it was founded for.
fn is_for_members(service_type: ServiceType) -> bool {
    matches!(
        service_type,
        Type::DropInCentre | Type::SupportGroup | Type::PeerEducation | Type::EconomicEmpowerment | Type::Shelter
    )
}

fn takes_minors(service_type: ServiceType) -> bool {
    matches!(
        service_type,
        Type::HivTesting
            | Type::StiScreeningTreatment
            | Type::GeneralOutpatient
            | Type::PostViolenceCare
            | Type::Contraception
            | Type::MentalHealth
            | Type::Art
    )
}

/// How often people of those key populations need this service; zero when it makes no sense for them.
pub(super) fn need(service_type: ServiceType, populations: &[Population]) -> f64 {
    let is = |groups: &[Population]| groups.iter().any(|group| populations.contains(group));
    let uses_drugs = is(&[PersonWhoInjectsDrugs, PersonWhoUsesDrugs]);
    let trans = is(&[TransWoman, TransMan, GenderDiverse]);
    let men = is(&[Msm, MaleSexWorker]);
    let sells = is(&[FemaleSexWorker, MaleSexWorker]);
    let only = |holds: bool, weight: f64| if holds { weight } else { 0.0 };
    match service_type {
        Type::HivTesting => 9.0,
        Type::Prep => {
            if men || sells || trans {
                8.0
            } else {
                3.0
            }
        }
        Type::StiScreeningTreatment => 7.0,
        Type::Art => 4.5,
        Type::ViralLoad | Type::TbScreeningPrevention | Type::HepatitisB => 2.0,
        Type::Pep => 1.8,
        Type::GeneralOutpatient => 3.0,
        Type::MentalHealth => {
            if trans {
                3.5
            } else {
                2.2
            }
        }
        Type::PostViolenceCare | Type::CrisisResponse => {
            if sells || trans {
                1.8
            } else {
                0.9
            }
        }
        Type::AnalHealth => only(men || is(&[TransWoman]), 2.0),
        Type::Contraception | Type::CervicalScreening => only(is(&[FemaleSexWorker, TransMan]), 3.0),
        Type::NeedleSyringeProgramme | Type::WoundAbscessCare => only(is(&[PersonWhoInjectsDrugs]), 12.0),
        Type::OpioidAgonistTherapy => only(uses_drugs, 12.0),
        Type::NaloxoneOverdoseResponse | Type::SaferUseEducation | Type::AlcoholDrugSupport => only(uses_drugs, 6.0),
        Type::HepatitisC => {
            if uses_drugs {
                2.5
            } else {
                0.2
            }
        }
        Type::GenderAffirmingSupport => only(trans, 16.0),
        Type::LegalAid | Type::Paralegal => {
            if sells || uses_drugs {
                2.0
            } else {
                1.4
            }
        }
        Type::DetentionVisit => {
            if is(&[PersonInPrison]) {
                8.0
            } else {
                0.5
            }
        }
        Type::IdentityDocuments => {
            if trans {
                2.0
            } else {
                0.6
            }
        }
        Type::DropInCentre | Type::SupportGroup | Type::PsychosocialSupport => 1.6,
        Type::Shelter => 0.7,
        _ => 1.0,
    }
}
