//! Those who follow changes: whether their sessions are in force, what they may see, and whether there is something to tell them. Each
//! question is one statement for all of them, and each session is proved by its own secret.

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Text, Uuid as SqlUuid};
use pamoja_domain::access::{Caller, Sight};
use pamoja_domain::device::Device;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::outbox::Position;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
struct InForceRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Array<Text>)]
    roles: Vec<String>,
    #[diesel(sql_type = Text)]
    device: String,
}

#[derive(QueryableByName)]
struct NewsRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Bool)]
    news: bool,
}

/// What each of the callers may see now; none for one whose session is not in force.
///
/// # Errors
/// [`StoreError::Inconsistent`] when a session is on a kind of device that this version doesn't know.
pub async fn sights(tx: &TenantTx, callers: &[Caller]) -> Result<Vec<Option<Sight>>, StoreError> {
    let statement = of_callers(Statement::new(include_str!("follower/sessions_in_force.sql")), callers.iter());
    let mut sights = vec![None; callers.len()];
    for InForceRow { place, roles, device } in statement.rows(tx).await? {
        let Some((sight, caller)) = at(place).and_then(|place| Some((sights.get_mut(place)?, callers.get(place)?))) else {
            continue;
        };
        let device = Device::from_code(&device).ok_or_else(|| StoreError::unknown_code("Device"))?;
        // A role of a newer version gives no rights, as in a transaction of its holder.
        let roles: Vec<Role> = roles.iter().filter_map(|code| Role::from_code(code)).collect();
        *sight = Some(Sight::of(*caller, &roles, device));
    }
    Ok(sights)
}

/// Whether the organisation of each of the callers may have changes after that position; none for one whose session is not in force.
pub async fn news(tx: &TenantTx, callers: &[(Caller, Position)]) -> Result<Vec<Option<bool>>, StoreError> {
    let statement = of_callers(Statement::new(include_str!("follower/news_for.sql")), callers.iter().map(|(caller, _)| caller))
        .bind::<Array<BigInt>, _>(callers.iter().map(|(_, position)| position.number()).collect::<Vec<_>>());
    let mut news = vec![None; callers.len()];
    for row in statement.rows::<NewsRow>(tx).await? {
        if let Some(found) = at(row.place).and_then(|place| news.get_mut(place)) {
            *found = Some(row.news);
        }
    }
    Ok(news)
}

/// PostgreSQL counts from one.
fn at(place: i64) -> Option<usize> {
    usize::try_from(place - 1).ok()
}

fn of_callers<'a>(statement: Statement, callers: impl Iterator<Item = &'a Caller> + Clone) -> Statement {
    let each = |part: fn(&Caller) -> Uuid| callers.clone().map(part).collect::<Vec<Uuid>>();
    statement
        .bind::<Array<SqlUuid>, _>(each(|caller| caller.organisation.0))
        .bind::<Array<SqlUuid>, _>(each(|caller| caller.user.0))
        .bind::<Array<SqlUuid>, _>(each(|caller| caller.session.0))
        .bind::<Array<SqlUuid>, _>(each(|caller| caller.secret.0))
}
