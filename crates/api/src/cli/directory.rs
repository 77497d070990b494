//! Members and accounts, as the operator of the server manages them.

use clap::{Args, Subcommand};
use data_encoding::BASE32_NOPAD;
use pamoja_domain::access::Permit;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, UserId};
use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::text::Line;
use pamoja_domain::user::{Role, check_roles, parse_short_name};
use pamoja_domain::violation::check_forget_days;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::audit;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::organisation::{self, Organisation};
use pamoja_persistence::user::{self, NewUser};
use pamoja_persistence::violation;
use uuid::Uuid;

use super::Problem;
use super::settings::OperatorDatabase;
use crate::i18n::Language;
use crate::{auth, keys};

/// Commands about members.
#[derive(Subcommand)]
pub(super) enum OrganisationCommand {
    /// Add a member.
    Add(OrganisationAdd),
    /// Set a member's status: FROZEN locks it at once, ACTIVE opens it again.
    SetStatus(OrganisationSetStatus),
    /// Set for how long a member keeps what is personal of a violation that has ended.
    KeepViolations(OrganisationKeepViolations),
}

/// The member to add.
#[derive(Args)]
pub(super) struct OrganisationAdd {
    /// Its short name, the part after the @ in usernames.
    slug: String,
    /// Its name.
    #[arg(long)]
    name: String,
    /// Its kind, such as SEX_WORKER_LED.
    #[arg(long, value_parser = code::<OrganisationKind>)]
    kind: OrganisationKind,
    /// A key population that it serves; repeat the option for several.
    #[arg(long = "population", value_parser = code::<Population>)]
    populations: Vec<Population>,
    /// The code of a county where it works; repeat the option for several.
    #[arg(long = "county", required = true)]
    counties: Vec<CountyCode>,
    #[command(flatten)]
    database: OperatorDatabase,
}

/// A member's new status.
#[derive(Args)]
pub(super) struct OrganisationSetStatus {
    /// Its short name.
    slug: String,
    /// INVITED, ACTIVE, FROZEN or LEFT.
    #[arg(value_parser = code::<MembershipStatus>)]
    status: MembershipStatus,
    #[command(flatten)]
    database: OperatorDatabase,
}

/// For how long what is personal of a violation is kept.
#[derive(Args)]
pub(super) struct OrganisationKeepViolations {
    /// The member's short name.
    slug: String,
    /// How many days after the end of the month in which it ended, 30 to 730. Without a choice they are 180.
    days: i64,
    #[command(flatten)]
    database: OperatorDatabase,
}

/// Commands about accounts.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Add an account, and print its first password once.
    Add(UserAdd),
}

/// The account to add.
#[derive(Args)]
pub(super) struct UserAdd {
    /// The short name of its organisation.
    organisation: String,
    /// The part of the username before the @. Don't use a person's name.
    handle: String,
    /// The name that colleagues see. Don't use a person's name. Defaults to the handle.
    #[arg(long)]
    display_name: Option<String>,
    /// A role of the account, such as CASEWORKER; repeat the option for several. COALITION_ADMIN is for the secretariat alone.
    #[arg(long = "role", required = true, value_parser = code::<Role>)]
    roles: Vec<Role>,
    #[command(flatten)]
    database: OperatorDatabase,
}

fn code<T: Vocabulary>(text: &str) -> Result<T, String> {
    T::from_code(text).ok_or_else(|| {
        let codes: Vec<&str> = T::ALL.iter().map(|member| member.code()).collect();
        format!("one of {}", codes.join(", "))
    })
}

fn refused(refusal: Refusal) -> Problem {
    Problem::new(format!("{}: {}", refusal.field.unwrap_or_default().join("."), Language::English.say(&refusal.message)))
}

/// Runs a command about members.
pub(super) async fn organisation(command: OrganisationCommand) -> Result<(), Problem> {
    match command {
        OrganisationCommand::Add(arguments) => add_organisation(arguments).await,
        OrganisationCommand::SetStatus(arguments) => set_status(arguments).await,
        OrganisationCommand::KeepViolations(arguments) => keep_violations(arguments).await,
    }
}

async fn add_organisation(arguments: OrganisationAdd) -> Result<(), Problem> {
    let member = Organisation {
        id: OrganisationId(Uuid::new_v4()),
        slug: parse_short_name("slug", &arguments.slug).map_err(refused)?,
        name: Line::<120>::parse("name", &arguments.name).map_err(refused)?.as_str().to_owned(),
        kind: arguments.kind,
        populations: arguments.populations,
        counties: arguments.counties,
        status: MembershipStatus::Active,
    };
    let opened = arguments.database.open().await?;
    let added = opened
        .database
        .tenant(&Permit::operator(Some(member.id)), async |tx| {
            organisation::insert(tx, &member).await?;
            audit::record(tx, "addOrganisation", Some(member.id.0)).await
        })
        .await;
    opened.close().await?;
    match added {
        Ok(()) => println!("Added {}.", member.slug),
        Err(StoreError::Conflict(_)) => return Err(Problem::new(format!("{} is taken: choose another short name", member.slug))),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn set_status(arguments: OrganisationSetStatus) -> Result<(), Problem> {
    let opened = arguments.database.open().await?;
    let outcome = async {
        let member = find(&opened.database, &arguments.slug).await?;
        opened
            .database
            .tenant(&Permit::operator(Some(member.id)), async |tx| -> Result<(), StoreError> {
                organisation::set_status(tx, member.id, arguments.status).await?;
                audit::record(tx, "setOrganisationStatus", Some(member.id.0)).await
            })
            .await?;
        Ok::<(), Problem>(())
    }
    .await;
    opened.close().await?;
    outcome?;
    println!("{} is {} now.", arguments.slug, arguments.status);
    Ok(())
}

async fn keep_violations(arguments: OrganisationKeepViolations) -> Result<(), Problem> {
    let days = check_forget_days("days", arguments.days).map_err(refused)?;
    let opened = arguments.database.open().await?;
    let outcome = async {
        let member = find(&opened.database, &arguments.slug).await?;
        opened
            .database
            .tenant(&Permit::operator(Some(member.id)), async |tx| -> Result<(), StoreError> {
                violation::keep_for(tx, days).await?;
                audit::record(tx, "keepViolations", Some(member.id.0)).await
            })
            .await?;
        Ok::<(), Problem>(())
    }
    .await;
    opened.close().await?;
    outcome?;
    println!("{} keeps what is personal of a violation for {days} days after the month of its ending.", arguments.slug);
    Ok(())
}

async fn find(database: &pamoja_persistence::database::Database, slug: &str) -> Result<Organisation, Problem> {
    let found = database.tenant(&Permit::operator(None), async |tx| organisation::find_by_slug(tx, slug).await).await?;
    found.ok_or_else(|| Problem::new(format!("there is no organisation {slug}: add it with `pamoja organisation add`")))
}

/// Runs a command about accounts.
pub(super) async fn user(command: UserCommand) -> Result<(), Problem> {
    let UserCommand::Add(arguments) = command;
    let handle = parse_short_name("handle", &arguments.handle).map_err(refused)?;
    let display_name = arguments.display_name.unwrap_or_else(|| handle.clone());
    let display_name = Line::<60>::parse("display-name", &display_name).map_err(refused)?.as_str().to_owned();
    // 100 random bits in groups of five letters and digits.
    let random: [u8; 16] = keys::random_bytes();
    let password = BASE32_NOPAD.encode(&random).to_lowercase();
    let password = password.as_bytes()[..20].chunks(5).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-");
    let new = NewUser {
        id: UserId(Uuid::new_v4()),
        handle,
        display_name,
        roles: arguments.roles,
        credential: auth::new_credential(&password)?,
    };
    let opened = arguments.database.open().await?;
    let outcome = async {
        let member = find(&opened.database, &arguments.organisation).await?;
        check_roles("role", &new.roles, member.kind).map_err(refused)?;
        opened
            .database
            .tenant(&Permit::operator(Some(member.id)), async |tx| {
                user::insert(tx, &new).await?;
                audit::record(tx, "addUser", Some(new.id.0)).await
            })
            .await
            .map_err(|error: StoreError| match error {
                StoreError::Conflict(_) => Problem::new(format!("{} is taken: choose another handle", new.handle)),
                error => error.into(),
            })
    }
    .await;
    opened.close().await?;
    outcome?;
    println!("Added {}@{}. First password, shown once: {password}", new.handle, arguments.organisation);
    Ok(())
}
