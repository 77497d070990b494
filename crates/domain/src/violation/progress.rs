//! How far a violation has come, how it ended, and why.

use crate::month::Month;
use crate::service::ServiceType;
use crate::vocabulary;

vocabulary! {
    /// Where a violation stands.
    pub enum ViolationStatus {
        /// Something is still to happen.
        Open = "OPEN",
        /// It has ended; see outcome.
        Ended = "ENDED",
        /// The survivor no longer agrees. What was personal is erased.
        ConsentWithdrawn = "CONSENT_WITHDRAWN",
        /// It should never have been recorded. No figure counts it.
        EnteredInError = "ENTERED_IN_ERROR",
    }
}

vocabulary! {
    /// What somebody may do to a violation.
    pub enum ViolationAction {
        /// recordViolationStep: something was done about it.
        RecordStep = "RECORD_STEP",
        /// endViolation: it has ended, with the outcome.
        End = "END",
        /// reopenViolation: it goes on after all.
        Reopen = "REOPEN",
        /// correctViolation: put right what was recorded, until its month is published.
        Correct = "CORRECT",
        /// replaceViolationNote: replace the sealed note.
        ReplaceNote = "REPLACE_NOTE",
        /// withdrawViolationConsent: the survivor no longer agrees. It erases at once what is personal.
        WithdrawConsent = "WITHDRAW_CONSENT",
        /// markViolationEnteredInError: it should never have been recorded. Until its month is published.
        MarkEnteredInError = "MARK_ENTERED_IN_ERROR",
        /// planSensitisation: plan a training of those who did it, or could.
        PlanSensitisation = "PLAN_SENSITISATION",
    }
}

vocabulary! {
    /// Something that was done about a violation.
    pub enum ViolationStepKind {
        /// It was documented. The program records this step itself.
        Documented = "DOCUMENTED",
        /// A plan for the survivor's safety was made, or they were brought to safety.
        SafetyPlan = "SAFETY_PLAN",
        /// The survivor had medical care.
        MedicalCare = "MEDICAL_CARE",
        /// The survivor had counselling.
        Counselling = "COUNSELLING",
        /// It was reported to the police.
        ReportedToPolice = "REPORTED_TO_POLICE",
        /// It was reported to a body that oversees the police, a profession or an authority.
        ReportedToOversight = "REPORTED_TO_OVERSIGHT",
        /// A lawyer or paralegal follows it up.
        LegalFollowUp = "LEGAL_FOLLOW_UP",
        /// It is investigated.
        Investigation = "INVESTIGATION",
        /// It is before a court.
        InCourt = "IN_COURT",
        /// It is mediated.
        Mediation = "MEDIATION",
    }
}

vocabulary! {
    /// How it ended. ONGOING while it is open.
    pub enum ViolationOutcome {
        /// It was put right.
        Resolved = "RESOLVED",
        /// A court convicted somebody.
        Conviction = "CONVICTION",
        /// A court acquitted whoever was accused.
        Acquitted = "ACQUITTED",
        /// A court or authority dismissed it.
        Dismissed = "DISMISSED",
        /// Both sides settled it.
        Settled = "SETTLED",
        /// Whoever had to act did nothing.
        NoActionTaken = "NO_ACTION_TAKEN",
        /// The survivor did not wish to go on. A neutral ending, and no failure of anybody.
        SurvivorChoice = "SURVIVOR_CHOICE",
        /// The survivor pulled out; see the reasons.
        Withdrawn = "WITHDRAWN",
        /// Contact was lost.
        LostContact = "LOST_CONTACT",
        /// It has not ended.
        Ongoing = "ONGOING",
    }
}

vocabulary! {
    /// Why it was not reported, or not gone on with.
    pub enum ViolationReason {
        /// It takes too long.
        TooLong = "TOO_LONG",
        /// It costs too much.
        TooCostly = "TOO_COSTLY",
        /// Fear of being exposed.
        FearOfExposure = "FEAR_OF_EXPOSURE",
        /// Fear of the police or of the court.
        FearOfPoliceOrCourt = "FEAR_OF_POLICE_OR_COURT",
        /// Pressure from others.
        Pressure = "PRESSURE",
        /// No trust that it helps.
        NoTrust = "NO_TRUST",
        /// Did not know how.
        DidNotKnowHow = "DID_NOT_KNOW_HOW",
        /// Too far away.
        Distance = "DISTANCE",
        /// They blame themselves.
        SelfBlame = "SELF_BLAME",
        /// Fear of retaliation, or retaliation.
        Retaliation = "RETALIATION",
        /// Another reason.
        Other = "OTHER",
    }
}

vocabulary! {
    /// The order of a list of violations. The id decides between equals.
    pub enum ViolationOrder {
        /// By the month in which they were documented, the newest first. Within a month the order is no order of time.
        DocumentedNewestFirst = "DOCUMENTED_NEWEST_FIRST",
        /// The most recently changed first. Those that have ended stand at the beginning of the month of their last change.
        RecentlyUpdatedFirst = "RECENTLY_UPDATED_FIRST",
    }
}

/// Something that was done about a violation, in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ViolationStep {
    /// What was done.
    pub kind: ViolationStepKind,
    /// The month.
    pub month: Month,
}

impl ViolationStepKind {
    /// What the arrival of a client at a service of this type is a step of, where the referral was made because of a violation. `None`
    /// for services that are no answer to one.
    pub fn of_arrival(service_type: ServiceType) -> Option<Self> {
        match service_type {
            ServiceType::LegalAid | ServiceType::Paralegal | ServiceType::DetentionVisit => Some(Self::LegalFollowUp),
            ServiceType::Shelter | ServiceType::Relocation | ServiceType::CrisisResponse => Some(Self::SafetyPlan),
            ServiceType::MentalHealth
            | ServiceType::PsychosocialSupport
            | ServiceType::SupportGroup
            | ServiceType::PostTestClub => Some(Self::Counselling),
            ServiceType::PostViolenceCare
            | ServiceType::Pep
            | ServiceType::HivTesting
            | ServiceType::WoundAbscessCare
            | ServiceType::Art
            | ServiceType::ViralLoad
            | ServiceType::StiScreeningTreatment
            | ServiceType::HepatitisB
            | ServiceType::HepatitisC
            | ServiceType::TbScreeningPrevention
            | ServiceType::AnalHealth
            | ServiceType::CervicalScreening
            | ServiceType::Contraception
            | ServiceType::EmergencyContraception
            | ServiceType::GenderAffirmingSupport
            | ServiceType::GeneralOutpatient => Some(Self::MedicalCare),
            ServiceType::CondomsLubricant
            | ServiceType::HivSelfTest
            | ServiceType::Prep
            | ServiceType::NeedleSyringeProgramme
            | ServiceType::OpioidAgonistTherapy
            | ServiceType::NaloxoneOverdoseResponse
            | ServiceType::SaferUseEducation
            | ServiceType::AlcoholDrugSupport
            | ServiceType::PeerEducation
            | ServiceType::DropInCentre
            | ServiceType::DigitalSafety
            | ServiceType::Nutrition
            | ServiceType::EconomicEmpowerment
            | ServiceType::TransportSupport
            | ServiceType::IdentityDocuments
            | ServiceType::Other => None,
        }
    }
}

/// Steps in the order in which they are shown: by month, and within a month in the order of the codes.
pub fn in_order(mut steps: Vec<ViolationStep>) -> Vec<ViolationStep> {
    steps.sort_unstable_by_key(|step| (step.month, step.kind));
    steps.dedup();
    steps
}
