//! SQL functions as diesel's expressions: those of PostgreSQL and of the migrations that return one value or nothing.

use diesel::declare_sql_function;
use diesel::query_builder::QueryId;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, SqlType, Text, Timestamptz, Uuid as SqlUuid};

use crate::schema::sql_types::Xid8;

/// The type of a function that returns nothing.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2278, array_oid = 0))]
pub struct Void;

/// A snapshot: which transactions a statement sees.
#[derive(Clone, Copy, Debug, QueryId, SqlType)]
#[diesel(postgres_type(oid = 5038, array_oid = 5039))]
pub struct PgSnapshot;

#[declare_sql_function]
extern "SQL" {
    /// Addresses an open referral of the tenant to an organisation that has its slip checked in. False when that one hasn't.
    fn address_to_waiting(wanted: SqlUuid, receiver: SqlUuid) -> Bool;

    /// The signed-in user that the transaction was opened for, if any.
    fn acting_user() -> Nullable<SqlUuid>;

    /// The first moment, or the other when the first is null.
    fn coalesce(moment: Nullable<Timestamptz>, other: Timestamptz) -> Nullable<Timestamptz>;

    /// Deletes what either party of these referrals could have taken back.
    fn forget_undo(changed: Array<SqlUuid>) -> Void;

    /// Opens again, to all to whom it was offered, a referral that the tenant took a short while ago. False when it took nothing.
    fn give_back_open_referral(wanted: SqlUuid) -> Bool;

    /// Whether another organisation printed that slip in advance and no referral has taken it yet. None can take it before the
    /// transaction ends.
    fn hold_blank_slip(hash: Binary) -> Bool;

    /// Whether another organisation printed that slip in advance and no referral has taken it yet. It locks nothing.
    fn is_blank_slip(hash: Binary) -> Bool;

    /// A 32-bit hash of a text.
    fn hashtext(text: Text) -> Integer;

    /// A 64-bit hash of a text.
    fn hashtextextended(text: Text, seed: BigInt) -> BigInt;

    /// Removes the tenant from the hosts of a session that is still to be held. When its last host leaves, the session is
    /// deleted.
    fn leave_training_session(session: SqlUuid) -> Void;

    /// Records on a referral that its client has arrived, if its receiver checked that slip in before. False when it didn't.
    fn meet_pending_check_in(referral: SqlUuid) -> Bool;

    /// The present time, as the whole program reads it.
    fn moment() -> Timestamptz;

    /// The open referral that this slip belongs to, if the tenant could take it.
    fn open_referral_of_slip(hash: Binary) -> Nullable<SqlUuid>;

    /// Takes this lock and holds it until the transaction ends, after waiting for the transaction that holds it now.
    fn pg_advisory_xact_lock(key: BigInt) -> Void;

    /// The same, for a lock that two numbers name.
    #[sql_name = "pg_advisory_xact_lock"]
    fn pg_advisory_xact_lock_pair(space: Integer, key: Integer) -> Void;

    /// The snapshot of the present statement.
    fn pg_current_snapshot() -> PgSnapshot;

    /// The oldest transaction that had not ended when the snapshot was taken. Every transaction before it has ended.
    fn pg_snapshot_xmin(snapshot: PgSnapshot) -> Xid8;

    /// Publishes, once a month, how friendly clients found the tenant's services.
    fn publish_friendliness() -> Void;

    /// Until when a session of the tenant is in force unless it is used meanwhile; null when something else has ended it.
    fn session_until(session: SqlUuid) -> Nullable<Timestamptz>;

    /// The position up to which the outbox is settled: a later statement sees every row up to it, and none can still appear
    /// there.
    fn settled_outbox_position() -> BigInt;

    /// So many random letters and digits, at most six; null for null.
    fn random_reference(length: Nullable<Integer>) -> Nullable<Text>;

    /// Addresses to the tenant what is open to all. False when another organisation was first, or when it isn't open to the
    /// tenant.
    fn take_open(kind: Text, id: SqlUuid) -> Bool;

    /// The organisation that the transaction was opened for, if any.
    fn tenant() -> Nullable<SqlUuid>;

    /// Whether the tenant could have taken this while it was open to all.
    fn was_offered(kind: Text, id: SqlUuid) -> Bool;
}
