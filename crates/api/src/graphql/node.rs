//! The objects that `node` finds by a global id. Each feature says how to find its own.

use crate::graphql::error::Fault;
use crate::graphql::global_id::Identified;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;

/// An object that has a global id.
pub(crate) trait NodeObject: Sized {
    /// The type of the object's id.
    type Id: Identified;

    /// The object with that id, of which this is selected, or nothing when no object has it or the viewer may not see the object.
    fn find(reading: &Reading, id: Self::Id, selected: &Selected<'_>)
    -> impl Future<Output = Result<Option<Self>, Fault>> + Send;
}
