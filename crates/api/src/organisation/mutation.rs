//! The mutation of an organisation.

use std::marker::PhantomData;

use async_graphql::{Context, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{contact, organisation};

use super::contact::ContactInput;
use super::{Offered, OrganisationWith};
use crate::graphql::error::{Failure, UserError, user_errors};
use crate::graphql::scope::Scope;

/// How members reach your organisation.
#[derive(InputObject)]
pub(super) struct UpdateOrganisationContactInput {
    /// What to say anew.
    #[graphql(flatten)]
    contact: ContactInput,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    client_mutation_id: Option<String>,
}

/// The organisation after the change, or why it was refused.
pub(super) struct OrganisationPayload<S>(Result<Option<OrganisationWith<S>>, Vec<Refusal>>);

/// The organisation after the change, or why it was refused.
#[Object(name = "OrganisationPayload")]
impl<S: Offered> OrganisationPayload<S> {
    /// The organisation as it is now; null when the change was refused.
    async fn organisation(&self) -> Option<&OrganisationWith<S>> {
        self.0.as_ref().ok()?.as_ref()
    }

    /// What to put right; empty when it worked.
    async fn user_errors(&self) -> Vec<UserError> {
        self.0.as_ref().err().map(|refusals| user_errors(refusals.clone())).unwrap_or_default()
    }
}

/// The mutation of an organisation, which lists services of the type `S`.
pub(crate) struct OrganisationMutation<S>(PhantomData<fn() -> S>);

impl<S> Default for OrganisationMutation<S> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[Object]
impl<S: Offered> OrganisationMutation<S> {
    /// Says when somebody is at your organisation, in which languages, and on which line members can call. Members alone see it.
    /// Organisation admins may do this.
    async fn update_organisation_contact(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to say anew; what is left out stays as it is.")] input: UpdateOrganisationContactInput,
    ) -> Result<OrganisationPayload<S>> {
        let changed = Scope::of(context)
            .mutate(
                "updateOrganisationContact",
                &input,
                Permission::ManageServices,
                async |tx: &TenantTx| -> Result<OrganisationId, Failure> {
                    contact::change(tx, &input.contact.parse()?).await?;
                    Ok(tx.organisation()?)
                },
                async |tx: &TenantTx, id: OrganisationId| -> Result<Option<OrganisationWith<S>>, Failure> {
                    Ok(organisation::by_ids(tx, &[id]).await?.into_iter().next().map(OrganisationWith::new))
                },
            )
            .await?;
        Ok(OrganisationPayload(changed))
    }
}
