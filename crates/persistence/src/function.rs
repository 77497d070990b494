//! SQL functions as diesel's expressions: those of PostgreSQL and of the migrations that return one value or nothing.

use diesel::declare_sql_function;
use diesel::query_builder::QueryId;
use diesel::sql_types::{Array, Binary, Integer, Nullable, SqlType, Text, Timestamptz, Uuid as SqlUuid};

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

    /// The first moment, or the other when the first is null.
    fn coalesce(moment: Nullable<Timestamptz>, other: Timestamptz) -> Nullable<Timestamptz>;

    /// Ends what the exposed roles do for too long, and says how much that was.
    fn end_overlong_statements() -> Integer;

    /// Whether the tenant referred clients of a county to at least three other members for health services within 180 days.
    fn enough_receivers(county: Text) -> Bool;

    /// Whether a plan that may go out still has a violation as its reason. True of every plan before its day.
    fn has_reason(plan: SqlUuid) -> Bool;

    /// Deletes the pseudonyms of these referrals of the tenant, with an audit entry for each.
    fn erase_clients(referrals: Array<SqlUuid>) -> Void;

    /// Erases what is personal of the violations under a pseudonym of the tenant. How many there were, for whoever may read all of them.
    fn erase_violations(client: Text) -> Nullable<Integer>;

    /// Deletes what either party of these referrals could have taken back.
    fn forget_undo(changed: Array<SqlUuid>) -> Void;

    /// Opens again, to all to whom it was offered, a referral that the tenant took a short while ago. False when it took nothing.
    fn give_back_open_referral(wanted: SqlUuid) -> Bool;

    /// Whether another organisation printed that slip in advance and no referral has taken it yet. None can take it before the
    /// transaction ends.
    fn hold_blank_slip(hash: Binary) -> Bool;

    /// Whether another organisation printed that slip in advance and no referral has taken it yet. It locks nothing.
    fn is_blank_slip(hash: Binary) -> Bool;

    /// Removes the tenant from the hosts of a session that is still to be held. When its last host leaves, the session is
    /// deleted.
    fn leave_training_session(session: SqlUuid) -> Void;

    /// Records on a referral that its client has arrived, if its receiver checked that slip in before. False when it didn't.
    fn meet_pending_check_in(referral: SqlUuid) -> Bool;

    /// The present time, as the whole program reads it.
    fn moment() -> Timestamptz;

    /// The open referral that this slip belongs to, if the tenant could take it.
    fn open_referral_of_slip(hash: Binary) -> Nullable<SqlUuid>;

    /// The snapshot of the present statement.
    fn pg_current_snapshot() -> PgSnapshot;

    /// The oldest transaction that had not ended when the snapshot was taken. Every transaction before it has ended.
    fn pg_snapshot_xmin(snapshot: PgSnapshot) -> Xid8;

    /// Publishes, once a month, how friendly clients found the tenant's services.
    fn publish_friendliness() -> Void;

    /// The position up to which the outbox is settled: a later statement sees every row up to it, and none can still appear
    /// there.
    fn settled_outbox_position() -> BigInt;

    /// So many random letters and digits, at most six; null for null.
    fn random_reference(length: Nullable<Integer>) -> Nullable<Text>;

    /// Takes the lock of that name of the acting user or organisation, and holds it until the transaction ends.
    fn take_lock(what: Text) -> Void;

    /// Lets one transaction at a time change when a trainer's trainings are held.
    fn lock_trainer(trainer: SqlUuid) -> Void;

    /// Addresses to the tenant what is open to all. False when another organisation was first, or when it isn't open to the
    /// tenant.
    fn take_open(kind: Text, id: SqlUuid) -> Bool;

    /// The organisation that the transaction was opened for, if any.
    fn tenant() -> Nullable<SqlUuid>;

    /// Whether the tenant could have taken this while it was open to all.
    fn was_offered(kind: Text, id: SqlUuid) -> Bool;
}
