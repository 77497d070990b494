//! Global ids. They are opaque to clients; to the server each is a kind and a UUID. Where one kind is expected, an id of another
//! kind finds nothing.

use async_graphql::ID;
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

/// A kind of id that has a global form. The feature that owns the id chooses the kind's byte.
pub trait Identified: Sized + Copy + Send + Sync {
    /// The byte that stands for the kind in a global id. It is never given to another kind; `node.rs` lists all kinds.
    const KIND: u8;

    /// For ids that stand in the audit under a key outside the database: the operation by which the audit says that somebody looked at one.
    const LOOK: Option<&'static str> = None;

    /// The id with that UUID.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The UUID of the id.
    fn uuid(self) -> Uuid;
}

/// Makes the global id.
pub fn encode<T: Identified>(id: T) -> ID {
    let mut bytes = [0; 17];
    bytes[0] = T::KIND;
    bytes[1..].copy_from_slice(id.uuid().as_bytes());
    ID(BASE64URL_NOPAD.encode(&bytes))
}

/// The id that a global id stands for, or nothing when the global id is malformed or of another kind.
pub fn decode<T: Identified>(id: &ID) -> Option<T> {
    let (kind, uuid) = split(id)?;
    (kind == T::KIND).then(|| T::from_uuid(uuid))
}

/// The kind's byte and the UUID of a global id, or nothing when the global id is malformed.
pub fn split(id: &ID) -> Option<(u8, Uuid)> {
    let bytes = BASE64URL_NOPAD.decode(id.as_bytes()).ok()?;
    let (kind, uuid) = bytes.split_first()?;
    Some((*kind, Uuid::from_slice(uuid).ok()?))
}
