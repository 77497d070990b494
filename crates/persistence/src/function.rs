//! The functions of PostgreSQL, and of the migrations, that give one value or nothing, as diesel's expressions.

use diesel::declare_sql_function;
use diesel::query_builder::QueryId;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, SqlType, Text, Timestamptz, Uuid as SqlUuid};

use crate::schema::sql_types::Xid8;

/// What a function gives that only does something.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2278, array_oid = 0))]
pub struct Void;

/// Which transactions a statement sees.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(postgres_type(oid = 5038, array_oid = 5039))]
pub struct PgSnapshot;

#[declare_sql_function]
extern "SQL" {
    /// The signed-in user that the transaction was opened for.
    fn acting_user() -> Nullable<SqlUuid>;

    /// The one moment or, where it isn't known, the other.
    fn coalesce(moment: Nullable<Timestamptz>, other: Timestamptz) -> Nullable<Timestamptz>;

    /// Whether another organisation printed that slip in advance and no referral has taken it yet; none can before the transaction ends.
    fn hold_blank_slip(hash: Binary) -> Bool;

    /// A short number that stands for a text.
    fn hashtext(text: Text) -> Integer;

    /// A number that stands for a text.
    fn hashtextextended(text: Text, seed: BigInt) -> BigInt;

    /// Takes the tenant out of a session that is still to be held; with its last host the session goes.
    fn leave_training_session(session: SqlUuid) -> Void;

    /// Records on a referral that its client has arrived, if its receiver checked that slip in before.
    fn meet_pending_check_in(referral: SqlUuid) -> Bool;

    /// The time, as all of the program reads it.
    fn moment() -> Timestamptz;

    /// Which open referral, that the tenant could take, a slip belongs to.
    fn open_referral_of_slip(hash: Binary) -> Nullable<SqlUuid>;

    /// Waits for whoever has this lock, and has it until the transaction ends.
    fn pg_advisory_xact_lock(key: BigInt) -> Void;

    /// The same for a lock that two numbers name.
    #[sql_name = "pg_advisory_xact_lock"]
    fn pg_advisory_xact_lock_pair(space: Integer, key: Integer) -> Void;

    /// Which transactions the present statement sees.
    fn pg_current_snapshot() -> PgSnapshot;

    /// The oldest transaction that a snapshot doesn't see as ended: all before it have.
    fn pg_snapshot_xmin(snapshot: PgSnapshot) -> Xid8;

    /// Publishes for the tenant, once a month, how friendly clients found its services.
    fn publish_friendliness() -> Void;

    /// The position up to which nothing can appear in the outbox any more that a later statement would not see.
    fn settled_outbox_position() -> BigInt;

    /// Addresses to the tenant what is open to all; false when another was first, or it isn't open to it.
    fn take_open(kind: Text, id: SqlUuid) -> Bool;

    /// The organisation that the transaction was opened for.
    fn tenant() -> Nullable<SqlUuid>;

    /// Whether the tenant could have taken what was open to all.
    fn was_offered(kind: Text, id: SqlUuid) -> Bool;
}
