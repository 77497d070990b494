//! Checks a deployment and reports what is unsafe, and what it could not look at.

mod check;
mod database;
mod setting;

use std::path::PathBuf;

use clap::Args;

use super::Problem;
use super::data_directory::Role;
use super::publish::NOISE_KEY;
use super::settings::OperatorDatabase;
use check::{Check, Outcome, report};

/// What to check. Each setting is the one of the command that uses it.
#[derive(Args)]
pub(super) struct DoctorArguments {
    #[command(flatten)]
    database: OperatorDatabase,
    /// The folder of keys, from `pamoja keys new`. Without it, neither the keys nor the audit's seals can be checked.
    #[arg(long, env = "PAMOJA_KEYS", value_name = "DIR")]
    keys: Option<PathBuf>,
    /// How to connect as the role that serves. Without it, the way there can't be checked.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// How to connect as the role that signs people in. Without it, the way there can't be checked.
    #[arg(long, env = "PAMOJA_SIGN_IN_DATABASE_URL", hide_env_values = true)]
    sign_in_database_url: Option<String>,
    /// How to connect as the worker role. Without it, the way there can't be checked.
    #[arg(long, env = "PAMOJA_WORKER_DATABASE_URL", hide_env_values = true)]
    worker_database_url: Option<String>,
    /// How to connect as the owner role. Without it, neither the way there nor pending migrations can be checked.
    #[arg(long, env = "PAMOJA_OWNER_DATABASE_URL", hide_env_values = true)]
    owner_database_url: Option<String>,
    /// How to connect as the publisher role. Without it, the way there can't be checked.
    #[arg(long, env = "PAMOJA_PUBLISHER_DATABASE_URL", hide_env_values = true)]
    publisher_database_url: Option<String>,
    /// The file of the noise key. Without it, that key can't be checked.
    #[arg(long, env = "PAMOJA_NOISE_KEY", value_name = "FILE")]
    noise_key: Option<PathBuf>,
    /// The address under which frontends reach the API. Without it, that address can't be checked.
    #[arg(long, env = "PAMOJA_PUBLIC_URL")]
    public_url: Option<String>,
    /// Origins that browsers may call from, separated by commas; "" for none. Without it, they can't be checked.
    #[arg(long, env = "PAMOJA_ALLOWED_ORIGINS")]
    allowed_origins: Option<String>,
}

/// Makes every check, prints what each found, and fails when anything is unsafe or could not be looked at.
pub(super) async fn run(arguments: DoctorArguments) -> Result<(), Problem> {
    let opened = arguments.database.open().await;
    let private = opened.as_ref().ok().map(|opened| &opened.private);
    let url = |role, setting: &Option<String>| private.and_then(|private| private.url(role)).or_else(|| setting.clone());
    let app = url(Role::Server, &arguments.database_url);
    let sign_in = url(Role::SignIn, &arguments.sign_in_database_url);
    let worker = url(Role::Worker, &arguments.worker_database_url);
    let operator = url(Role::Operator, &arguments.database.operator_database_url);
    let owner = url(Role::Owner, &arguments.owner_database_url);
    let publisher = url(Role::Publisher, &arguments.publisher_database_url);
    let keys = arguments.keys.clone().or_else(|| private.and_then(|private| private.file("keys")));
    let noise_key = arguments.noise_key.clone().or_else(|| private.and_then(|private| private.file(NOISE_KEY)));

    let mut checks = vec![
        Check::new(
            "the way to the database as the role that serves",
            setting::address("DATABASE_URL", app.as_deref(), "pamoja_server"),
        ),
        Check::new(
            "the way to it as the sign-in role",
            setting::address("PAMOJA_SIGN_IN_DATABASE_URL", sign_in.as_deref(), "pamoja_sign_in"),
        ),
        Check::new(
            "the way to it as the worker role",
            setting::address("PAMOJA_WORKER_DATABASE_URL", worker.as_deref(), "pamoja_worker"),
        ),
        Check::new(
            "the way to it as the operator role",
            setting::address("PAMOJA_OPERATOR_DATABASE_URL", operator.as_deref(), "pamoja_operator"),
        ),
        Check::new(
            "the way to it as the owner role",
            setting::address("PAMOJA_OWNER_DATABASE_URL", owner.as_deref(), "pamoja_owner"),
        ),
        Check::new(
            "the way to it as the publisher role",
            setting::address("PAMOJA_PUBLISHER_DATABASE_URL", publisher.as_deref(), "pamoja_publisher"),
        ),
    ];
    let (keys_outcome, keys_read) = setting::keys(keys.as_deref());
    let ((walls, connected), seals) = match &opened {
        Ok(opened) => (database::walls(&opened.database).await, database::seals(&opened.database, keys_read.as_ref()).await),
        Err(Problem(sentence)) => ((Outcome::unseen(sentence), None), Outcome::unseen(sentence)),
    };
    checks.push(Check::new("the roles and what keeps organisations apart", walls));
    checks.push(Check::new("the migrations", database::migrations(owner.as_deref()).await));
    let (erased, oldest) = database::erased(owner.as_deref()).await;
    checks.push(Check::new("what was erased and may still be in the files", erased));
    checks.push(Check::new("the keys", keys_outcome));
    checks.push(Check::new("the audit's seals", seals));
    checks.push(Check::new("the noise key", setting::noise_key(noise_key.as_deref(), keys.as_deref())));
    checks.push(Check::new("the public address", setting::public_url(arguments.public_url.as_deref())));
    checks.push(Check::new("the allowed origins", setting::allowed_origins(arguments.allowed_origins.as_deref())));
    if let Ok(opened) = opened {
        opened.close().await?;
    }
    for line in [connected, oldest].into_iter().flatten() {
        println!("{line}");
    }
    let (said, verdict) = report(&checks);
    print!("{said}");
    verdict.map_err(Problem::new)
}
