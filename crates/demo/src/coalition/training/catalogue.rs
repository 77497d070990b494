//! Titles and descriptions of made-up trainings, by topic.

use pamoja_domain::organisation::OrganisationKind as Kind;
use pamoja_domain::training::TrainingTopic as Topic;

/// A training's description, as an organisation might write it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) hours: f64,
    /// The largest number of participants.
    pub(super) people: i32,
}

/// The topics that a kind of organisation trains others on, in the order in which it would start to offer them.
pub(super) fn repertoire(kind: Kind) -> &'static [Topic] {
    match kind {
        Kind::MsmLed => &[
            Topic::ProviderSensitisation,
            Topic::PeerEducation,
            Topic::SaferSex,
            Topic::DigitalSafety,
            Topic::SafetyAndSecurity,
            Topic::HivPrevention,
        ],
        Kind::SexWorkerLed => &[
            Topic::PeerEducation,
            Topic::ProviderSensitisation,
            Topic::SafetyAndSecurity,
            Topic::GenderBasedViolence,
            Topic::SaferSex,
            Topic::DigitalSafety,
        ],
        Kind::TransLed => {
            &[Topic::ProviderSensitisation, Topic::SafetyAndSecurity, Topic::PeerEducation, Topic::DigitalSafety, Topic::SaferSex]
        }
        Kind::HarmReduction => &[
            Topic::OverdoseResponse,
            Topic::HarmReductionBasics,
            Topic::SaferUse,
            Topic::SubstanceUseConversations,
            Topic::ProviderSensitisation,
        ],
        Kind::HealthProvider => &[
            Topic::HivPrevention,
            Topic::Counselling,
            Topic::MentalHealthFirstAid,
            Topic::SaferSex,
            Topic::SubstanceUseConversations,
            Topic::GenderBasedViolence,
            Topic::Other,
        ],
        Kind::LegalAid => {
            &[Topic::HumanRightsAndLaw, Topic::ReportingViolations, Topic::DataProtection, Topic::SafetyAndSecurity]
        }
        Kind::Secretariat => &[Topic::MonitoringAndEvaluation, Topic::DataProtection],
        Kind::Other => &[],
    }
}

/// How organisations of that kind describe trainings on a topic.
pub(super) fn described(topic: Topic, kind: Kind) -> &'static [Described] {
    macro_rules! described {
        ($($title:literal, $description:literal, $hours:literal, $people:literal;)+) => {
            &[$(Described { title: $title, description: $description, hours: $hours, people: $people }),+]
        };
    }
    match topic {
        Topic::HarmReductionBasics => described! {
            "Harm reduction: where to begin", "What harm reduction is, what is known to work, and how to speak of drugs without blame.", 6.0, 30;
            "Harm reduction for those who are new to it", "Two days on drugs, health and rights, with a visit to a drop-in where the group wishes.", 12.0, 24;
        },
        Topic::OverdoseResponse => described! {
            "Answering an overdose", "Telling an overdose from sleep, breathing for somebody, giving naloxone, and what to do until help comes.", 4.0, 25;
            "Overdose: recognise, breathe, stay", "Hands-on practice with dummies, and how to keep naloxone where it is needed.", 6.0, 20;
        },
        Topic::SaferUse => described! {
            "Safer use, safer veins", "Clean equipment, care of wounds, hepatitis, and how to pass it on to friends.", 6.0, 20;
            "Safer use for outreach teams", "What to carry, what to say in five minutes on the street, and when to refer.", 4.0, 20;
        },
        Topic::SaferSex => described! {
            "Safer sex, without blushing", "Condoms, lubricant, PrEP and testing, in the words that people use themselves.", 5.0, 30;
            "Talking about pleasure and protection", "How peers speak of safer sex so that others listen; with games and practice.", 6.0, 25;
            "Safer sex for group leaders", "How to lead a session of two hours, with material to take home.", 8.0, 20;
        },
        Topic::HivPrevention => described! {
            "HIV prevention today", "PrEP, PEP, condoms, and what undetectable means, with what changed this year.", 6.0, 30;
            "PrEP and PEP: who, when and how", "For all who explain prevention to others: starting, going on, stopping, and the first hours after exposure.", 4.0, 30;
            "Self-testing and linkage to care", "Handing out tests, what a result means, and going along to the clinic.", 5.0, 24;
        },
        Topic::PeerEducation => described! {
            "Peer education, first steps", "The work of a peer educator: reaching out, listening, referring, and where it ends.", 16.0, 24;
            "Peer educators: going on", "For those who have begun: hard conversations, looking after oneself, and keeping records safe.", 12.0, 24;
            "Leading a peer group", "Planning sessions, sharing the floor, and what to do when it gets loud.", 8.0, 20;
        },
        Topic::Counselling => described! {
            "Counselling skills", "Listening, asking, and letting people decide; practice in threes.", 16.0, 18;
            "Counselling around a test", "Before and after an HIV test, with couples too.", 8.0, 20;
        },
        Topic::HumanRightsAndLaw => described! {
            "Know your rights", "What the constitution and the health acts say, what the police may do, and whom to call.", 6.0, 40;
            "Rights and the law for paralegals", "From arrest to bail: the steps, the papers, and the limits of a paralegal.", 16.0, 20;
        },
        Topic::ReportingViolations => described! {
            "Recording and reporting violations", "What to write down, what to leave out, how to keep it safe, and where a report goes.", 6.0, 25;
            "From incident to report", "Writing an account that holds up, with consent, and without naming who must not be named.", 8.0, 20;
        },
        Topic::SafetyAndSecurity => described! {
            "Safety of people and places", "Looking at risks together, a plan for the office, and what to do when a crowd gathers.", 6.0, 25;
            "Safe outreach", "Going out in twos, checking in, leaving in time: rules that a team gives itself.", 4.0, 25;
            "When it gets dangerous", "Plans for emergencies: whom to call, where to go, what to take along.", 6.0, 20;
        },
        Topic::DigitalSafety => described! {
            "Safer phones", "Locks, updates, messages that disappear, and what to do when a phone is taken.", 3.0, 40;
            "Dating apps and blackmail", "Signs of a trap, meeting safely, and what helps after extortion.", 2.0, 60;
            "Safe accounts for small teams", "Passwords, second steps, shared files and who can see them.", 4.0, 30;
        },
        Topic::ProviderSensitisation if kind == Kind::TransLed => described! {
            "Serving trans clients well", "Names, records, examinations and referral, led by trans people.", 6.0, 24;
        },
        Topic::ProviderSensitisation if kind == Kind::HarmReduction => described! {
            "Caring for people who use drugs", "Pain, veins, interactions and respect, for clinics without a programme of their own.", 6.0, 24;
        },
        Topic::ProviderSensitisation => described! {
            "Friendly services for key populations", "Why people stay away, what turns them away at the desk, and what a clinic can change in a week.", 6.0, 30;
            "At the front desk", "For everybody whom a client meets first: words, forms, privacy.", 4.0, 30;
            "Care without judgement", "Clinicians and members of the community practise visits together.", 8.0, 24;
        },
        Topic::SubstanceUseConversations => described! {
            "Talking about drink and drugs", "Short conversations that help: asking first, weighing together, leaving the door open.", 6.0, 24;
            "Motivational conversations", "Two days of practice for counsellors and nurses.", 12.0, 18;
        },
        Topic::MentalHealthFirstAid => described! {
            "First aid for the mind", "Recognising distress, staying with somebody, thoughts of suicide, and where to refer.", 12.0, 20;
            "Looking after ourselves and each other", "Stress, grief and tiredness in teams, and what eases them.", 6.0, 20;
        },
        Topic::GenderBasedViolence => described! {
            "First response to violence", "Listening, the first hours, PEP and evidence, and going along when that is wanted.", 8.0, 24;
            "Violence: helping without harming", "For those who are told first: what to say, what to leave to others.", 5.0, 24;
        },
        Topic::DataProtection => described! {
            "Keeping clients' data safe", "What the law asks, what we don't write down at all, and what to do when something leaks.", 3.0, 60;
            "Data protection for small teams", "A register, a policy and a plan, begun together and taken home.", 4.0, 40;
            "Consent in everyday work", "Asking so that a no is possible, and recording the answer.", 2.0, 60;
        },
        Topic::MonitoringAndEvaluation => described! {
            "Counting what matters", "Figures that help the work, figures that nobody needs, and counting without listing people.", 6.0, 30;
        },
        Topic::Other => described! {
            "Running an outreach clinic", "Planning, stock, cold chain and waste for a clinic that travels.", 8.0, 20;
        },
    }
}
