//! What a feature tells the tests that every mutation, or every id, has to pass.

use futures_util::future::BoxFuture;
use pamoja_domain::user::Role;
use serde_json::{Map, Value};

use super::Ways;
use crate::harness::client::Client;
use crate::harness::introspection::Operation;
use crate::harness::world::World;

/// Values by the name of the input's field that takes them.
pub type Values = Map<String, Value>;

/// An id of the sender's that a stranger must not tell from one that was never issued.
pub struct Foreign {
    /// What it is the id of.
    pub kind: &'static str,
    /// The id.
    pub issued: String,
    /// One of the same kind that was never issued.
    pub never_issued: String,
}

/// What a mutation's audit entry names.
pub enum Audited {
    /// The node of that id.
    Node(String),
    /// Something that is no node.
    Other,
    /// Nothing.
    Nothing,
}

/// One feature. A new one implements what it has of this, and stands in the list beside.
pub trait Feature: Sync {
    /// The fields of inputs that want something of this feature, which has to be made first.
    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// In how many states it can be made.
    fn states(&self) -> usize {
        1
    }

    /// Makes it, in that state; a value for each of those fields.
    fn prepare<'a>(&'a self, _ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        nothing()
    }

    /// Makes an input of the feature's mutations one that can succeed, where a value of the right type isn't enough.
    fn complete(&self, _mutation: &Operation, _input: &mut Values) {}

    /// Values that make an input another one, and are right in form.
    fn others(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The name under which the audit has that mutation, where it isn't the mutation's own.
    fn action(&self, _mutation: &str) -> Option<&'static str> {
        None
    }

    /// What the audit entry of that mutation names, where it isn't the payload's node; by what was prepared.
    fn audited(&self, _mutation: &str, _prepared: &Values) -> Option<Audited> {
        None
    }

    /// Something that somebody of the sender with that role may act on, so that a refusal is about the role and nothing else; a value
    /// for each field that the feature needs and can make for it.
    fn of_role<'a>(&'a self, _world: &'a World, _role: Role, _client: &'a Client) -> BoxFuture<'a, Values> {
        nothing()
    }

    /// Ids of what is between the sender and the receiver.
    fn foreign<'a>(&'a self, _world: &'a World) -> BoxFuture<'a, Vec<Foreign>> {
        nothing()
    }
}

fn nothing<T: Default + Send + 'static>() -> BoxFuture<'static, T> {
    Box::pin(async { T::default() })
}

/// The fields of an object in JSON.
pub fn values(object: Value) -> Values {
    match object {
        Value::Object(values) => values,
        other => panic!("no object: {other}"),
    }
}

/// Gives those of an input's fields that it has another value.
pub fn replace(input: &mut Values, by: Value) {
    for (name, value) in values(by) {
        if let Some(known) = input.get_mut(&name) {
            *known = value;
        }
    }
}
