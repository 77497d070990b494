//! The viewer's query.

use async_graphql::{Context, Object, Result};

use super::Viewer;
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;

/// The viewer's part of Query.
#[derive(Default)]
pub(crate) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who is signed in, and what they may do.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer> {
        let reading = Scope::of(context).reading().await?;
        Ok(Viewer(reading.tx.actor().map_err(Fault::from)?.clone()))
    }
}
