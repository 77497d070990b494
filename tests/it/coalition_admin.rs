//! COALITION_ADMIN is for the secretariat's users alone, whoever writes the roles and whichever is changed: the account or the organisation.

use pamoja_demo::private_postgresql::DatabaseRole;
use tokio_postgres::Client;

use crate::harness::{MEMBERS, World};

/// The constraint that refuses a statement; nothing when it is accepted.
async fn refused(client: &Client, statement: &str) -> Option<String> {
    let error = client.batch_execute(statement).await.err()?;
    Some(error.as_db_error().map_or_else(|| error.to_string(), |error| error.constraint().unwrap_or(error.message()).to_owned()))
}

#[tokio::test]
async fn nobody_outside_the_secretariat_is_made_a_coalition_administrator() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let key = Some("user_account_coalition_admin".to_owned());
    for member in MEMBERS {
        let expected = if member.slug == "secretariat" { None } else { key.clone() };
        let account = |roles: &str| {
            format!(
                "INSERT INTO user_account (organisation_id, id, handle, display_name, roles)
                VALUES ('{}', gen_random_uuid(), 'made-{}', 'made', '{roles}')",
                member.id(),
                roles.len()
            )
        };
        assert_eq!(refused(&superuser, &account("{COALITION_ADMIN}")).await, expected, "{}", member.slug);
        assert_eq!(refused(&superuser, &account("{ANALYST,COALITION_ADMIN}")).await, expected, "{}", member.slug);
        assert_eq!(refused(&superuser, &account("{ANALYST}")).await, None, "{}", member.slug);
        let given =
            "UPDATE user_account SET roles = roles || 'COALITION_ADMIN'::text WHERE handle = 'analyst' AND organisation_id =";
        assert_eq!(refused(&superuser, &format!("{given} '{}'", member.id())).await, expected, "{}", member.slug);
    }
    let other_kind = "UPDATE organisation SET kind = 'OTHER' WHERE slug = 'secretariat'";
    assert_eq!(refused(&superuser, other_kind).await, key, "its administrators would be left with the role");
    let by_itself = "INSERT INTO user_account (organisation_id, id, handle, display_name, roles, administers_kind)
        SELECT id, gen_random_uuid(), 'sly', 'sly', '{COALITION_ADMIN}', NULL FROM organisation WHERE slug = 'jirani'";
    assert!(refused(&superuser, by_itself).await.is_some(), "the column can't be written past its rule");
}

#[tokio::test]
async fn the_migration_names_whose_accounts_have_the_role_already() {
    let world = World::new().await;
    let (owner, superuser) = (world.connect(DatabaseRole::Owner).await, world.connect(DatabaseRole::Superuser).await);
    let up = include_str!("../../migrations/2026-11-29-000076_coalition_admin/up.sql");
    let down = include_str!("../../migrations/2026-11-29-000076_coalition_admin/down.sql");
    owner.batch_execute(down).await.expect("down");
    let of_two = "UPDATE user_account SET roles = '{ANALYST,COALITION_ADMIN}' WHERE handle = 'analyst'
        AND organisation_id IN (SELECT id FROM organisation WHERE slug IN ('jirani', 'haki', 'secretariat'))";
    superuser.batch_execute(of_two).await.expect("as it could be before");
    let error = owner.batch_execute(&format!("BEGIN; {up}; COMMIT")).await.expect_err("two have it wrongly");
    let said = error.as_db_error().map_or("", |error| error.message()).to_owned();
    assert!(said.starts_with("accounts of haki, jirani have the role COALITION_ADMIN"), "{said}");
    owner.batch_execute("ROLLBACK").await.expect("nothing is half done");
    let taken = "UPDATE user_account SET roles = '{ANALYST}' WHERE handle = 'analyst'";
    superuser.batch_execute(taken).await.expect("taken from them");
    owner.batch_execute(&format!("BEGIN; {up}; COMMIT")).await.expect("up");
}
