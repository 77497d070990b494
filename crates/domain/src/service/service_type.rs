//! The types of service, in the terms that partners already use in their reports.

use crate::vocabulary;

vocabulary! {
    /// The kind of service that is offered or needed.
    pub enum ServiceType {
        /// Condoms and lubricant.
        CondomsLubricant = "CONDOMS_LUBRICANT",
        /// HIV testing by a provider.
        HivTesting = "HIV_TESTING",
        /// HIV self-test kits.
        HivSelfTest = "HIV_SELF_TEST",
        /// Pre-exposure prophylaxis against HIV.
        Prep = "PREP",
        /// Post-exposure prophylaxis against HIV; must begin within 72 hours of exposure.
        Pep = "PEP",
        /// Sterile needles and syringes.
        NeedleSyringeProgramme = "NEEDLE_SYRINGE_PROGRAMME",
        /// Opioid agonist therapy, such as methadone or buprenorphine.
        OpioidAgonistTherapy = "OPIOID_AGONIST_THERAPY",
        /// Naloxone and response to overdose.
        NaloxoneOverdoseResponse = "NALOXONE_OVERDOSE_RESPONSE",
        /// Education on safer drug use.
        SaferUseEducation = "SAFER_USE_EDUCATION",
        /// Care of wounds and abscesses.
        WoundAbscessCare = "WOUND_ABSCESS_CARE",
        /// Support around alcohol and drug use.
        AlcoholDrugSupport = "ALCOHOL_DRUG_SUPPORT",
        /// Education by peers.
        PeerEducation = "PEER_EDUCATION",
        /// A safe place to drop in.
        DropInCentre = "DROP_IN_CENTRE",
        /// Antiretroviral therapy for HIV.
        Art = "ART",
        /// HIV viral load testing.
        ViralLoad = "VIRAL_LOAD",
        /// Screening for and treatment of sexually transmitted infections.
        StiScreeningTreatment = "STI_SCREENING_TREATMENT",
        /// Hepatitis B testing, vaccination or treatment.
        HepatitisB = "HEPATITIS_B",
        /// Hepatitis C testing or treatment.
        HepatitisC = "HEPATITIS_C",
        /// Tuberculosis screening, prevention or treatment.
        TbScreeningPrevention = "TB_SCREENING_PREVENTION",
        /// Anal health.
        AnalHealth = "ANAL_HEALTH",
        /// Cervical cancer screening.
        CervicalScreening = "CERVICAL_SCREENING",
        /// Contraception.
        Contraception = "CONTRACEPTION",
        /// Emergency contraception; must be taken within 72 hours.
        EmergencyContraception = "EMERGENCY_CONTRACEPTION",
        /// Gender-affirming support.
        GenderAffirmingSupport = "GENDER_AFFIRMING_SUPPORT",
        /// General outpatient care.
        GeneralOutpatient = "GENERAL_OUTPATIENT",
        /// Mental health care.
        MentalHealth = "MENTAL_HEALTH",
        /// Psychosocial support.
        PsychosocialSupport = "PSYCHOSOCIAL_SUPPORT",
        /// A club for people who have been tested.
        PostTestClub = "POST_TEST_CLUB",
        /// A support group.
        SupportGroup = "SUPPORT_GROUP",
        /// Care after violence, including sexual violence; prophylaxis must begin within 72 hours.
        PostViolenceCare = "POST_VIOLENCE_CARE",
        /// Response to an acute crisis.
        CrisisResponse = "CRISIS_RESPONSE",
        /// Shelter.
        Shelter = "SHELTER",
        /// Relocation to a safer place.
        Relocation = "RELOCATION",
        /// Legal aid by an advocate.
        LegalAid = "LEGAL_AID",
        /// Help by a paralegal.
        Paralegal = "PARALEGAL",
        /// Visits to people in detention.
        DetentionVisit = "DETENTION_VISIT",
        /// Help with the safety of phones and accounts.
        DigitalSafety = "DIGITAL_SAFETY",
        /// Food and nutrition support.
        Nutrition = "NUTRITION",
        /// Economic empowerment.
        EconomicEmpowerment = "ECONOMIC_EMPOWERMENT",
        /// Help with transport.
        TransportSupport = "TRANSPORT_SUPPORT",
        /// Help to obtain identity documents.
        IdentityDocuments = "IDENTITY_DOCUMENTS",
        /// Another service.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Groups of services, for figures that would be too fine for each service.
    pub enum ServiceGroup {
        /// Prevention and harm reduction.
        Prevention = "PREVENTION",
        /// Care of body and mind.
        Care = "CARE",
        /// Safety, justice and livelihood; and everything else.
        Support = "SUPPORT",
    }
}

impl ServiceType {
    /// Whether it is a service of health: who provides it is a health provider.
    pub fn is_of_health(self) -> bool {
        self.group() != ServiceGroup::Support || self == Self::PostViolenceCare
    }

    /// The group that it belongs to.
    pub fn group(self) -> ServiceGroup {
        match self {
            Self::CondomsLubricant
            | Self::HivTesting
            | Self::HivSelfTest
            | Self::Prep
            | Self::Pep
            | Self::NeedleSyringeProgramme
            | Self::OpioidAgonistTherapy
            | Self::NaloxoneOverdoseResponse
            | Self::SaferUseEducation
            | Self::WoundAbscessCare
            | Self::AlcoholDrugSupport
            | Self::PeerEducation
            | Self::DropInCentre => ServiceGroup::Prevention,
            Self::Art
            | Self::ViralLoad
            | Self::StiScreeningTreatment
            | Self::HepatitisB
            | Self::HepatitisC
            | Self::TbScreeningPrevention
            | Self::AnalHealth
            | Self::CervicalScreening
            | Self::Contraception
            | Self::EmergencyContraception
            | Self::GenderAffirmingSupport
            | Self::GeneralOutpatient
            | Self::MentalHealth
            | Self::PsychosocialSupport
            | Self::PostTestClub
            | Self::SupportGroup => ServiceGroup::Care,
            Self::PostViolenceCare
            | Self::CrisisResponse
            | Self::Shelter
            | Self::Relocation
            | Self::LegalAid
            | Self::Paralegal
            | Self::DetentionVisit
            | Self::DigitalSafety
            | Self::Nutrition
            | Self::EconomicEmpowerment
            | Self::TransportSupport
            | Self::IdentityDocuments
            | Self::Other => ServiceGroup::Support,
        }
    }
}
