//! How large an answer could be. The library refuses what is past the limit without saying by how much, so what was refused is
//! measured once more.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::{
    ObjectType, Request, Response, Schema, ServerError, SubscriptionType, ValidationResult, async_trait::async_trait,
};

use crate::http::limit;

/// The library's message for a document whose answer could be too large.
const COMPLEX: &str = "Query is too complex.";

/// Makes a schema answer each document with its complexity, and execute none.
pub(crate) struct Measuring;

impl ExtensionFactory for Measuring {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Measuring {
    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let measured = next.run(context).await?;
        Err(vec![ServerError::new(measured.complexity.to_string(), None)])
    }
}

/// The response, or if it is the library's refusal of an answer that could be too large, the rejection that says how large. For that it
/// asks for the `same` request again.
pub(crate) async fn told<Query, Mutation, Subscription>(
    response: Response,
    same: impl FnOnce() -> Request,
    measuring: &Schema<Query, Mutation, Subscription>,
) -> Response
where
    Query: ObjectType + 'static,
    Mutation: ObjectType + 'static,
    Subscription: SubscriptionType + 'static,
{
    let refused = response.errors.first().is_some_and(|error| error.path.is_empty() && error.message == COMPLEX);
    if !refused {
        return response;
    }
    let measured = measuring.execute(same()).await;
    let asked = measured.errors.first().and_then(|error| error.message.parse().ok());
    let allowed = limit::COMPLEXITY.allowed;
    let message = format!(
        "The answer could have more than {allowed} fields, or take as much work: ask for a smaller page, for fewer fields of each item, or for fewer counts and searches at once."
    );
    limit::COMPLEXITY.exceeded_with(asked.unwrap_or(allowed + 1), message).into()
}
