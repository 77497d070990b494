//! Plans for a sensitisation: what people turned others away for becomes a training of those who did. Whoever manages trainings sees the
//! plans, and no violation.

mod input;
mod loader;
mod mutation;
mod object;
mod payload;
mod planning;
mod query;

pub(crate) use loader::PlansBecauseOf;
pub(crate) use mutation::SensitisationMutation;
pub(crate) use object::SensitisationPlan;
pub(crate) use query::SensitisationQuery;
