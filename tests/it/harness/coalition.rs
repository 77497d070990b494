//! The tests' made-up coalition: founded once in the template database, with one user of every role in every member that may have it.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ServiceId, UserId};
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::organisation::{self, Organisation};
use pamoja_persistence::user::{self, NewUser};
use uuid::Uuid;

/// A member of the tests' coalition. Ids are derived from the slug, so that tests know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its short name.
    pub slug: &'static str,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its status.
    pub status: MembershipStatus,
    /// What it offers in county 047.
    pub offers: &'static [ServiceType],
}

/// The sender in most tests.
pub const SENDER: Member = Member {
    slug: "jirani",
    kind: OrganisationKind::MsmLed,
    status: MembershipStatus::Active,
    offers: &[ServiceType::PeerEducation],
};
/// The receiver in most tests.
pub const RECEIVER: Member = Member {
    slug: "afya",
    kind: OrganisationKind::HealthProvider,
    status: MembershipStatus::Active,
    offers: &[ServiceType::HivTesting, ServiceType::Pep, ServiceType::Prep],
};
/// A member that is no party.
pub const OUTSIDER: Member = Member {
    slug: "haki",
    kind: OrganisationKind::LegalAid,
    status: MembershipStatus::Active,
    offers: &[ServiceType::LegalAid, ServiceType::HivTesting],
};

/// All members.
pub const MEMBERS: [Member; 6] = [
    SENDER,
    RECEIVER,
    OUTSIDER,
    Member { slug: "secretariat", kind: OrganisationKind::Secretariat, status: MembershipStatus::Active, offers: &[] },
    Member {
        slug: "frozen",
        kind: OrganisationKind::SexWorkerLed,
        status: MembershipStatus::Frozen,
        offers: &[ServiceType::HivTesting],
    },
    Member { slug: "left", kind: OrganisationKind::TransLed, status: MembershipStatus::Left, offers: &[ServiceType::HivTesting] },
];

/// The password of every account.
pub const PASSWORD: &str = "correct horse battery";

/// The member with that short name.
pub fn member(slug: &str) -> Member {
    MEMBERS.into_iter().find(|member| member.slug == slug).expect("a member of the tests")
}

/// The handle of the account that has only this role.
pub fn role_handle(role: Role) -> &'static str {
    match role {
        Role::PeerEducator => "peer",
        Role::Caseworker => "caseworker",
        Role::Paralegal => "paralegal",
        Role::Trainer => "trainer",
        Role::Analyst => "analyst",
        Role::OrganisationAdmin => "admin",
        Role::CoalitionAdmin => "coalition",
    }
}

fn named(text: &str) -> Uuid {
    // Any stable mapping will do; the version and variant bits make it a UUIDv4.
    let mut bytes = [0_u8; 16];
    for (at, byte) in text.bytes().enumerate() {
        bytes[at % 16] = bytes[at % 16].wrapping_mul(31).wrapping_add(byte).wrapping_add(at as u8);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

impl Member {
    /// Its id.
    pub fn id(self) -> OrganisationId {
        OrganisationId(named(&format!("organisation {}", self.slug)))
    }

    /// The id of its user of that handle.
    pub fn user(self, handle: &str) -> UserId {
        UserId(named(&format!("{handle} at {}", self.slug)))
    }

    /// The id of its service of that type.
    pub fn service(self, service_type: ServiceType) -> ServiceId {
        ServiceId(named(&format!("{} of {}", service_type.code(), self.slug)))
    }
}

/// Founds the coalition in the database that the function gives the URLs of.
pub async fn found(url: &dyn Fn(DatabaseRole) -> String) {
    let database = Database::new(&url(DatabaseRole::Operator), 2).expect("a pool");
    let (superuser, connection) =
        tokio_postgres::connect(&url(DatabaseRole::Superuser), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    superuser.batch_execute(include_str!("gate.sql")).await.expect("a way past the gate");
    let nairobi: CountyCode = "047".parse().expect("a county");
    let credential = pamoja_api::auth::new_credential(PASSWORD).expect("hashed");
    for member in MEMBERS {
        let organisation = Organisation {
            id: member.id(),
            slug: member.slug.to_owned(),
            name: format!("The {} of the tests", member.slug),
            kind: member.kind,
            populations: Vec::new(),
            counties: vec![nairobi],
            status: member.status,
        };
        let given = |role: &&Role| member.kind == OrganisationKind::Secretariat || **role != Role::CoalitionAdmin;
        let mut users: Vec<(&str, Role)> = Role::ALL.iter().filter(given).map(|role| (role_handle(*role), *role)).collect();
        users.push(("second-caseworker", Role::Caseworker));
        users.push(("second-peer", Role::PeerEducator));
        database
            .tenant(&Permit::operator(Some(member.id())), async |tx| -> Result<(), StoreError> {
                organisation::insert(tx, &organisation).await?;
                for (handle, role) in &users {
                    let new = NewUser {
                        id: member.user(handle),
                        handle: (*handle).to_owned(),
                        display_name: (*handle).to_owned(),
                        roles: vec![*role],
                        credential: credential.clone(),
                    };
                    user::insert(tx, &new).await?;
                }
                Ok(())
            })
            .await
            .expect("a member is founded");
        for service_type in member.offers {
            let (code, accepts_minors) = (service_type.code(), *service_type == ServiceType::Pep);
            let name = format!("{} at {}", code.to_lowercase().replace('_', " "), member.slug);
            let service = format!(
                "INSERT INTO service (organisation_id, id, service_type, name, county_code, populations, accepts_minors, capacity, capacity_updated_at)
                 VALUES ('{}', '{}', '{code}', '{name}', '047', '{{}}', {accepts_minors}, 'OPEN', now())",
                member.id(),
                member.service(*service_type),
            );
            superuser.batch_execute(&service).await.expect("a service");
        }
    }
}
