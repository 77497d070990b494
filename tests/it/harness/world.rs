//! One test's world: a database, and the API served on it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use pamoja_api::app::App;
use pamoja_api::auth::{Authority, LIFETIME};
use pamoja_api::graphql::change_feed::Changes;
use pamoja_api::http::settings::Settings;
use pamoja_api::keys::Keys;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::{Caller, Permit};
use pamoja_domain::device::SharedHours;
use pamoja_domain::id::SessionId;
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::user::Role;
use pamoja_persistence::clock;
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;
use pamoja_persistence::organisation;
use pamoja_persistence::outbox;
use pamoja_persistence::pooler::Pooler;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::client::Client;
use super::coalition::{Member, role_handle};
use super::database::TestDatabase;
use super::postgres::postgres;
use super::wait::PATIENT;

/// A pooler, and what it makes of the database's URLs.
type Behind<'b> = (Pooler, &'b dyn Fn(&str) -> String);

/// A database with the tests' coalition, and the API served on it. Dropping the value stops serving, however the test ends. The
/// database is dropped with the last world on it.
pub struct World {
    /// The database.
    pub database: Arc<TestDatabase>,
    /// The program that serves the API.
    pub app: App,
    /// The database, as the role of the jobs.
    pub worker: Database,
    /// The database, as the role of the operator's commands.
    pub operator: Database,
    /// The API's address.
    pub address: SocketAddr,
    /// By how many seconds the clock is ahead.
    ahead: AtomicI64,
    stop: Option<oneshot::Sender<()>>,
}

/// The settings of a new world.
fn settings() -> Settings {
    Settings {
        introspection: true,
        explain_documents: false,
        explorer: true,
        allowed_origins: vec!["https://partner.example".to_owned()],
        shared_hours: SharedHours::default(),
        wait: PATIENT,
    }
}

impl World {
    /// A new world, with introspection, and with documents' errors unexplained as in production.
    pub async fn new() -> Self {
        Self::with(settings()).await
    }

    /// A world on a database that was made in another way, with these keys.
    pub async fn of(database: TestDatabase, keys: Keys) -> Self {
        Self::on(Arc::new(database), Arc::new(keys), settings(), None).await
    }

    /// A new world with those settings.
    pub async fn with(settings: Settings) -> Self {
        let database = Arc::new(postgres().create_database().await);
        Self::on(database, Arc::new(Keys::generate()), settings, None).await
    }

    /// A second process's API on the same database, with the same keys.
    pub async fn twin(&self) -> Self {
        Self::on(Arc::clone(&self.database), self.app.keys.clone(), self.app.settings.clone(), None).await
    }

    /// A second process's API on the same database, with the same keys, which reaches it over a pooler alone: at what the function
    /// makes of the URLs.
    pub async fn twin_behind(&self, pooler: Pooler, url: &dyn Fn(&str) -> String) -> Self {
        Self::on(Arc::clone(&self.database), self.app.keys.clone(), self.app.settings.clone(), Some((pooler, url))).await
    }

    async fn on(database: Arc<TestDatabase>, keys: Arc<Keys>, settings: Settings, behind: Option<Behind<'_>>) -> Self {
        let pooler = behind.map_or(Pooler::None, |(pooler, _)| pooler);
        let url = |role| behind.map_or_else(|| database.url(role), |(_, pooled)| pooled(&database.url(role)));
        // What prints the list of statements sends them as they are.
        let serving = if super::record::records() { DatabaseRole::App } else { DatabaseRole::Server };
        let pool = Database::behind(pooler, None, &url(serving), 6).expect("a pool");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let authority = Authority::new(&keys, "https://pamoja.test", "pamoja");
        let gate = Gate::new(&url(DatabaseRole::SignIn), 4, &pool).expect("a pool");
        let app = App::new(pool, gate, keys, authority, settings);
        let worker = Database::behind(pooler, None, &url(DatabaseRole::Worker), 2).expect("a pool");
        let operator = Database::new(&database.url(DatabaseRole::Operator), 2).expect("a pool");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = app.clone();
        tokio::spawn(async move {
            let until = async { drop(stopped.await) };
            serving.serve(listener, None, until).await.expect("it serves");
        });
        Self { database, app, worker, operator, address, ahead: AtomicI64::new(0), stop: Some(stop) }
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

    /// A session of the member's user with that handle, whose secret is good for a month.
    pub async fn caller(&self, member: Member, handle: &str) -> Caller {
        let (session, secret) = (SessionId(Uuid::new_v4()), SessionSecret(Uuid::new_v4()));
        let caller = Caller { organisation: member.id(), user: member.user(handle), session, secret };
        let begin = include_str!("session.sql");
        let ids = [caller.organisation.0, caller.user.0, caller.session.0, caller.secret.0];
        self.past_the_gate(begin, &ids).await;
        caller
    }

    /// A token of the caller's session, with a new secret that is good for a month.
    pub async fn fresh_token(&self, caller: Caller) -> String {
        let caller = Caller { secret: SessionSecret(Uuid::new_v4()), ..caller };
        let ids = [caller.organisation.0, caller.session.0, caller.secret.0];
        self.past_the_gate(include_str!("secret.sql"), &ids).await;
        self.app.authority.issue(caller, self.app.database.now(), LIFETIME)
    }

    /// Runs a statement as the superuser, at the moment that it is in this world.
    async fn past_the_gate(&self, sql: &str, ids: &[Uuid]) {
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let parameters: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = texts.iter().map(|text| text as _).collect();
        let superuser = self.connect(DatabaseRole::Superuser).await;
        let ahead = self.ahead.load(Ordering::Relaxed).to_string().replace('-', "m");
        superuser.batch_execute(&format!("SET backtrace_functions = 'pamoja,,,,,{ahead}'")).await.expect("a clock");
        superuser.execute(sql, &parameters).await.expect("it is written");
    }

    /// The changes that this process notifies the member of from now on.
    pub async fn changes(&self, member: Member) -> Changes {
        let caller = self.caller(member, "caseworker").await;
        let tx = self.app.database.follow(caller).await.expect("a transaction");
        let now = outbox::now(&tx).await.expect("a position");
        tx.end().await;
        self.app.change_feed.subscribe(caller, pamoja_domain::change::ChangeKind::Referral, now).await
    }

    /// A client that isn't signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.address, None)
    }

    /// Moves the clock of the API and of its database by that much.
    pub async fn travel(&self, by: chrono::TimeDelta) {
        let seconds = by.num_seconds();
        self.ahead.store(seconds, Ordering::Relaxed);
        clock::set_ahead(&self.url(DatabaseRole::Owner), seconds).await.expect("the clock is moved");
        for database in [&self.app.database, &self.worker, &self.operator] {
            database.set_clock_offset(seconds);
        }
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

    /// Lets the role no longer in that has the rights of the program's statements, as in production: only tests log in as it.
    pub async fn keep_app_out(&self, database: &str) {
        let superuser = self.connect(DatabaseRole::Superuser).await;
        let out = format!("REVOKE CONNECT ON DATABASE {database} FROM pamoja_app");
        superuser.batch_execute(&out).await.expect("it is out");
    }

    /// Sets a member's status, as an operator would.
    pub async fn set_status(&self, member: Member, status: MembershipStatus) {
        self.operator
            .tenant(&Permit::operator(Some(member.id())), async |tx| organisation::set_status(tx, member.id(), status).await)
            .await
            .expect("the status is set");
    }

    /// How many of this database's sessions wait inside a transaction now, except those that are just answering.
    pub async fn idle_in_transaction(&self, observer: &tokio_postgres::Client) -> i64 {
        let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND usename = 'pamoja_server' AND state LIKE 'idle in transaction%'";
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
