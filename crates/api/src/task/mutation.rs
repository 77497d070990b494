//! Saying of a task that nothing is left to do.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_domain::task::{TaskKind, check_dismissable};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{client_report, referral, task};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::{Failure, UserError, user_errors};
use crate::graphql::global_id;
use crate::graphql::scope::Scope;
use crate::node::Node;
use crate::referral::{Referral, as_it_is_now};

/// The task that is dismissed: its kind and its nodeId identify it.
#[derive(InputObject)]
pub(crate) struct DismissTaskInput {
    /// The task's kind.
    pub kind: Enumeration<TaskKind>,
    /// The task's nodeId.
    pub node_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// What the dismissed task was about, or why it could not be dismissed.
#[derive(SimpleObject)]
pub(crate) struct DismissTaskPayload {
    /// What the task was about, as it is now. Null when the mutation was refused.
    subject: Option<Node>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

impl From<Result<Option<Referral>, Vec<Refusal>>> for DismissTaskPayload {
    fn from(done: Result<Option<Referral>, Vec<Refusal>>) -> Self {
        match done {
            Ok(referral) => Self { subject: referral.map(Node::Referral), user_errors: Vec::new() },
            Err(refusals) => Self { subject: None, user_errors: user_errors(refusals) },
        }
    }
}

/// The mutation that dismisses tasks.
#[derive(Default)]
pub(crate) struct TaskMutation;

#[Object]
impl TaskMutation {
    /// Says of a task that nothing is left to do, for everybody in the organisation whose task it is: only where `dismissable` is
    /// true. The audit records who said it. When the same referral ends unserved another time, that is a new task; what a client
    /// reported is asked about anew when they report something else.
    async fn dismiss_task(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The task.")] input: DismissTaskInput,
    ) -> Result<DismissTaskPayload> {
        let dismissed = Scope::of(context)
            .mutate(
                "dismissTask",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| dismiss(tx, &input).await,
                as_it_is_now,
            )
            .await?;
        Ok(dismissed.into())
    }
}

/// Settles what the task is about: an ending, or what the client reported. The lock lets no colleague refer anew meanwhile. The receiver
/// may reopen: then what is settled asks no more, and the next ending is a new task.
async fn dismiss(tx: &TenantTx, input: &DismissTaskInput) -> Result<ReferralId, Failure> {
    let kind = input.kind.0;
    check_dismissable(kind)?;
    let not_found = || Refusal::not_found("nodeId");
    let id: ReferralId = global_id::decode(&input.node_id).ok_or_else(not_found)?;
    let own = tx.organisation()?;
    let found = referral::find_for_update_unnoticed(tx, id).await?.filter(|found| found.sender == own).ok_or_else(not_found)?;
    if !task::exists(tx, kind, id.0).await? {
        return Err(Refusal::new(UserErrorCode::IllegalTransition, "task-not-there").into());
    }
    if kind == TaskKind::DocumentTurnedAway {
        client_report::leave_undocumented(tx, id).await?;
    } else {
        referral::follow_up::dismiss(tx, &found).await?;
    }
    Ok(id)
}
