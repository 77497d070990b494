//! One test's world: a database, and the API served on it.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use pamoja_api::app::App;
use pamoja_api::auth::{Authority, LIFETIME};
use pamoja_api::graphql::change_feed::Changes;
use pamoja_api::http::settings::Settings;
use pamoja_api::keys::Keys;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::{Caller, Permit};
use pamoja_domain::device::{Device, SharedHours};
use pamoja_domain::id::SessionId;
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::user::Role;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::organisation;
use pamoja_persistence::outbox;
use pamoja_persistence::session;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::client::Client;
use super::coalition::{Member, role_handle};
use super::database::TestDatabase;
use super::postgres::postgres;

/// A database with the tests' coalition, and the API served on it. Dropping the value stops serving, however the test ends. The
/// database is dropped with the last world on it.
pub struct World {
    /// The database.
    pub database: Arc<TestDatabase>,
    /// The program that serves the API.
    pub app: App,
    /// The API's address.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
}

impl World {
    /// A new world, with introspection, and with documents' errors unexplained as in production.
    pub async fn new() -> Self {
        Self::with(Settings {
            introspection: true,
            explain_documents: false,
            explorer: true,
            allowed_origins: vec!["https://partner.example".to_owned()],
            shared_hours: SharedHours::default(),
        })
        .await
    }

    /// A new world with those settings.
    pub async fn with(settings: Settings) -> Self {
        let database = Arc::new(postgres().create_database().await);
        Self::on(database, Arc::new(Keys::generate()), settings).await
    }

    /// A second process's API on the same database, with the same keys.
    pub async fn twin(&self) -> Self {
        Self::on(Arc::clone(&self.database), self.app.keys.clone(), self.app.settings.clone()).await
    }

    async fn on(database: Arc<TestDatabase>, keys: Arc<Keys>, settings: Settings) -> Self {
        let pool = Database::new(&database.url(DatabaseRole::App), 6).expect("a pool");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let authority = Authority::new(&keys, "https://pamoja.test", "pamoja");
        let app = App::new(pool, keys, authority, settings);
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = app.clone();
        tokio::spawn(async move {
            let until = async { drop(stopped.await) };
            serving.serve(listener, None, until).await.expect("it serves");
        });
        Self { database, app, address, stop: Some(stop) }
    }

    /// A signed-in user of that member who has only that role. A coalition administrator is always of the secretariat.
    pub async fn client(&self, member: Member, role: Role) -> Client {
        let member = if role == Role::CoalitionAdmin { super::coalition::member("secretariat") } else { member };
        self.client_of(member, role_handle(role)).await
    }

    /// The member's user with that handle, signed in.
    pub async fn client_of(&self, member: Member, handle: &str) -> Client {
        let caller = self.caller(member, handle).await;
        let token = self.app.authority.issue(caller, self.app.database.now(), LIFETIME);
        Client::new(self.address, Some(token))
    }

    /// A session of the member's user with that handle.
    pub async fn caller(&self, member: Member, handle: &str) -> Caller {
        let caller = Caller { organisation: member.id(), user: member.user(handle), session: SessionId(Uuid::new_v4()) };
        self.app
            .database
            .tenant(&Permit::sign_in(caller.organisation), async |tx| -> Result<(), StoreError> {
                session::insert(tx, caller.session, caller.user, Device::Own, TimeDelta::days(7)).await?;
                Ok(())
            })
            .await
            .expect("a session begins");
        caller
    }

    /// The changes that this process notifies the member of from now on.
    pub async fn changes(&self, member: Member) -> Changes {
        let now = self.app.database.tenant(&Permit::job(member.id()), async |tx| outbox::now(tx).await).await;
        self.app.change_feed.subscribe(member.id(), now.expect("a position")).await
    }

    /// A client that isn't signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.address, None)
    }

    /// Moves the API's clock by that much.
    pub fn travel(&self, by: chrono::TimeDelta) {
        self.app.database.set_clock_offset(by.num_seconds());
    }

    /// The URL with which a role connects to this world's database.
    pub fn url(&self, role: DatabaseRole) -> String {
        self.database.url(role)
    }

    /// Connects to this world's database past the API, as a role.
    pub async fn connect(&self, role: DatabaseRole) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.url(role), tokio_postgres::NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client
    }

    /// Sets a member's status, as an operator would.
    pub async fn set_status(&self, member: Member, status: MembershipStatus) {
        self.app
            .database
            .tenant(&Permit::operator(Some(member.id())), async |tx| organisation::set_status(tx, member.id(), status).await)
            .await
            .expect("the status is set");
    }

    /// How many of this database's sessions wait inside a transaction now, except those that are just answering.
    pub async fn idle_in_transaction(&self, observer: &tokio_postgres::Client) -> i64 {
        let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND usename = 'pamoja_app' AND state LIKE 'idle in transaction%'";
        observer.query_one(query, &[&self.database.name]).await.expect("a count").get(0)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let stopped = self.stop.take().map(|stop| stop.send(()));
        // A second panic while a test fails would end the process, and all other tests with it.
        assert!(std::thread::panicking() || stopped == Some(Ok(())), "it still serves");
    }
}
