//! The GraphQL object of the viewer: who is signed in.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::referral::handling_roles;
use pamoja_domain::task::TaskKind;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::user;

use crate::graphql::connection::page_cost;
use crate::graphql::enumeration::{Enumeration, decoded, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;
use crate::service::Organisation;
use crate::task::{self, TaskCount, TaskList};
use crate::user::User;

/// How many colleagues an organisation has on average. The estimate of a document's cost uses it.
const COLLEAGUES: usize = 50;

/// Who is signed in.
pub(crate) struct Viewer(pub Actor);

/// Who is signed in, and what they may do.
#[Object]
impl Viewer {
    /// The account that is signed in.
    async fn user(&self, context: &Context<'_>) -> Result<User> {
        let reading = Scope::of(context).reading().await?;
        let found = reading.load.load_one(self.0.caller.user).await.map_err(Fault::from)?;
        Ok(User(found.ok_or_else(|| Fault::Store(StoreError::Inconsistent("the viewer has no account".to_owned())))?))
    }

    /// The organisation that the account belongs to.
    async fn organisation(&self, context: &Context<'_>) -> Result<Organisation> {
        let reading = Scope::of(context).reading().await?;
        Ok(Organisation::new(reading.organisation(self.0.caller.organisation).await?))
    }

    /// The viewer's roles.
    async fn roles(&self) -> Vec<Enumeration<Role>> {
        enumerated(&self.0.roles)
    }

    /// What the viewer's roles let them do: show what these allow, and the frontend needs no rules.
    async fn permissions(&self) -> Vec<Enumeration<Permission>> {
        Permission::ALL.iter().copied().filter(|permission| self.0.reach(*permission).is_some()).map(Enumeration).collect()
    }

    /// The accounts of your organisation to whom referrals can be assigned (assignReferral), by their names; at most 500. Empty for a
    /// viewer who can't assign any.
    #[graphql(complexity = "COLLEAGUES * child_complexity")]
    async fn colleagues(&self, context: &Context<'_>) -> Result<Vec<User>> {
        if self.0.reach(Permission::AssignReferrals).is_none() {
            return Ok(Vec::new());
        }
        let reading = Scope::of(context).reading().await?;
        let found = user::with_roles(&reading.tx, &handling_roles()).await.map_err(Fault::from)?;
        Ok(found.into_iter().map(User).collect())
    }

    /// The viewer's tasks, the most pressing first. A peer educator's tasks are about their own referrals. Empty for a viewer who
    /// has nothing to act on.
    #[graphql(complexity = "page_cost(first, None) * child_complexity")]
    async fn tasks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only tasks of these kinds; left out or empty, of all kinds.")] kinds: Option<
            Vec<Enumeration<TaskKind>>,
        >,
        #[graphql(desc = "How many at most, 1 to 100; 20 when left out.")] first: Option<i32>,
    ) -> Result<TaskList> {
        Ok(task::list(Scope::of(context), &decoded(kinds.as_ref()), first).await?)
    }

    /// How many tasks of each kind the viewer has, for badges. Every kind that the viewer's roles let them act on is listed, also
    /// with a count of 0.
    #[graphql(complexity = "TaskKind::ALL.len() * child_complexity")]
    async fn task_counts(&self, context: &Context<'_>) -> Result<Vec<TaskCount>> {
        Ok(task::counts(Scope::of(context)).await?)
    }
}
