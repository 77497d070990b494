//! What publishing a month, and reading a published table, cost as the number of referrals grows.
//!
//! `cargo bench -p pamoja-api --bench publication` starts a private PostgreSQL and writes months of made-up referrals directly
//! into it. It publishes the last three months, then adds earlier months and repeats. `-- --help` lists the options. These are
//! measurements, not tests: nothing is asserted about them.

#![expect(clippy::disallowed_methods, reason = "it makes up a past by the machine's clock, and its runtime ends with it")]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use clap::Parser;
use pamoja_api::auth;
use pamoja_demo::coalition::{self, Plan};
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::access::{Caller, Permit};
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::month::Month;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::AgeBand;
use pamoja_domain::service::ServiceType;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::statistic::{NoiseKey, PeriodKind, Question, QuestionDraft, StatisticTableName};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::database::Database;
use pamoja_persistence::places::Effort;
use pamoja_persistence::publication::Publisher;
use pamoja_persistence::statistic;
use tokio_postgres::{Client, NoTls};

/// Any failure; the benchmark ends with its message.
type Failure = Box<dyn Error + Send + Sync>;

/// Writes one month of referrals.
const FILL: &str = include_str!("publication/fill.sql");
/// The tables to fill; only the indexes that publication uses are kept, because with all of them filling would take hours.
const TABLES: &str =
    "'referral', 'referral_progress', 'referral_client', 'referral_shared', 'referral_consent', 'referral_event'";
const INDEXES: &str = "
    ALTER TABLE referral ADD PRIMARY KEY (from_organisation_id, id);
    CREATE INDEX referral_sent ON referral (from_organisation_id, created_at, id);
    ALTER TABLE referral_progress ADD PRIMARY KEY (from_organisation_id, referral_id);
    ALTER TABLE referral_client ADD PRIMARY KEY (from_organisation_id, referral_id);
    ALTER TABLE referral_shared ADD PRIMARY KEY (from_organisation_id, referral_id);
    ALTER TABLE referral_consent ADD PRIMARY KEY (from_organisation_id, referral_id);
    ALTER TABLE referral_event ADD PRIMARY KEY (from_organisation_id, referral_id, position)";
/// The last month that is published.
const LAST: &str = "2025-12";
/// How often a table is read.
const ASKED: usize = 200;

/// Measures publication.
#[derive(Parser)]
#[command(name = "publication")]
struct Options {
    /// How many referrals each round has, in millions.
    #[arg(long, value_delimiter = ',', default_value = "1,3,10")]
    millions: Vec<u32>,
    /// How many referrals a month has.
    #[arg(long, default_value_t = 166_667)]
    a_month: u32,
    /// Cargo passes this to benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if !options.bench {
        println!("This takes minutes and is run by `cargo bench -p pamoja-api --bench publication`.");
        return ExitCode::SUCCESS;
    }
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(&options)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("publication: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Failure> {
    let directory = std::env::temp_dir().join(format!("pamoja-publication-{}", std::process::id()));
    let choices = ServerOptions { temporary: true, durable: false, ..ServerOptions::default() };
    let postgres = PrivatePostgresql::start(&directory, choices).await?;
    let outcome = measure(options, &postgres).await;
    postgres.stop().await?;
    outcome
}

async fn measure(options: &Options, postgres: &PrivatePostgresql) -> Result<(), Failure> {
    postgres.prepare().await?;
    let url = postgres.connection_url(DatabaseRole::Superuser);
    let credential = auth::new_credential("nobody signs in here")?;
    let plan = Plan { seed: 1, scale: 0.0, coalitions: 1, at: Utc::now(), credential, slip: Arc::new(|nonce| [nonce[0]; 32]) };
    coalition::fill(&url, &plan, &|_, _| ()).await?;
    let (superuser, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    superuser.batch_execute("SET session_replication_role = replica; SET maintenance_work_mem = '2GB'").await?;
    let mut month = Month::parse("", LAST).map_err(|_| "a month")?;
    let mut referrals = 0;
    for millions in &options.millions {
        let began = Instant::now();
        unindex(&superuser).await?;
        while referrals < millions * 1_000_000 {
            superuser.batch_execute(&format!("BEGIN; {}; COMMIT", filled(month, options.a_month))).await?;
            (referrals, month) = (referrals + options.a_month, month.before());
        }
        superuser.batch_execute(INDEXES).await?;
        superuser.batch_execute("VACUUM (ANALYZE)").await?;
        superuser.batch_execute("CHECKPOINT").await?;
        println!("{referrals} referrals, {} a month; made in {:.0} s", options.a_month, began.elapsed().as_secs_f32());
        publish(postgres, &superuser).await?;
    }
    fill_published(&superuser).await?;
    read(postgres, &superuser).await
}

fn filled(month: Month, count: u32) -> String {
    FILL.replace("$MONTH", &month.to_string())
        .replace("$COUNT", &count.to_string())
        .replace("$TYPES", &codes::<ServiceType>())
        .replace("$POPULATIONS", &codes::<Population>())
        .replace("$AGE_BANDS", &codes::<AgeBand>())
}

fn codes<T: Vocabulary>() -> String {
    T::ALL.iter().map(|member| member.code()).collect::<Vec<_>>().join(" ")
}

/// Drops the indexes, so that rows are written before they are indexed.
async fn unindex(superuser: &Client) -> Result<(), Failure> {
    superuser
        .batch_execute(&format!(
            "DO $$ DECLARE found record; BEGIN
                 FOR found IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
                     WHERE conrelid::regclass::text IN ({TABLES}) AND contype IN ('f', 'p', 'u') ORDER BY contype = 'f' DESC LOOP
                     EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', found.of, found.conname);
                 END LOOP;
                 FOR found IN SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ({TABLES}) LOOP
                     EXECUTE format('DROP INDEX %I', found.indexname);
                 END LOOP;
             END $$"
        ))
        .await?;
    Ok(())
}

/// Publishes the last three months: two that end only themselves, and one that also ends a quarter and a year.
async fn publish(postgres: &PrivatePostgresql, superuser: &Client) -> Result<(), Failure> {
    let key = || NoiseKey::new(zeroize::Zeroizing::new([7; 32]));
    superuser.batch_execute("TRUNCATE statistic_cell, statistic_rollup, statistic_release").await?;
    let tables = StatisticTableName::ALL.iter().map(|name| name.table());
    let series: Vec<String> =
        tables.flat_map(|table| table.measures.iter().map(move |measure| format!("{} {measure}", table.name))).collect();
    let before = "INSERT INTO statistic_release (month, noise_key_id, series) VALUES ('2025-09-01', $1, $2)";
    superuser.execute(before, &[&key().id(), &series]).await?;
    let at: DateTime<Utc> = "2026-02-10T00:00:00Z".parse()?;
    let mut publisher = Publisher::connect(&postgres.connection_url(DatabaseRole::Publisher), key(), false, at).await?;
    for month in publisher.due().await? {
        superuser.batch_execute("SELECT pg_stat_reset()").await?;
        // Resets the process's peak memory, so that it is measured from here on.
        std::fs::write("/proc/self/clear_refs", "5").ok();
        let began = Instant::now();
        let published = publisher.publish(month, &|_| ()).await?;
        let took = began.elapsed();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let rows =
            "SELECT coalesce(sum(seq_tup_read), 0)::bigint, coalesce(sum(idx_tup_fetch), 0)::bigint FROM pg_stat_user_tables
            WHERE relname LIKE 'referral%'";
        let rows = superuser.query_one(rows, &[]).await?;
        println!(
            "  {month} to the {}: {:5.1} s for {} records; {} rows of referrals read by index, {} otherwise; {} figures shown, {} suppressed; {} MB at most",
            published.ends,
            took.as_secs_f32(),
            published.records,
            rows.get::<_, i64>(1),
            rows.get::<_, i64>(0),
            published.figures,
            published.suppressed,
            peak_memory().unwrap_or(0) / 1_024,
        );
    }
    Ok(())
}

/// The process's peak memory, in kibibytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Fills five years of months in which every cell of every table is published: more than there can ever be.
async fn fill_published(superuser: &Client) -> Result<(), Failure> {
    superuser.batch_execute("TRUNCATE statistic_cell").await?;
    for name in StatisticTableName::ALL {
        let table = name.table();
        let mut keys = vec![Vec::new()];
        for dimension in table.dimensions {
            let longer = |key: &Vec<&'static str>| -> Vec<Vec<&'static str>> {
                dimension.categories().iter().map(|next| key.iter().copied().chain([*next]).collect()).collect()
            };
            keys = keys.iter().flat_map(longer).collect();
        }
        let keys: Vec<String> = keys.into_iter().map(|key| key.join(" ")).chain([String::new()]).collect();
        for measure in table.measures {
            superuser
                .execute(
                    "INSERT INTO statistic_cell (table_name, measure, period_kind, period, keys, value)
                     SELECT $1::text, $2::text, 'MONTH', '2021-01-01'::date + make_interval(months => month), coalesce(string_to_array(keys, ' '), '{}'), 100
                     FROM unnest($3::text[]) AS keys, generate_series(0, 59) AS month",
                    &[&name.code(), &measure.code(), &keys],
                )
                .await?;
        }
    }
    superuser.batch_execute("VACUUM (ANALYZE) statistic_cell").await?;
    Ok(())
}

/// A session of some user, which the superuser writes.
async fn caller(superuser: &Client) -> Result<Caller, Failure> {
    let begin = "WITH begun AS (
            INSERT INTO user_session (organisation_id, id, user_id, device, ends_at)
            SELECT organisation_id, gen_random_uuid(), id, 'own', now() + interval '1 day' FROM user_account LIMIT 1
            RETURNING organisation_id, id, user_id
        ), proved AS (
            INSERT INTO access_token (organisation_id, session_id, secret_hash, expires_at)
            SELECT organisation_id, id, sha256(uuid_send(id)), now() + interval '1 day' FROM begun
        )
        SELECT organisation_id, user_id, id FROM begun";
    let row = superuser.query_one(begin, &[]).await?;
    let (organisation, user) = (OrganisationId(row.get(0)), UserId(row.get(1)));
    Ok(Caller { organisation, user, session: SessionId(row.get(2)), secret: SessionSecret(row.get(2)) })
}

/// Reads tables as the role that serves, in one open transaction.
async fn read(postgres: &PrivatePostgresql, superuser: &Client) -> Result<(), Failure> {
    let cells: i64 = superuser.query_one("SELECT count(*) FROM statistic_cell", &[]).await?.get(0);
    println!("{cells} published figures; a table of them, {ASKED} times");
    let caller = caller(superuser).await?;
    let database = Database::new(&postgres.connection_url(DatabaseRole::Server), 1)?;
    for (name, from) in [
        (StatisticTableName::ReferralsByServiceType, "2025-12"),
        (StatisticTableName::ReferralsByServiceType, "2025-01"),
        (StatisticTableName::ReferralsByPopulationAndServiceType, "2025-12"),
        (StatisticTableName::ReferralsByCountyAndServiceType, "2025-01"),
        (StatisticTableName::ReferralsByCounty, "2021-01"),
    ] {
        let draft = QuestionDraft { name, measures: &["CREATED"], period: PeriodKind::Month, from, through: LAST, picked: &[] };
        let question = Question::parse(draft).map_err(|_| "a question")?;
        let tx = database.read(Permit::reader(caller), Effort::Ordinary).await?;
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let began = Instant::now();
            let publication = statistic::publication(&tx, &question).await?;
            let figures = statistic::published(&tx, &question, &publication).await?;
            times.push((began.elapsed(), figures.cells.len()));
        }
        tx.end().await;
        times.sort();
        let milliseconds = |(time, _): (Duration, usize)| time.as_secs_f64() * 1_000.0;
        println!(
            "  {name} from {from} through {LAST}: {} cells, median {:.2} ms, p95 {:.2} ms",
            times[0].1,
            milliseconds(times[ASKED / 2]),
            milliseconds(times[ASKED * 95 / 100]),
        );
    }
    Ok(())
}
