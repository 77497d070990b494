//! An organisation and a county, as the schema shows them.

use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use pamoja_domain::contact::Contact;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::message::Message;
use pamoja_domain::opening_hours::Opening;
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};
use pamoja_persistence::organisation;
use uuid::Uuid;

use super::contact::{OpeningHours, shown};
use super::loader::ContactOf;
use super::offered::Offered;
use crate::graphql::connection::PageArguments;
use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::scalar::PhoneLine;
use crate::graphql::scope::Scope;
use crate::i18n::Language;

/// A member organisation of the coalition. `S` is the object of the services that it lists: a later feature's, which shows the
/// organisation in its turn.
pub(crate) struct OrganisationWith<S>(pub Arc<organisation::Organisation>, PhantomData<fn() -> S>);

impl<S> OrganisationWith<S> {
    /// The organisation as the directory has it.
    pub(crate) fn new(organisation: impl Into<Arc<organisation::Organisation>>) -> Self {
        Self(organisation.into(), PhantomData)
    }

    async fn contact(&self, context: &Context<'_>) -> Result<Contact, Fault> {
        let reading = Scope::of(context).reading().await?;
        Ok(Box::pin(reading.load.load_one(ContactOf(self.0.id))).await?.unwrap_or_default())
    }

    /// Stands for a member that is withheld from the viewer.
    pub(crate) fn withheld(language: Language) -> Self {
        Self::new(organisation::Organisation {
            id: OrganisationId::WITHHELD,
            slug: "member".to_owned(),
            name: language.say(&Message::of("organisation-withheld")),
            kind: OrganisationKind::Other,
            populations: Vec::new(),
            counties: Vec::new(),
            status: MembershipStatus::Active,
        })
    }
}

/// A member organisation of the coalition.
#[Object(name = "Organisation")]
impl<S: Offered> OrganisationWith<S> {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.0.id)
    }

    /// Its short name, as in usernames.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of organisation it is.
    async fn kind(&self) -> Enumeration<OrganisationKind> {
        Enumeration(self.0.kind)
    }

    /// The populations that it serves.
    async fn populations(&self) -> Vec<Enumeration<Population>> {
        enumerated(&self.0.populations)
    }

    /// The counties in which it works.
    async fn counties(&self) -> Vec<County> {
        self.0.counties.iter().copied().map(County::from).collect()
    }

    /// When somebody is there, by the clocks of Kenya; empty when it hasn't said so. A service can have hours of its own.
    async fn hours(&self, context: &Context<'_>) -> Result<Vec<OpeningHours>> {
        Ok(shown(&self.contact(context).await?.hours))
    }

    /// Whether somebody is there now; null when it hasn't said its hours.
    async fn open_now(&self, context: &Context<'_>) -> Result<Option<bool>> {
        let reading = Scope::of(context).reading().await?;
        let opening = self.contact(context).await?.hours.at(reading.tx.at());
        Ok(opening.map(|opening| matches!(opening, Opening::Open(_))))
    }

    /// The languages that are spoken there, as ISO 639 codes; empty when it hasn't said so.
    async fn languages(&self, context: &Context<'_>) -> Result<Vec<String>> {
        let languages = self.contact(context).await?.languages;
        Ok(languages.iter().map(|language| language.as_str().to_owned()).collect())
    }

    /// The line on which members can call it; null when it has said none. It is for members: show it nowhere else.
    async fn line(&self, context: &Context<'_>) -> Result<Option<PhoneLine>> {
        Ok(self.contact(context).await?.line.map(|line| PhoneLine(line.as_str().to_owned())))
    }

    /// The services that it offers now, in the order of the query `services`. Empty for a member that isn't ACTIVE, and for one that
    /// is withheld from you.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    async fn services(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, S>> {
        Ok(Box::pin(S::page_of(Scope::of(context), self.0.id, PageArguments { first, after, last, before })).await?)
    }

    /// Its membership of the coalition. Clients can be referred only to an ACTIVE organisation.
    async fn status(&self) -> Enumeration<MembershipStatus> {
        Enumeration(self.0.status)
    }
}

/// One of Kenya's 47 counties.
#[derive(SimpleObject)]
pub(crate) struct County {
    /// Its code: three digits, from 001 (Mombasa) to 047 (Nairobi).
    code: &'static str,
    /// Its name.
    name: &'static str,
}

impl From<CountyCode> for County {
    fn from(county: CountyCode) -> Self {
        Self { code: county.as_str(), name: county.name() }
    }
}

impl Identified for OrganisationId {
    const KIND: u8 = b'O';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl<S: Send> NodeObject for OrganisationWith<S> {
    type Id = OrganisationId;

    async fn find(reading: &Reading, id: OrganisationId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        Ok(reading.load.load_one(id).await?.map(Self::new))
    }
}
