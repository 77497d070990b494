//! The sixteen organisations of the made-up coalition, and how each of them works.

use pamoja_domain::organisation::OrganisationKind::{
    self, HarmReduction, HealthProvider, LegalAid, MsmLed, Secretariat, SexWorkerLed, TransLed,
};
use pamoja_domain::organisation::Population::{
    self, FemaleSexWorker, GenderDiverse, MaleSexWorker, Msm, PersonInPrison, PersonWhoInjectsDrugs, PersonWhoUsesDrugs,
    TransMan, TransWoman,
};

/// An organisation as it was invented.
#[derive(Debug, PartialEq)]
pub(super) struct Profile {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: OrganisationKind,
    /// Its counties; it does most of its work in the first.
    pub(super) counties: &'static [&'static str],
    /// The key populations that it serves; most of its clients count themselves to the first.
    pub(super) populations: &'static [Population],
    /// How many services it offers.
    pub(super) services: usize,
    /// Its rank by referrals sent: rank 1 sends most, rank 2 half as many, rank 3 a third, and so on.
    pub(super) rank: u32,
    pub(super) manner: Manner,
}

/// How a receiver treats referrals and clients.
#[derive(Debug, PartialEq)]
pub(super) struct Manner {
    /// The median time to an answer, in hours.
    pub(super) answer_hours: f64,
    /// The share of referrals that it declines.
    pub(super) declines: f64,
    /// The share of referrals that it never answers.
    pub(super) silence: f64,
    /// The share of arrivals that end with the client turned away or mistreated.
    pub(super) mistreats: f64,
}

const PROMPT: Manner = Manner { answer_hours: 2.0, declines: 0.04, silence: 0.02, mistreats: 0.001 };
const STEADY: Manner = Manner { answer_hours: 9.0, declines: 0.07, silence: 0.05, mistreats: 0.002 };
const SLOW: Manner = Manner { answer_hours: 40.0, declines: 0.10, silence: 0.11, mistreats: 0.003 };
const CROWDED: Manner = Manner { answer_hours: 20.0, declines: 0.14, silence: 0.08, mistreats: 0.012 };
const CARELESS: Manner = Manner { answer_hours: 30.0, declines: 0.12, silence: 0.10, mistreats: 0.022 };

impl Profile {
    /// Whether the people whom it serves run it.
    pub(super) fn is_of_the_community(&self) -> bool {
        matches!(self.kind, MsmLed | SexWorkerLed | HarmReduction | TransLed)
    }
}

macro_rules! members {
    ($($slug:literal, $name:literal, $kind:ident, [$($county:literal)+], [$($population:ident)*], $services:literal, $rank:literal, $manner:ident;)+) => {
        /// All members, in the order in which the program lists them.
        pub(super) const MEMBERS: &[Profile] = &[$(Profile {
            slug: $slug,
            name: $name,
            kind: $kind,
            counties: &[$($county),+],
            populations: &[$($population),*],
            services: $services,
            rank: $rank,
            manner: $manner,
        }),+];
    };
}

members! {
    "jirani", "Jirani Men's Health", MsmLed, ["047" "022" "032"], [Msm MaleSexWorker], 9, 1, PROMPT;
    "kando", "Kando Men's Wellness", MsmLed, ["042" "041" "043" "032"], [Msm MaleSexWorker], 5, 10, STEADY;
    "bandari", "Bandari Men's Health", MsmLed, ["001" "003" "047"], [Msm MaleSexWorker PersonWhoUsesDrugs], 6, 6, STEADY;
    "ziwa", "Ziwa Male Sex Workers' Group", SexWorkerLed, ["042" "041" "043" "027"], [MaleSexWorker Msm], 4, 12, SLOW;
    "dada", "Dada Sex Workers' Alliance", SexWorkerLed, ["047" "001" "022" "003" "042" "032"], [FemaleSexWorker TransWoman PersonWhoUsesDrugs], 9, 2, PROMPT;
    "malaika", "Malaika Sex Workers' Network", SexWorkerLed, ["032" "047" "027" "041"], [FemaleSexWorker MaleSexWorker], 6, 5, STEADY;
    "pwani", "Pwani Harm Reduction", HarmReduction, ["001" "003" "002"], [PersonWhoInjectsDrugs PersonWhoUsesDrugs FemaleSexWorker], 8, 3, STEADY;
    "daraja", "Daraja Harm Reduction", HarmReduction, ["047" "022" "032"], [PersonWhoInjectsDrugs PersonWhoUsesDrugs PersonInPrison], 6, 11, SLOW;
    "mwanga", "Mwanga Trans Health", TransLed, ["047" "001" "003" "042" "022"], [TransWoman TransMan GenderDiverse], 6, 8, PROMPT;
    "upinde", "Upinde Trans Network", TransLed, ["042" "032" "047" "043"], [TransWoman GenderDiverse TransMan], 4, 13, SLOW;
    "afya", "Afya Njiani Clinics", HealthProvider, ["047" "001" "042" "022" "003" "032" "027"], [FemaleSexWorker Msm PersonWhoInjectsDrugs MaleSexWorker TransWoman], 12, 4, STEADY;
    "nuru", "Nuru Clinics", HealthProvider, ["047" "032" "042" "001" "041" "043"], [FemaleSexWorker Msm PersonWhoUsesDrugs], 11, 7, CROWDED;
    "tumaini", "Tumaini Clinics", HealthProvider, ["022" "003" "002" "027"], [FemaleSexWorker PersonWhoInjectsDrugs Msm], 8, 15, CARELESS;
    "haki", "Haki Legal Centre", LegalAid, ["042" "047" "001" "032"], [FemaleSexWorker Msm PersonInPrison TransWoman MaleSexWorker], 7, 9, STEADY;
    "sauti", "Sauti Paralegals", LegalAid, ["001" "003" "047" "022"], [PersonWhoInjectsDrugs FemaleSexWorker Msm PersonInPrison], 5, 14, SLOW;
    "secretariat", "Coalition Secretariat", Secretariat, ["047"], [], 0, 16, PROMPT;
}
