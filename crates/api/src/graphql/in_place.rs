//! Objects that lists have many of, which resolve their fields in the place of one.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value};
use futures_util::future::try_join_all;
use futures_util::poll;

use crate::graphql::plain::Plain;

/// How many fields at most are begun in this way. The library joins more than these otherwise: a field that fails doesn't keep those after it
/// from beginning.
const MOST: usize = 30;

/// An object whose fields are begun one after another in the same memory. The library makes each field a future in memory of its own, and
/// a list has hundreds of fields, nearly all of which wait for nothing. Here only what has to wait keeps its memory, and the next field is
/// begun in a new one. What is answered is the same, and so is when each field begins.
///
/// What a document selects twice, or with directives, is left to the library, which merges it. An object whose own fields are of its own type
/// can't hold itself in this: the compiler would need to know the future's type to find out its type.
pub(crate) struct InPlace<T>(pub T);

impl<T: ObjectType> ContainerType for InPlace<T> {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(context).await
    }
}

impl<T: ObjectType> ObjectType for InPlace<T> {}

impl<T: ObjectType> OutputType for InPlace<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut fields = Vec::with_capacity(context.item.node.items.len());
        let is_plain = context.data_opt::<Plain>().is_some_and(|plain| plain.0);
        if is_plain && gather::<T>(context, &context.item.node, &mut fields) && fields.len() <= MOST {
            resolve(&self.0, context, fields).await
        } else {
            // Boxed, so that it takes no room where it isn't needed.
            Box::pin(self.0.resolve(context, field)).await
        }
    }
}

/// Gathers the fields that are selected, in their order. False when some are selected by what the object also is: an interface.
fn gather<'a, T: ObjectType>(
    context: &ContextSelectionSet<'a>,
    set: &'a SelectionSet,
    fields: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            fields.push(field);
            true
        }
        Selection::InlineFragment(fragment) => {
            let of = fragment.node.type_condition.as_ref().map(|of| of.node.on.node.as_str());
            of.is_none_or(|of| of == T::type_name()) && gather::<T>(context, &fragment.node.selection_set.node, fields)
        }
        Selection::FragmentSpread(spread) => {
            context.query_env.fragments.get(&spread.node.fragment_name.node).is_some_and(|fragment| {
                fragment.node.type_condition.node.on.node == *T::type_name()
                    && gather::<T>(context, &fragment.node.selection_set.node, fields)
            })
        }
    })
}

/// Resolves the fields. Of what is selected twice under one name the first counts, as with the library.
async fn resolve<'a, T: ObjectType>(
    object: &'a T,
    context: &'a ContextSelectionSet<'a>,
    fields: Vec<&'a Positioned<Field>>,
) -> ServerResult<Value> {
    let begin = |field| {
        let context = context.with_field(field);
        async move { object.resolve_field(&context).await }
    };
    let mut answered = IndexMap::with_capacity(fields.len());
    let (mut places, mut waiting) = (Vec::new(), Vec::new());
    let mut ended = None;
    for field in fields {
        let name = field.node.response_key().node.clone();
        if field.node.name.node == "__typename" {
            answered.insert(name, Value::String(object.introspection_type_name().into_owned()));
            continue;
        }
        let mut running = begun(ended.take(), begin(field));
        match poll!(running.as_mut()) {
            Poll::Ready(value) => {
                answered.entry(name).or_insert(value?.unwrap_or_default());
                ended = Some(running);
            }
            Poll::Pending => {
                let is_first = !answered.contains_key(&name);
                places.push(is_first.then(|| answered.insert_full(name, Value::Null).0));
                waiting.push(running);
            }
        }
    }
    drop(ended);
    if !waiting.is_empty() {
        until_woken().await;
    }
    for (place, value) in places.into_iter().zip(try_join_all(waiting).await?) {
        if let Some(place) = place {
            answered[place] = value.unwrap_or_default();
        }
    }
    Ok(Value::Object(answered))
}

/// Waits until something that was polled before wakes the task: until then there is no use in polling it again.
async fn until_woken() {
    let mut woken = false;
    poll_fn(|_| if std::mem::replace(&mut woken, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// Puts the future in the place of one that has ended, if there is one, or else in a new one.
fn begun<F: Future>(ended: Option<Pin<Box<F>>>, future: F) -> Pin<Box<F>> {
    match ended {
        Some(mut place) => {
            place.set(future);
            place
        }
        None => Box::pin(future),
    }
}

#[cfg(test)]
mod tests;
