//! The justice funnel: how far what was documented came, how long that took, and at which stage it ended.

use super::progress::{ViolationOutcome, ViolationReason, ViolationStep, ViolationStepKind};
use crate::month::Month;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// How far a violation has come. MEDIATION is a way of its own: it needs no court and no report.
    pub enum FunnelStageName {
        /// It was documented.
        Documented = "DOCUMENTED",
        /// It was reported to the police or to a body that oversees, or came further on the court's way.
        Reported = "REPORTED",
        /// A lawyer or paralegal follows it up, it is investigated, or it is before a court.
        FollowedUp = "FOLLOWED_UP",
        /// It is before a court.
        InCourt = "IN_COURT",
        /// It is mediated.
        Mediation = "MEDIATION",
        /// It has ended.
        Ended = "ENDED",
    }
}

vocabulary! {
    /// How long it took from the documentation to a stage. Each is in one band.
    pub enum TimeBand {
        /// In the same month, or before.
        SameMonth = "SAME_MONTH",
        /// In the first to third month after it.
        Within3Months = "WITHIN_3_MONTHS",
        /// In the fourth to sixth month after it.
        Within6Months = "WITHIN_6_MONTHS",
        /// In the seventh to twelfth month after it.
        Within12Months = "WITHIN_12_MONTHS",
        /// Later.
        Later = "LATER",
    }
}

impl TimeBand {
    /// The fewest months after the documentation of each band but the first, in order.
    pub fn beginnings() -> Vec<i32> {
        Self::ALL.iter().filter_map(|band| band.months()).map(|months| months as i32 + 1).collect()
    }

    /// The most months after the documentation; none for the last band.
    pub fn months(self) -> Option<u32> {
        match self {
            Self::SameMonth => Some(0),
            Self::Within3Months => Some(3),
            Self::Within6Months => Some(6),
            Self::Within12Months => Some(12),
            Self::Later => None,
        }
    }

    /// The band of what came in that month of something that was documented in the other.
    pub fn between(documented_in: Month, month: Month) -> Self {
        let reaches = |band: &Self| band.months().is_none_or(|months| month <= documented_in.plus(months));
        Self::ALL.iter().copied().find(reaches).unwrap_or(Self::Later)
    }
}

impl FunnelStageName {
    /// The stages as a Markdown table for the docs.
    pub fn markdown_table() -> String {
        let mut table = String::from("| stage | reached by one of these steps |\n|---|---|\n");
        for stage in Self::ALL {
            let kinds: Vec<&str> = stage.reached_by().iter().map(|kind| kind.code()).collect();
            let by = match stage {
                Self::Documented => "–".to_owned(),
                Self::Ended => "– (its ending)".to_owned(),
                _ => kinds.join(" "),
            };
            table.push_str(&format!("| {stage} | {by} |\n"));
        }
        table
    }

    /// The stages on the court's way that whoever reached this one has passed, this one included; MEDIATION alone is beside it.
    pub fn passed(self) -> &'static [Self] {
        match self {
            Self::Documented | Self::Ended => &[Self::Documented],
            Self::Reported => &[Self::Documented, Self::Reported],
            Self::FollowedUp => &[Self::Documented, Self::Reported, Self::FollowedUp],
            Self::InCourt => &[Self::Documented, Self::Reported, Self::FollowedUp, Self::InCourt],
            Self::Mediation => &[Self::Documented, Self::Mediation],
        }
    }

    /// The kinds of steps by which a violation counts as having reached this stage: its own, and those of stages beyond it. None for
    /// ENDED, which isn't reached by a step.
    pub fn reached_by(self) -> Vec<ViolationStepKind> {
        let reaches = |kind: &ViolationStepKind| kind.stage().is_some_and(|stage| stage.passed().contains(&self));
        ViolationStepKind::ALL.iter().copied().filter(reaches).collect()
    }

    /// In which month a violation with these steps came so far; `None` when it didn't.
    pub fn reached_in(self, steps: &[ViolationStep]) -> Option<Month> {
        let kinds = self.reached_by();
        steps.iter().filter(|step| kinds.contains(&step.kind)).map(|step| step.month).min()
    }

    /// How far a violation with these steps has come, of the stages that a step leads to: the court's way first, and MEDIATION where that
    /// is all that was done.
    pub fn furthest(steps: &[ViolationStep]) -> Self {
        let order = [Self::InCourt, Self::FollowedUp, Self::Reported, Self::Mediation];
        order.into_iter().find(|stage| stage.reached_in(steps).is_some()).unwrap_or(Self::Documented)
    }
}

impl ViolationStepKind {
    /// The stage that this step leads to; `None` for what is done for the survivor alone.
    pub fn stage(self) -> Option<FunnelStageName> {
        match self {
            Self::Documented => Some(FunnelStageName::Documented),
            Self::ReportedToPolice | Self::ReportedToOversight => Some(FunnelStageName::Reported),
            Self::LegalFollowUp | Self::Investigation => Some(FunnelStageName::FollowedUp),
            Self::InCourt => Some(FunnelStageName::InCourt),
            Self::Mediation => Some(FunnelStageName::Mediation),
            Self::SafetyPlan | Self::MedicalCare | Self::Counselling => None,
        }
    }
}

/// Own figures, exact and live: of what was documented in some months, how far it came, wherever it stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    /// One for each stage, in the order of the stages.
    pub stages: Vec<FunnelStage>,
    /// How it ended, by how far it had come: in the order of the stages, then of the outcomes. Those that there are.
    pub endings: Vec<FunnelEnding>,
    /// Why it was not reported: those that there are, the most frequent first.
    pub not_reported: Vec<ReasonCount>,
}

/// How many violations reached a stage, and how long that took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelStage {
    /// The stage.
    pub stage: FunnelStageName,
    /// How many reached it in each band, in the order of the bands.
    pub times: Vec<(TimeBand, i64)>,
}

impl FunnelStage {
    /// How many reached it.
    pub fn count(&self) -> i64 {
        self.times.iter().map(|(_, count)| count).sum()
    }
}

/// How many violations ended so, having come so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelEnding {
    /// How far they had come.
    pub last_stage: FunnelStageName,
    /// How they ended.
    pub outcome: ViolationOutcome,
    /// How many.
    pub count: i64,
    /// Why: those reasons that there are, the most frequent first.
    pub reasons: Vec<ReasonCount>,
}

/// How many violations have a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonCount {
    /// The reason.
    pub reason: ViolationReason,
    /// How many.
    pub count: i64,
}

/// What was counted of the violations that a funnel is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunnelPart {
    /// They reached the stage in that band.
    Stage(FunnelStageName, TimeBand),
    /// They ended so, having come so far.
    Ending(FunnelStageName, ViolationOutcome),
    /// They ended so, having come so far, for that reason among others.
    EndingReason(FunnelStageName, ViolationOutcome, ViolationReason),
    /// They were not reported, for that reason among others.
    NotReported(ViolationReason),
}

impl Funnel {
    /// Puts together what was counted.
    pub fn of(counts: &[(FunnelPart, i64)]) -> Self {
        let count = |part| counts.iter().filter(|(counted, _)| *counted == part).map(|(_, count)| count).sum();
        let reasons = |part: &dyn Fn(ViolationReason) -> FunnelPart| {
            let all = ViolationReason::ALL.iter().map(|reason| ReasonCount { reason: *reason, count: count(part(*reason)) });
            let mut found: Vec<ReasonCount> = all.filter(|reason| reason.count > 0).collect();
            found.sort_by_key(|reason| -reason.count);
            found
        };
        let stage = |stage: &FunnelStageName| FunnelStage {
            stage: *stage,
            times: TimeBand::ALL.iter().map(|band| (*band, count(FunnelPart::Stage(*stage, *band)))).collect(),
        };
        let each =
            FunnelStageName::ALL.iter().flat_map(|stage| ViolationOutcome::ALL.iter().map(move |outcome| (*stage, *outcome)));
        let ending = |(last_stage, outcome)| FunnelEnding {
            last_stage,
            outcome,
            count: count(FunnelPart::Ending(last_stage, outcome)),
            reasons: reasons(&|reason| FunnelPart::EndingReason(last_stage, outcome, reason)),
        };
        Self {
            stages: FunnelStageName::ALL.iter().map(stage).collect(),
            endings: each.map(ending).filter(|ending| ending.count > 0).collect(),
            not_reported: reasons(&FunnelPart::NotReported),
        }
    }
}
