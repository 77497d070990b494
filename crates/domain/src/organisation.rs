//! Member organisations and the populations that they serve.

use crate::vocabulary;

vocabulary! {
    /// The kind of organisation that a member is.
    pub enum OrganisationKind {
        /// Led by men who have sex with men.
        MsmLed = "MSM_LED",
        /// Led by sex workers.
        SexWorkerLed = "SEX_WORKER_LED",
        /// Harm reduction for people who use drugs.
        HarmReduction = "HARM_REDUCTION",
        /// Led by trans people.
        TransLed = "TRANS_LED",
        /// A clinic or another provider of health care.
        HealthProvider = "HEALTH_PROVIDER",
        /// Legal aid or paralegals.
        LegalAid = "LEGAL_AID",
        /// The coalition's own office; it sees no referral.
        Secretariat = "SECRETARIAT",
        /// Another kind.
        Other = "OTHER",
    }
}

vocabulary! {
    /// A member's status in the coalition.
    pub enum MembershipStatus {
        /// Asked to join. It can neither sign in nor receive referrals yet.
        Invited = "INVITED",
        /// A member.
        Active = "ACTIVE",
        /// Locked, for example after a raid. Nobody signs in and nothing can be sent to it until it is unlocked.
        Frozen = "FROZEN",
        /// No longer a member.
        Left = "LEFT",
    }
}

vocabulary! {
    /// A group that a service is for, or that a client counts themself to. A person may belong to several. NOT_STATED is always a
    /// good answer.
    pub enum Population {
        /// Men who have sex with men.
        Msm = "MSM",
        /// Male sex workers.
        MaleSexWorker = "MALE_SEX_WORKER",
        /// Female sex workers.
        FemaleSexWorker = "FEMALE_SEX_WORKER",
        /// Trans women.
        TransWoman = "TRANS_WOMAN",
        /// Trans men.
        TransMan = "TRANS_MAN",
        /// Gender diverse people.
        GenderDiverse = "GENDER_DIVERSE",
        /// People who inject drugs.
        PersonWhoInjectsDrugs = "PERSON_WHO_INJECTS_DRUGS",
        /// People who use drugs.
        PersonWhoUsesDrugs = "PERSON_WHO_USES_DRUGS",
        /// People in prison or another closed place.
        PersonInPrison = "PERSON_IN_PRISON",
        /// Another group.
        Other = "OTHER",
        /// Not stated, or not asked.
        NotStated = "NOT_STATED",
    }
}

impl Population {
    /// Whether selling sex defines this group. A minor never sells sex: WHO (2022) calls it exploitation.
    pub fn is_sex_worker(self) -> bool {
        matches!(self, Self::MaleSexWorker | Self::FemaleSexWorker)
    }
}
