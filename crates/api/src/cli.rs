//! The command line: the commands of the one program.

mod data_directory;
#[cfg(feature = "demo")]
mod database;
#[cfg(feature = "demo")]
mod demo;
mod directory;
mod doctor;
mod forget;
mod import;
mod keys;
mod migrate;
mod open_files;
mod problem;
mod progress;
mod publish;
mod serve;
mod settings;
mod worker;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use problem::Problem;

/// Pamoja lets the organisations of a coalition refer people to each other without learning who those people are.
#[derive(Parser)]
#[command(name = "pamoja", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a made-up coalition on a private PostgreSQL that the program starts itself.
    #[cfg(feature = "demo")]
    Demo(demo::DemoArguments),
    /// Serve the API on an existing PostgreSQL.
    Serve(serve::ServeArguments),
    /// Run the jobs: expiry, retention, the audit's seals, and the daily publication of figures.
    Worker(worker::WorkerArguments),
    /// Publish the figures of closed months, or report what publication costs in accuracy.
    Publish(publish::PublishArguments),
    /// Bring the database's tables up to date, as the owner role.
    Migrate(migrate::MigrateArguments),
    /// Print the GraphQL schema in the schema definition language.
    Schema,
    /// Import data from elsewhere.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Manage the coalition's members.
    #[command(subcommand)]
    Organisation(directory::OrganisationCommand),
    /// Manage accounts.
    #[command(subcommand)]
    User(directory::UserCommand),
    /// Manage the secrets that live outside the database.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Check a deployment and report what is unsafe.
    Doctor(doctor::DoctorArguments),
    /// Remove from the files of the database what was erased from its tables.
    Forget(forget::ForgetArguments),
    /// Connect to the demo's private PostgreSQL.
    #[cfg(feature = "demo")]
    #[command(subcommand)]
    Database(database::DatabaseCommand),
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = settings::refuse_unknown(&Arguments::command()).and_then(|()| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let outcome = runtime.block_on(run(arguments.command));
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Problem(sentence)) => {
            eprintln!("pamoja: {sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Problem> {
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Worker(arguments) => worker::run(arguments).await,
        Command::Publish(arguments) => publish::run(arguments).await,
        Command::Migrate(arguments) => migrate::run(arguments).await,
        Command::Schema => {
            print!("{}", crate::schema::sdl());
            Ok(())
        }
        Command::Import(command) => import::run(command).await,
        Command::Organisation(command) => directory::organisation(command).await,
        Command::User(command) => directory::user(command).await,
        Command::Keys(command) => keys::run(command),
        Command::Doctor(arguments) => doctor::run(arguments).await,
        Command::Forget(arguments) => forget::run(arguments).await,
        #[cfg(feature = "demo")]
        Command::Database(command) => database::run(command).await,
    }
}
