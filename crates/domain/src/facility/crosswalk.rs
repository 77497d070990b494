//! What the register's service names mean in our vocabulary.

use crate::county::same_words;
use crate::service::ServiceType;

/// The name that makes a facility key-population-friendly, the most useful fact in the register.
///
/// "HIV risk reduction services for prioity populations and geographies" (so spelled) does not. Priority populations are
/// others in Kenya's HIV plans, such as girls and young women, fisherfolk or truckers, and geographies are counties.
/// 13 facilities of our copy list that name alone. To call them friendly would send a man who has sex with men or a sex
/// worker to a place that never said it welcomes them.
const KEY_POPULATIONS: &str = "HIV risk reduction for Key populations";

/// Our service types, in the vocabulary's order, with the register's names for each.
///
/// A name is here only if a client who is sent for our service gets it at that door. Hence not here:
/// - "Natural" (family planning): advice on fertile days. Seven facilities of our copy list no other method, several
///   of them church-run by their names; a client who is sent there for contraceptives may well get none.
/// - "Prevention of Mother to Child transmission of HIV": treatment for pregnant women only, so not ART.
/// - "Smear Microscopy", "GeneXpert", "Tuberculosis Culture": a laboratory bench, which takes specimens.
/// - "Medical", "Paediatric" and "Surgical outpatient clinic": the register has them among the specialist clinics.
/// - "Ambulatory Services": transport of patients. "Counselling for Oncology Services": for cancer alone.
/// - "Infection Prevention and control to mitigate HIV infection in the work place": for the staff, so not PEP.
/// - "Youth - Friendly Services", which says for whom and not what.
const CROSSWALK: [(ServiceType, &[&str]); 9] = [
    (ServiceType::CondomsLubricant, &["Condom Distribution & STI Prevention"]),
    (ServiceType::HivTesting, &["HIV Testing Services"]),
    (ServiceType::Art, &["HIV treatment and care"]),
    // Our vocabulary has one code for tuberculosis; who treats it also screens.
    (ServiceType::TbScreeningPrevention, &["Tuberculosis Treatment", "Drug Resistant Tuberculosis Treatment"]),
    (ServiceType::CervicalScreening, &["Screening using VIA/VILI", "Pap smear"]),
    // Bare as they stand, these are the methods under the register's heading "Family Planning"; in the register no
    // other service is called so (every row that has one of them carries one and the same category, and only such rows).
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

/// Whether one of the names says that key populations are welcome.
pub(super) fn key_population_friendly(names: &[&str]) -> bool {
    lists(names, KEY_POPULATIONS)
}

/// Our service types for the register's names, each once, in the vocabulary's order.
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
