//! An organisation and a county, as the schema shows them.

use async_graphql::{ID, Object, SimpleObject};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::message::Message;
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};
use pamoja_persistence::organisation;

use crate::coded::{Coded, coded};
use crate::node_id;
use crate::words::Language;

/// A member organisation of the coalition.
#[derive(Clone)]
pub struct Organisation(pub organisation::Organisation);

impl Organisation {
    /// Stands for a member where the viewer isn't told which one it is.
    pub fn withheld(language: Language) -> Self {
        Self(organisation::Organisation {
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
#[Object]
impl Organisation {
    /// Its global id.
    pub async fn id(&self) -> ID {
        node_id::encode(self.0.id)
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
    async fn kind(&self) -> Coded<OrganisationKind> {
        Coded(self.0.kind)
    }

    /// Whom it serves.
    async fn populations(&self) -> Vec<Coded<Population>> {
        coded(&self.0.populations)
    }

    /// Where it works.
    async fn counties(&self) -> Vec<County> {
        self.0.counties.iter().copied().map(County::from).collect()
    }

    /// Where it stands in the coalition; only an ACTIVE one can be referred to.
    async fn status(&self) -> Coded<MembershipStatus> {
        Coded(self.0.status)
    }
}

/// One of Kenya's 47 counties.
#[derive(SimpleObject)]
pub struct County {
    /// Three digits, from 001 (Mombasa) to 047 (Nairobi).
    code: &'static str,
    /// Its name.
    name: &'static str,
}

impl From<CountyCode> for County {
    fn from(county: CountyCode) -> Self {
        Self { code: county.as_str(), name: county.name() }
    }
}
