//! Which of our service types the register's service names stand for.

use crate::county::same_words;
use crate::service::ServiceType;

/// The register's name for a facility that is friendly to key populations: the most useful fact in the register.
///
/// "HIV risk reduction services for prioity populations and geographies" (spelled so in the register) does not count. In Kenya's
/// HIV plans, priority populations are other groups, such as girls and young women, fisherfolk or truckers, and geographies are
/// counties. 13 facilities of our copy list only that name. If we called them friendly, we would send a man who has sex with men
/// or a sex worker to a facility that never said it welcomes them.
const KEY_POPULATIONS: &str = "HIV risk reduction for Key populations";

/// Our service types, in the vocabulary's order, with the register's names for each.
///
/// A name is listed only if a client who is sent for our service gets it there. These are therefore left out:
/// - "Natural" (family planning): advice on fertile days. Seven facilities of our copy list no other method, and several of their
///   names are those of churches. A client who is sent there for contraceptives may get none.
/// - "Prevention of Mother to Child transmission of HIV": treatment for pregnant women only, so not ART.
/// - "Smear Microscopy", "GeneXpert", "Tuberculosis Culture": a laboratory bench, which takes specimens.
/// - "Medical", "Paediatric" and "Surgical outpatient clinic": the register has them among the specialist clinics.
/// - "Ambulatory Services": transport of patients. "Counselling for Oncology Services": for cancer only.
/// - "Infection Prevention and control to mitigate HIV infection in the work place": for the staff, so not PEP.
/// - "Youth - Friendly Services": says for whom and not what.
const CROSSWALK: [(ServiceType, &[&str]); 9] = [
    (ServiceType::CondomsLubricant, &["Condom Distribution & STI Prevention"]),
    (ServiceType::HivTesting, &["HIV Testing Services"]),
    (ServiceType::Art, &["HIV treatment and care"]),
    // Our vocabulary has one code for tuberculosis; a facility that treats it also screens for it.
    (ServiceType::TbScreeningPrevention, &["Tuberculosis Treatment", "Drug Resistant Tuberculosis Treatment"]),
    (ServiceType::CervicalScreening, &["Screening using VIA/VILI", "Pap smear"]),
    // These bare names are the methods under the register's heading "Family Planning". No other service in the register has these
    // names: every row with one of them has the same category, and no other row has it.
    (ServiceType::Contraception, &["Short Term", "Long Term", "Permanent"]),
    (ServiceType::GeneralOutpatient, &["Outpatient"]),
    (
        ServiceType::MentalHealth,
        &["Basic Mental Health Services", "Specialised Mental Health Services", "Comprehensive Mental Health Service"],
    ),
    (
        ServiceType::PostViolenceCare,
        &["Basic Services for Gender Based Violence Survivors", "Comprehensive Services for Gender- Based- Violence Survivors"],
    ),
];

/// Whether one of the names says that the facility welcomes key populations.
pub(super) fn key_population_friendly(names: &[&str]) -> bool {
    lists(names, KEY_POPULATIONS)
}

/// Our service types for the register's names, without repeats, in the vocabulary's order.
pub(super) fn service_types(names: &[&str]) -> Vec<ServiceType> {
    CROSSWALK
        .iter()
        .filter(|(_, known)| known.iter().any(|known| lists(names, known)))
        .map(|(service_type, _)| *service_type)
        .collect()
}

fn lists(names: &[&str], wanted: &str) -> bool {
    names.iter().any(|name| same_words(name, wanted))
}
