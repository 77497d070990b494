//! What `node` can find by a global id: each feature says how its own is found.

use crate::graphql::error::Fault;
use crate::graphql::global_id::Identified;
use crate::graphql::reading::Reading;

/// Something that has a global id.
pub(crate) trait NodeObject: Sized {
    /// Its id.
    type Id: Identified;

    /// What has that id; nothing when nothing has, or the viewer may not see it.
    ///
    /// # Errors
    /// [`Fault::Store`] when the database fails.
    fn find(reading: &Reading, id: Self::Id) -> impl Future<Output = Result<Option<Self>, Fault>> + Send;
}
