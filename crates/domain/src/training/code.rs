//! The codes of a training.

use crate::vocabulary;

vocabulary! {
    /// What a training is about.
    pub enum TrainingTopic {
        /// The basics of harm reduction.
        HarmReductionBasics = "HARM_REDUCTION_BASICS",
        /// Recognising and responding to an overdose.
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
        /// Human rights and the law.
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
        /// Responding to gender-based violence.
        GenderBasedViolence = "GENDER_BASED_VIOLENCE",
        /// Protecting personal data.
        DataProtection = "DATA_PROTECTION",
        /// Counting what was done and measuring its results.
        MonitoringAndEvaluation = "MONITORING_AND_EVALUATION",
        /// Another topic: see the offer's title.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Who is trained. People are counted by cadre and never named.
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
        /// People meet in person.
        InPerson = "IN_PERSON",
        /// Over a network connection, and everybody takes part.
        Online = "ONLINE",
        /// Partly in person and partly over a network connection.
        Blended = "BLENDED",
        /// Over a network connection, and most people only listen.
        Webinar = "WEBINAR",
    }
}

impl TrainingMode {
    /// Whether nobody needs to travel.
    pub fn is_remote(self) -> bool {
        matches!(self, Self::Online | Self::Webinar)
    }
}

vocabulary! {
    /// Why a training was declined or cancelled.
    pub enum TrainingReason {
        /// There is no trainer.
        NoTrainer = "NO_TRAINER",
        /// There is no money.
        NoFunds = "NO_FUNDS",
        /// There is no venue.
        NoVenue = "NO_VENUE",
        /// Meeting would be unsafe.
        Unsafe = "UNSAFE",
        /// No day suits both.
        Dates = "DATES",
        /// The trainer's organisation doesn't train on this.
        TopicNotOffered = "TOPIC_NOT_OFFERED",
        /// The training is no longer needed.
        NoLongerNeeded = "NO_LONGER_NEEDED",
        /// Another reason.
        Other = "OTHER",
    }
}

vocabulary! {
    /// A training request's status.
    pub enum TrainingStatus {
        /// Sent, not yet answered.
        Requested = "REQUESTED",
        /// The trainer's organisation will hold it.
        Accepted = "ACCEPTED",
        /// The trainer's organisation can't hold it: see reason.
        Declined = "DECLINED",
        /// A day is agreed: see session.
        Scheduled = "SCHEDULED",
        /// It was held, and the number of people who came is recorded.
        Delivered = "DELIVERED",
        /// People's satisfaction or what they learned is recorded.
        Evaluated = "EVALUATED",
        /// One of the parties cancelled it: see reason. No figure counts it.
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
    /// What somebody may do to a training request.
    pub enum TrainingAction {
        /// acceptTrainingRequest: agree to hold the training.
        Accept = "ACCEPT",
        /// declineTrainingRequest: refuse it, with the reason.
        Decline = "DECLINE",
        /// scheduleTraining: agree on a day, or on another day.
        Schedule = "SCHEDULE",
        /// recordTrainingDelivered: record how many people came, or correct it.
        Deliver = "DELIVER",
        /// recordTrainingEvaluation: record people's satisfaction and what they learned, or correct it.
        Evaluate = "EVALUATE",
        /// recordTrainingFollowUp: record how many still use what they learned.
        FollowUp = "FOLLOW_UP",
        /// cancelTraining: cancel it, with the reason.
        Cancel = "CANCEL",
    }
}

vocabulary! {
    /// Which training requests to list: those sent to your organisation, those that it sent, or those that it could take.
    pub enum TrainingDirection {
        /// Sent to your organisation.
        Incoming = "INCOMING",
        /// Sent by your organisation.
        Outgoing = "OUTGOING",
        /// Open to all who offer the topic in the county, your organisation among them. Nobody has taken it yet.
        Open = "OPEN",
    }
}
