//! Global ids: opaque to clients, a kind and a UUID to us. An id of another kind is read as an id of nothing.

use async_graphql::ID;
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

/// A kind of id that has a global form. The id's feature says which.
pub trait Identified: Sized + Copy + Send + Sync {
    /// The byte that stands for the kind in a global id, which is never given to another kind. `node.rs` has them all.
    const KIND: u8;

    /// The kind's id of that UUID.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The UUID.
    fn uuid(self) -> Uuid;
}

/// The global id.
pub fn encode<T: Identified>(id: T) -> ID {
    let mut bytes = [0; 17];
    bytes[0] = T::KIND;
    bytes[1..].copy_from_slice(id.uuid().as_bytes());
    ID(BASE64URL_NOPAD.encode(&bytes))
}

/// The id that a global id stands for, or nothing when it is of another kind or of nobody's making.
pub fn decode<T: Identified>(id: &ID) -> Option<T> {
    let (kind, uuid) = split(id)?;
    (kind == T::KIND).then(|| T::from_uuid(uuid))
}

/// The kind and the UUID of a global id.
pub fn split(id: &ID) -> Option<(u8, Uuid)> {
    let bytes = BASE64URL_NOPAD.decode(id.as_bytes()).ok()?;
    let (kind, uuid) = bytes.split_first()?;
    Some((*kind, Uuid::from_slice(uuid).ok()?))
}
