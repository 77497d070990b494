//! Global ids: opaque to clients, a kind and a UUID to us. An id of another kind is read as an id of nothing.

use async_graphql::ID;
use data_encoding::BASE64URL_NOPAD;
use pamoja_domain::id::{
    FacilityId, OrganisationId, ReferralId, ServiceId, TrainingOfferId, TrainingRequestId, TrainingSessionId, UserId,
};
use uuid::Uuid;

/// What has a global id.
pub trait Identified: Sized + Copy {
    /// The byte that stands for the kind.
    const KIND: u8;

    /// The kind's id of that UUID.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The UUID.
    fn uuid(self) -> Uuid;
}

macro_rules! identified {
    ($($name:ident = $kind:literal),+ $(,)?) => {$(
        impl Identified for $name {
            const KIND: u8 = $kind;

            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(self) -> Uuid {
                self.0
            }
        }
    )+};
}

identified! {
    OrganisationId = b'O', UserId = b'U', ServiceId = b'S', FacilityId = b'F', ReferralId = b'R',
    TrainingOfferId = b'T', TrainingRequestId = b'Q', TrainingSessionId = b'E',
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
