//! Checks of what stands in the database.

use pamoja_domain::access::Permit;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::{clock, inspection, listed, migrate, organisation};

use super::super::{Problem, forget};
use super::check::Outcome;
use crate::audit_chain;
use crate::keys::Keys;

/// The roles, and the walls between organisations. Also says which PostgreSQL it is, if it can be reached.
pub(super) async fn walls(database: &Database) -> (Outcome, Option<String>) {
    let inspected = database
        .tenant(&Permit::operator(None), async |tx| {
            Ok::<_, StoreError>((inspection::server_version(tx).await?, inspection::findings(tx).await?))
        })
        .await;
    let unseen = match inspected {
        Ok((version, findings)) => {
            return (Outcome::of(findings), Some(format!("PostgreSQL {version}")));
        }
        // Every transaction calls the program's own functions in the database: without them, nothing can be checked.
        Err(StoreError::Fault(error)) => {
            format!("the tables can't be read ({error}): run `pamoja migrate`, and check PAMOJA_OPERATOR_DATABASE_URL")
        }
        Err(error) => format!("{error}; check PAMOJA_OPERATOR_DATABASE_URL"),
    };
    (Outcome::Unseen(unseen), None)
}

/// The seals over each organisation's audit. A chain that could not be read to its end isn't called whole.
pub(super) async fn seals(database: &Database, keys: Option<&Keys>) -> Outcome {
    let Some(keys) = keys else { return Outcome::unseen("the keys could not be read, and without them no seal can be checked") };
    let organisations = match database.tenant(&Permit::operator(None), async |tx| organisation::ids(tx).await).await {
        Ok(organisations) => organisations,
        Err(error) => return Outcome::unseen(format!("the organisations can't be read: {error}")),
    };
    let (mut broken, mut unread) = (Vec::new(), None);
    for organisation in organisations {
        match audit_chain::verify(database, keys, organisation).await {
            Ok(found) => broken.extend(found),
            Err(error) => unread = Some(format!("the audit of organisation {organisation} can't be read to its end: {error}")),
        }
    }
    match unread {
        Some(why) if broken.is_empty() => Outcome::Unseen(why),
        Some(why) => {
            broken.push(format!("Also, {why}."));
            Outcome::Unsafe(broken)
        }
        None => Outcome::of(broken),
    }
}

/// Whether migrations are still to be run.
pub(super) async fn migrations(owner_url: Option<&str>) -> Outcome {
    let Some(url) = owner_url else { return Outcome::unseen("PAMOJA_OWNER_DATABASE_URL (--owner-database-url) is not given") };
    match migrate::pending(url).await {
        Ok(pending) if pending.is_empty() => match listed::missing(url).await {
            Ok(0) => Outcome::Fine,
            Ok(missing) => {
                Outcome::fault(format!("The database lacks {missing} of the program's statements: run `pamoja migrate`."))
            }
            Err(error) => Outcome::unseen(format!("{error}; check PAMOJA_OWNER_DATABASE_URL")),
        },
        Ok(pending) => Outcome::fault(format!("Migrations are still to be run ({}): run `pamoja migrate`.", pending.join(", "))),
        Err(error) => Outcome::unseen(format!("{error}; check PAMOJA_OWNER_DATABASE_URL")),
    }
}

/// Whether it is known how old what was erased and may still be in the files can be; and how old that is.
pub(super) async fn erased(owner_url: Option<&str>) -> (Outcome, Option<String>) {
    let Some(url) = owner_url else {
        return (Outcome::unseen("PAMOJA_OWNER_DATABASE_URL (--owner-database-url) is not given"), None);
    };
    match forget::oldest(url, clock::now()).await {
        Ok(oldest) => (Outcome::Fine, Some(oldest)),
        Err(Problem(sentence)) => (Outcome::unseen(sentence), None),
    }
}
