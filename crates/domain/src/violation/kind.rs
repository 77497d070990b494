//! What was done, by whom and why: in codes, never in words and never with a name. The sources of the codes are the violence forms of
//! KenyaEMR, GBVIMS, and what members said about their safety.

use crate::vocabulary;

vocabulary! {
    /// What was done to somebody.
    pub enum ViolationType {
        /// Insults.
        VerbalAbuse = "VERBAL_ABUSE",
        /// A physical attack.
        PhysicalAssault = "PHYSICAL_ASSAULT",
        /// Rape and every other sexual act without consent.
        SexualViolence = "SEXUAL_VIOLENCE",
        /// Threats, humiliation, isolation.
        PsychologicalAbuse = "PSYCHOLOGICAL_ABUSE",
        /// Harassment, again and again.
        Harassment = "HARASSMENT",
        /// Not hired, treated worse, or dismissed.
        DiscriminationAtWork = "DISCRIMINATION_AT_WORK",
        /// Turned away, or treated worse, by a provider of health services.
        DenialOfHealthService = "DENIAL_OF_HEALTH_SERVICE",
        /// Turned away by anybody else who serves the public.
        DenialOfOtherService = "DENIAL_OF_OTHER_SERVICE",
        /// Somebody who had to keep it confidential told others.
        ConfidentialityBreach = "CONFIDENTIALITY_BREACH",
        /// A test or an examination without consent.
        ForcedTestOrExamination = "FORCED_TEST_OR_EXAMINATION",
        /// An arrest without a lawful reason.
        ArbitraryArrest = "ARBITRARY_ARREST",
        /// Held without being told of what one is accused, or without being brought before a court in time.
        DetentionWithoutCharge = "DETENTION_WITHOUT_CHARGE",
        /// Money or favours demanded under threat.
        ExtortionBlackmail = "EXTORTION_BLACKMAIL",
        /// Lured into a trap, often online.
        Entrapment = "ENTRAPMENT",
        /// Told others about somebody's sexuality, gender, work or status.
        Outing = "OUTING",
        /// Put out of a home or off land.
        Eviction = "EVICTION",
        /// Put out by the family.
        ExpulsionByFamily = "EXPULSION_BY_FAMILY",
        /// Put out of a religious community.
        Excommunication = "EXCOMMUNICATION",
        /// A practice that is to change somebody's sexuality or gender.
        ConversionPractice = "CONVERSION_PRACTICE",
        /// Abuse online.
        OnlineAbuse = "ONLINE_ABUSE",
        /// Calls for hatred or violence.
        HateSpeech = "HATE_SPEECH",
        /// Condoms, lubricant, needles or medicines taken away.
        ConfiscationOfCommodities = "CONFISCATION_OF_COMMODITIES",
        /// A robbery.
        Robbery = "ROBBERY",
        /// A customer or employer didn't pay.
        NonPayment = "NON_PAYMENT",
        /// A raid on an organisation. It needs no survivor.
        RaidOnOrganisation = "RAID_ON_ORGANISATION",
        /// A threat to an organisation's staff.
        ThreatToStaff = "THREAT_TO_STAFF",
        /// A killing.
        Killing = "KILLING",
        /// Something else.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Kinds of violations, as published figures count them: each has enough of them to be shown.
    pub enum ViolationGroup {
        /// PHYSICAL_ASSAULT, ROBBERY, KILLING.
        Physical = "PHYSICAL",
        /// SEXUAL_VIOLENCE.
        Sexual = "SEXUAL",
        /// VERBAL_ABUSE, PSYCHOLOGICAL_ABUSE, HARASSMENT, ONLINE_ABUSE, HATE_SPEECH, THREAT_TO_STAFF.
        AbuseAndThreats = "ABUSE_AND_THREATS",
        /// ARBITRARY_ARREST, DETENTION_WITHOUT_CHARGE, ENTRAPMENT, CONFISCATION_OF_COMMODITIES, RAID_ON_ORGANISATION.
        PoliceAndDetention = "POLICE_AND_DETENTION",
        /// EXTORTION_BLACKMAIL, NON_PAYMENT.
        Extortion = "EXTORTION",
        /// DENIAL_OF_HEALTH_SERVICE, CONFIDENTIALITY_BREACH, FORCED_TEST_OR_EXAMINATION, CONVERSION_PRACTICE.
        HealthCare = "HEALTH_CARE",
        /// DISCRIMINATION_AT_WORK, DENIAL_OF_OTHER_SERVICE, OUTING, EVICTION, EXPULSION_BY_FAMILY, EXCOMMUNICATION.
        Exclusion = "EXCLUSION",
        /// OTHER.
        Other = "OTHER",
    }
}

impl ViolationType {
    /// The group that published figures count it in.
    pub fn group(self) -> ViolationGroup {
        match self {
            Self::PhysicalAssault | Self::Robbery | Self::Killing => ViolationGroup::Physical,
            Self::SexualViolence => ViolationGroup::Sexual,
            Self::VerbalAbuse
            | Self::PsychologicalAbuse
            | Self::Harassment
            | Self::OnlineAbuse
            | Self::HateSpeech
            | Self::ThreatToStaff => ViolationGroup::AbuseAndThreats,
            Self::ArbitraryArrest
            | Self::DetentionWithoutCharge
            | Self::Entrapment
            | Self::ConfiscationOfCommodities
            | Self::RaidOnOrganisation => ViolationGroup::PoliceAndDetention,
            Self::ExtortionBlackmail | Self::NonPayment => ViolationGroup::Extortion,
            Self::DenialOfHealthService
            | Self::ConfidentialityBreach
            | Self::ForcedTestOrExamination
            | Self::ConversionPractice => ViolationGroup::HealthCare,
            Self::DiscriminationAtWork
            | Self::DenialOfOtherService
            | Self::Outing
            | Self::Eviction
            | Self::ExpulsionByFamily
            | Self::Excommunication => ViolationGroup::Exclusion,
            Self::Other => ViolationGroup::Other,
        }
    }

    /// Whether it can be done to an organisation, so that there is no survivor.
    pub fn is_of_an_organisation(self) -> bool {
        self == Self::RaidOnOrganisation
    }
}

vocabulary! {
    /// Who did it: a category, never a name.
    pub enum Perpetrator {
        /// The police.
        Police = "POLICE",
        /// County askaris, chiefs and other authorities.
        LocalAuthority = "LOCAL_AUTHORITY",
        /// Somebody who provides health services.
        HealthProvider = "HEALTH_PROVIDER",
        /// A school or college.
        Education = "EDUCATION",
        /// An employer or colleague.
        Employer = "EMPLOYER",
        /// A religious group or its leader.
        ReligiousGroup = "RELIGIOUS_GROUP",
        /// The family.
        Family = "FAMILY",
        /// A partner, present or former.
        Partner = "PARTNER",
        /// A customer of a sex worker.
        SexWorkCustomer = "SEX_WORK_CUSTOMER",
        /// A neighbour or landlord.
        NeighbourOrLandlord = "NEIGHBOUR_OR_LANDLORD",
        /// Others of the place where they live.
        Community = "COMMUNITY",
        /// A gang.
        Gang = "GANG",
        /// Somebody of the same community of peers.
        Peer = "PEER",
        /// Somebody unknown, online.
        OnlineUnknown = "ONLINE_UNKNOWN",
        /// Somebody else.
        Other = "OTHER",
        /// Not stated.
        NotStated = "NOT_STATED",
    }
}

vocabulary! {
    /// Kinds of perpetrators, as published figures count them.
    pub enum PerpetratorGroup {
        /// POLICE, LOCAL_AUTHORITY.
        State = "STATE",
        /// HEALTH_PROVIDER.
        HealthProvider = "HEALTH_PROVIDER",
        /// EDUCATION, EMPLOYER.
        SchoolAndWork = "SCHOOL_AND_WORK",
        /// RELIGIOUS_GROUP.
        ReligiousGroup = "RELIGIOUS_GROUP",
        /// FAMILY, PARTNER.
        FamilyAndPartner = "FAMILY_AND_PARTNER",
        /// SEX_WORK_CUSTOMER.
        SexWorkCustomer = "SEX_WORK_CUSTOMER",
        /// NEIGHBOUR_OR_LANDLORD, COMMUNITY, GANG, PEER.
        Community = "COMMUNITY",
        /// ONLINE_UNKNOWN, OTHER, NOT_STATED.
        Other = "OTHER",
    }
}

impl Perpetrator {
    /// The group that published figures count it in.
    pub fn group(self) -> PerpetratorGroup {
        match self {
            Self::Police | Self::LocalAuthority => PerpetratorGroup::State,
            Self::HealthProvider => PerpetratorGroup::HealthProvider,
            Self::Education | Self::Employer => PerpetratorGroup::SchoolAndWork,
            Self::ReligiousGroup => PerpetratorGroup::ReligiousGroup,
            Self::Family | Self::Partner => PerpetratorGroup::FamilyAndPartner,
            Self::SexWorkCustomer => PerpetratorGroup::SexWorkCustomer,
            Self::NeighbourOrLandlord | Self::Community | Self::Gang | Self::Peer => PerpetratorGroup::Community,
            Self::OnlineUnknown | Self::Other | Self::NotStated => PerpetratorGroup::Other,
        }
    }
}

vocabulary! {
    /// Why it was done, as the survivor sees it.
    pub enum ViolationCause {
        /// Religion.
        Religion = "RELIGION",
        /// Culture and traditions.
        Culture = "CULTURE",
        /// The workplace.
        Workplace = "WORKPLACE",
        /// The law.
        Law = "LAW",
        /// The family.
        Family = "FAMILY",
        /// Sex work.
        SexWork = "SEX_WORK",
        /// Sexuality.
        Sexuality = "SEXUALITY",
        /// Gender.
        Gender = "GENDER",
        /// Drug use.
        DrugUse = "DRUG_USE",
        /// HIV status.
        HivStatus = "HIV_STATUS",
        /// Something else.
        Other = "OTHER",
    }
}
