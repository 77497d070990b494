//! Rights violations, which are the own organisation's alone: what was documented, what was done about it, and what became of it.
//! Row-level security decides which of them the actor sees; on a shared device these are none.

mod arrival;
mod funnel;
mod looking;
mod page;
mod read;
mod retention;
mod right;
mod write;

use chrono::{DateTime, Utc};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{ReferralId, ViolationId};
use pamoja_domain::month::Month;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::violation::{
    Perpetrator, Standing, ViolationCause, ViolationConsentGiver, ViolationOutcome, ViolationReason, ViolationStanding,
    ViolationState, ViolationStatus, ViolationStep, ViolationStepKind, ViolationType, in_order,
};

pub use arrival::record_arrivals;
pub use funnel::funnel;
pub use looking::{LOOK, LOOK_AT_FUNNEL, LOOK_AT_LIST, Looked, look, look_at_figures};
pub(crate) use page::statements as page_statements;
pub use page::{ViolationCursor, ViolationFilter, cursor, page};
pub(crate) use read::statements as read_statements;
pub use read::{by_ids, find, find_for_update, lock_all, notes};
pub use retention::keep_for;
pub(crate) use retention::{forget_act_before, forget_personal};
pub use right::{ErasedViolations, is_client};
pub(crate) use right::{erase, known, rotate};
pub use write::{correct, end, insert, link, mark_entered_in_error, record_step, reopen, replace_note, withdraw};

/// A violation as the actor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its id.
    pub id: ViolationId,
    /// What was done.
    pub types: Vec<ViolationType>,
    /// By whom.
    pub perpetrators: Vec<Perpetrator>,
    /// Why, as the survivor sees it.
    pub causes: Vec<ViolationCause>,
    /// To whom. Empty once it is forgotten.
    pub populations: Vec<Population>,
    /// Whether the survivor is under 18. NOT_STATED once it is forgotten.
    pub under_18: MinorStatus,
    /// Where.
    pub county: CountyCode,
    /// To how many people.
    pub people_affected: i32,
    /// In which month it was done.
    pub occurred_in: Month,
    /// In which month it was documented.
    pub documented_in: Month,
    /// The own pseudonym of the survivor, where there is one. None once it is forgotten.
    pub client: Option<String>,
    /// Who agreed that it is documented.
    pub consent_given_by: ViolationConsentGiver,
    /// Whether it may be counted in the coalition's figures.
    pub counted: bool,
    /// Why it was not reported.
    pub not_reported_reasons: Vec<ViolationReason>,
    /// The first limit of its types: by when something must happen. Kept until a week after that.
    pub first_limit: Option<DateTime<Utc>>,
    /// Where it stands.
    pub status: ViolationStatus,
    /// How it ended, if it has.
    pub outcome: Option<ViolationOutcome>,
    /// In which month it ended, if it has.
    pub ended_in: Option<Month>,
    /// Why it ended so.
    pub end_reasons: Vec<ViolationReason>,
    /// Whether what was personal of it is gone.
    pub forgotten: bool,
    /// When anything was recorded of it last: exact while it is open, else the beginning of the month.
    pub updated_at: DateTime<Utc>,
    /// What was done about it, as somebody recorded it, in order; without its documentation.
    pub recorded_steps: Vec<ViolationStep>,
    /// The referrals that it is linked to.
    pub links: Vec<ViolationLink>,
}

/// A referral that a violation is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViolationLink {
    /// The referral.
    pub referral: ReferralId,
    /// Whether the violation came of the referral; if not, the referral was made because of the violation.
    pub brought: bool,
    /// What the client's arrival was a step of, once they arrived.
    pub step: Option<ViolationStep>,
}

impl Violation {
    /// What was done about it, in order. That it was documented comes first.
    pub fn steps(&self) -> Vec<ViolationStep> {
        let documented = ViolationStep { kind: ViolationStepKind::Documented, month: self.documented_in };
        let rest = in_order(self.recorded_steps.clone());
        std::iter::once(documented).chain(rest).collect()
    }

    /// What its moves depend on.
    pub fn state(&self) -> ViolationState {
        ViolationState {
            status: self.status,
            occurred_in: self.occurred_in,
            documented_in: self.documented_in,
            forgotten: self.forgotten,
        }
    }

    /// What decides what waits.
    pub fn standing(&self) -> ViolationStanding<'_> {
        ViolationStanding {
            status: self.status,
            types: &self.types,
            steps: &self.recorded_steps,
            first_limit: self.first_limit,
            updated_at: self.updated_at,
        }
    }

    /// What a correction must fit.
    pub fn to_correct(&self) -> Standing<'_> {
        Standing {
            types: &self.types,
            occurred_in: self.occurred_in,
            under_18: self.under_18,
            consent_given_by: self.consent_given_by,
            steps: &self.recorded_steps,
            documented_in: self.documented_in,
            forgotten: self.forgotten,
        }
    }
}
