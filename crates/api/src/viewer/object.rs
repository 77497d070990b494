//! The viewer, as the schema shows them.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::task::TaskKind;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::error::StoreError;

use crate::graphql::connection::page_cost;
use crate::graphql::enumeration::{Enumeration, decoded, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::organisation::Organisation;
use crate::task::{self, TaskCount, TaskList};
use crate::user::User;

/// Who is signed in.
pub(crate) struct Viewer(pub Actor);

/// Who is signed in, and what they may do.
#[Object]
impl Viewer {
    /// The account.
    async fn user(&self, context: &Context<'_>) -> Result<User> {
        let reading = Scope::of(context).reading().await?;
        let found = reading.load.load_one(self.0.caller.user).await.map_err(Fault::from)?;
        Ok(User(found.ok_or_else(|| Fault::Store(StoreError::Inconsistent("the viewer has no account".to_owned())))?))
    }

    /// The organisation whose account it is.
    async fn organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation(reading.organisation(self.0.caller.organisation).await?))
    }

    /// What the viewer is.
    async fn roles(&self) -> Vec<Enumeration<Role>> {
        enumerated(&self.0.roles)
    }

    /// What the viewer's roles let them do, so that a frontend need not know the rules.
    async fn permissions(&self) -> Vec<Enumeration<Permission>> {
        Permission::ALL.iter().copied().filter(|permission| self.0.reach(*permission).is_some()).map(Enumeration).collect()
    }

    /// What waits for the viewer to do it, the most pressing first; a peer educator's are about referrals of their own. Empty for whoever
    /// has nothing to act on.
    #[graphql(complexity = "page_cost(first, None) * child_complexity")]
    async fn tasks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of one of these kinds; left out or empty, of all.")] kinds: Option<Vec<Enumeration<TaskKind>>>,
        #[graphql(desc = "At most so many, 1 to 100; 20 when nothing is said.")] first: Option<i32>,
    ) -> Result<TaskList> {
        Ok(task::list(Scope::of(context), &decoded(kinds.as_ref()), first).await?)
    }

    /// How much waits for the viewer, for badges: each kind that their roles let them act on, also where nothing does.
    #[graphql(complexity = "TaskKind::ALL.len() * child_complexity")]
    async fn task_counts(&self, context: &Context<'_>) -> Result<Vec<TaskCount>> {
        Ok(task::counts(Scope::of(context)).await?)
    }
}
