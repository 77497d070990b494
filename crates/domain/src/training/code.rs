//! The codes of a training.

use crate::vocabulary;

vocabulary! {
    /// What a training is about.
    pub enum TrainingTopic {
        /// The basics of harm reduction.
        HarmReductionBasics = "HARM_REDUCTION_BASICS",
        /// Recognising and answering an overdose.
        OverdoseResponse = "OVERDOSE_RESPONSE",
        /// Using drugs more safely.
        SaferUse = "SAFER_USE",
        /// Having sex more safely.
        SaferSex = "SAFER_SEX",
        /// Preventing HIV, PrEP and PEP included.
        HivPrevention = "HIV_PREVENTION",
        /// Working as a peer educator.
        PeerEducation = "PEER_EDUCATION",
        /// Counselling.
        Counselling = "COUNSELLING",
        /// Human rights, and what the law says.
        HumanRightsAndLaw = "HUMAN_RIGHTS_AND_LAW",
        /// Recording and reporting violations of rights.
        ReportingViolations = "REPORTING_VIOLATIONS",
        /// Keeping people and places safe.
        SafetyAndSecurity = "SAFETY_AND_SECURITY",
        /// Keeping phones, accounts and data safe.
        DigitalSafety = "DIGITAL_SAFETY",
        /// Serving key populations without turning them away.
        ProviderSensitisation = "PROVIDER_SENSITISATION",
        /// Talking about drug and alcohol use.
        SubstanceUseConversations = "SUBSTANCE_USE_CONVERSATIONS",
        /// First aid for mental distress.
        MentalHealthFirstAid = "MENTAL_HEALTH_FIRST_AID",
        /// Answering gender-based violence.
        GenderBasedViolence = "GENDER_BASED_VIOLENCE",
        /// Protecting personal data.
        DataProtection = "DATA_PROTECTION",
        /// Counting what was done and what came of it.
        MonitoringAndEvaluation = "MONITORING_AND_EVALUATION",
        /// Something else; the offer's title says what.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Who is trained. Counted by cadre and never by name.
    pub enum Cadre {
        /// Peer educators.
        PeerEducator = "PEER_EDUCATOR",
        /// Outreach workers.
        OutreachWorker = "OUTREACH_WORKER",
        /// Doctors, nurses and clinical officers.
        Clinician = "CLINICIAN",
        /// Counsellors.
        Counsellor = "COUNSELLOR",
        /// Paralegals.
        Paralegal = "PARALEGAL",
        /// Members of the community.
        CommunityMember = "COMMUNITY_MEMBER",
        /// Police officers.
        Police = "POLICE",
        /// Other staff of health providers.
        HealthProvider = "HEALTH_PROVIDER",
        /// Religious leaders.
        ReligiousLeader = "RELIGIOUS_LEADER",
        /// Journalists and editors.
        Media = "MEDIA",
        /// Staff of a member.
        Staff = "STAFF",
        /// Others.
        Other = "OTHER",
    }
}

vocabulary! {
    /// How a training is held.
    pub enum TrainingMode {
        /// People meet.
        InPerson = "IN_PERSON",
        /// Over a line, with everybody taking part.
        Online = "ONLINE",
        /// Partly in person and partly over a line.
        Blended = "BLENDED",
        /// Over a line, with most people listening.
        Webinar = "WEBINAR",
    }
}

impl TrainingMode {
    /// Whether nobody has to travel.
    pub fn is_remote(self) -> bool {
        matches!(self, Self::Online | Self::Webinar)
    }
}

vocabulary! {
    /// Why a training was declined or called off.
    pub enum TrainingReason {
        /// There is no trainer.
        NoTrainer = "NO_TRAINER",
        /// There is no money.
        NoFunds = "NO_FUNDS",
        /// There is no place.
        NoVenue = "NO_VENUE",
        /// To meet would be unsafe.
        Unsafe = "UNSAFE",
        /// No day suits both.
        Dates = "DATES",
        /// We don't train on this.
        TopicNotOffered = "TOPIC_NOT_OFFERED",
        /// It isn't needed any more.
        NoLongerNeeded = "NO_LONGER_NEEDED",
        /// Something else.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Where a request for a training stands.
    pub enum TrainingStatus {
        /// Sent, not yet answered.
        Requested = "REQUESTED",
        /// The trainer's organisation will hold it.
        Accepted = "ACCEPTED",
        /// The trainer's organisation can't hold it; see reason.
        Declined = "DECLINED",
        /// A day is agreed; see session.
        Scheduled = "SCHEDULED",
        /// It was held, and who came is recorded, in numbers.
        Delivered = "DELIVERED",
        /// What people thought and learned is recorded.
        Evaluated = "EVALUATED",
        /// One of the two called it off; see reason. It counts nowhere.
        Cancelled = "CANCELLED",
    }
}

impl TrainingStatus {
    /// Whether the training was held.
    pub fn is_delivered(self) -> bool {
        matches!(self, Self::Delivered | Self::Evaluated)
    }
}

vocabulary! {
    /// What somebody may do to a request for a training.
    pub enum TrainingAction {
        /// acceptTrainingRequest: hold it.
        Accept = "ACCEPT",
        /// declineTrainingRequest: say no, with the reason.
        Decline = "DECLINE",
        /// scheduleTraining: agree on a day, or on another day.
        Schedule = "SCHEDULE",
        /// recordTrainingDelivered: record who came, in numbers, or put it right.
        Deliver = "DELIVER",
        /// recordTrainingEvaluation: record what people thought and learned, or put it right.
        Evaluate = "EVALUATE",
        /// recordTrainingFollowUp: record how many still use what they learned.
        FollowUp = "FOLLOW_UP",
        /// cancelTraining: call it off, with the reason.
        Cancel = "CANCEL",
    }
}

vocabulary! {
    /// Which requests for trainings: those sent to us, those that we sent, or those that we could take.
    pub enum TrainingDirection {
        /// Sent to our organisation.
        Incoming = "INCOMING",
        /// Sent by our organisation.
        Outgoing = "OUTGOING",
        /// Open to all who offer the topic in the county, and we do; nobody has taken it yet.
        Open = "OPEN",
    }
}
