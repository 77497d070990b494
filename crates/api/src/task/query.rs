//! Reading the viewer's tasks.

use async_graphql::Result;
use pamoja_domain::page::Page;
use pamoja_domain::task::TaskKind;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::task::{self, MAXIMUM_COUNT};

use super::{Task, TaskCount, TaskList};
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;

/// The viewer's tasks of those kinds, or of all kinds when `kinds` is empty.
///
/// # Errors
/// [`Fault::BadRequest`] when `first` is below 1 or above 100.
pub(crate) async fn list(scope: &Scope, kinds: &[TaskKind], first: Option<i32>) -> Result<TaskList, Fault> {
    let limit = Page::<()>::new(first, None, None, None)?.size;
    let kinds = if kinds.is_empty() { TaskKind::ALL } else { kinds };
    let reading = scope.reading().await?;
    let mut found = task::list(&reading.tx, kinds, limit + 1).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let at = reading.tx.at();
    Ok(TaskList { nodes: found.into_iter().map(|task| Task::new(task, at)).collect(), has_more })
}

/// How many tasks the viewer has of each kind that their roles let them act on.
pub(crate) async fn counts(scope: &Scope) -> Result<Vec<TaskCount>, Fault> {
    let reading = scope.reading().await?;
    let counts = task::counts(&reading.tx).await?;
    let capped = |(kind, count): (TaskKind, usize)| TaskCount {
        kind: Enumeration(kind),
        count: i32::try_from(count.min(MAXIMUM_COUNT)).unwrap_or(i32::MAX),
        more: count > MAXIMUM_COUNT,
    };
    Ok(counts.into_iter().map(capped).collect())
}
