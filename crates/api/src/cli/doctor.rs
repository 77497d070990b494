//! Checks a deployment and reports what is unsafe.

use std::path::PathBuf;

use clap::Args;
use pamoja_domain::access::Permit;
use pamoja_persistence::clock;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::inspection;
use pamoja_persistence::job;
use pamoja_persistence::migrate;

use super::Problem;
use super::forget;
use super::settings::DatabaseArguments;
use crate::audit_chain;
use crate::keys::Keys;

/// What to check.
#[derive(Args)]
pub(super) struct DoctorArguments {
    #[command(flatten)]
    database: DatabaseArguments,
    /// The folder of keys, from `pamoja keys new`. Without it, neither the keys nor the audit's seals are checked.
    #[arg(long, env = "PAMOJA_KEYS", value_name = "DIR")]
    keys: Option<PathBuf>,
    /// How to connect as the owner role. Without it, pending migrations are not checked.
    #[arg(long, env = "PAMOJA_OWNER_DATABASE_URL", hide_env_values = true)]
    owner_database_url: Option<String>,
}

/// Checks, prints the findings, and fails when anything is unsafe.
pub(super) async fn run(arguments: DoctorArguments) -> Result<(), Problem> {
    let mut findings = Vec::new();
    if let Some(url) = &arguments.database.database_url {
        findings.extend(unprotected(url));
    }
    let opened = arguments.database.open().await?;
    let inspected = opened
        .database
        .tenant(&Permit::housekeeping(), async |tx| {
            Ok::<_, StoreError>((inspection::role(tx).await?, inspection::findings(tx).await?))
        })
        .await;
    let chains = match arguments.keys.as_ref().map(|keys| Keys::read(keys)) {
        Some(Ok(keys)) => broken_chains(&opened.database, &keys).await,
        Some(Err(error)) => Ok(vec![error.to_string()]),
        None => Ok(Vec::new()),
    };
    opened.close().await?;
    let role = match inspected {
        Ok((role, unsafe_walls)) => {
            findings.extend(unsafe_walls);
            Some(role)
        }
        // Every transaction calls the program's own functions in the database: without them, nothing can be checked.
        Err(StoreError::Fault(error)) => {
            findings.push(format!("The tables can't be looked at ({error}): run `pamoja migrate`, and check DATABASE_URL."));
            None
        }
        Err(error) => return Err(error.into()),
    };
    match chains {
        Ok(broken) => findings.extend(broken),
        // Without the tables there are no chains, and a finding already says that the tables can't be checked.
        Err(_) if role.is_none() => {}
        Err(error) => return Err(error.into()),
    }
    let pending = match &arguments.owner_database_url {
        Some(url) => migrate::pending(url).await?,
        None => Vec::new(),
    };
    if !pending.is_empty() {
        findings.push(format!("Migrations are still to be run ({}): run `pamoja migrate`.", pending.join(", ")));
    }
    let erased = match &arguments.owner_database_url {
        Some(url) if role.is_some() && pending.is_empty() => Some(forget::oldest(url, clock::now()).await?),
        _ => None,
    };
    if let Some(role) = role {
        println!("PostgreSQL {} as {}", role.server_version, role.name);
    }
    if let Some(erased) = erased {
        println!("{erased}");
    }
    for finding in &findings {
        println!("unsafe: {finding}");
    }
    match findings.len() {
        0 => {
            println!("Nothing unsafe was found.");
            Ok(())
        }
        count => Err(Problem::new(format!("{count} things are unsafe"))),
    }
}

/// One sentence for each audit chain that doesn't hold.
async fn broken_chains(database: &Database, keys: &Keys) -> Result<Vec<String>, StoreError> {
    let mut broken = Vec::new();
    for organisation in job::organisations(database).await? {
        broken.extend(audit_chain::verify(database, keys, organisation).await?);
    }
    Ok(broken)
}

/// A database on another machine must be reached with TLS.
fn unprotected(url: &str) -> Option<String> {
    let local = ["@/", "host=/", "host=%2F", "@localhost", "@127.0.0.1", "@[::1]"].iter().any(|mark| url.contains(mark));
    (!local && !url.contains("sslmode=require")).then(|| "DATABASE_URL doesn't ask for TLS: add sslmode=require.".to_owned())
}
