//! What a feature provides for the tests that every mutation, or every id, must pass.

use futures_util::future::BoxFuture;
use pamoja_domain::user::Role;
use serde_json::{Map, Value};

use super::Ways;
use crate::harness::client::Client;
use crate::harness::introspection::Operation;
use crate::harness::world::World;

/// Values, by the name of the input's field that takes them.
pub type Values = Map<String, Value>;

/// An id of the sender's. A stranger must not be able to tell it from one that was never issued.
pub struct Foreign {
    /// The type of the node.
    pub kind: &'static str,
    /// The id.
    pub issued: String,
    /// An id of the same type that was never issued.
    pub never_issued: String,
}

/// What a mutation's audit entry names.
pub enum Audited {
    /// The node with that id.
    Node(String),
    /// Something that isn't a node.
    Other,
    /// Nothing.
    Nothing,
}

/// One feature. A new feature implements the methods that apply to it, and is added to the list of all features.
pub trait Feature: Sync {
    /// The input fields whose values this feature makes before the mutation.
    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// In how many states the feature can make them.
    fn states(&self) -> usize {
        1
    }

    /// Makes them in that state; returns a value for each of those fields.
    fn prepare<'a>(&'a self, _ways: &'a Ways, _state: usize) -> BoxFuture<'a, Values> {
        nothing()
    }

    /// Completes an input of the feature's mutations so that it can succeed, where values of the right type aren't enough.
    fn complete(&self, _mutation: &Operation, _input: &mut Values) {}

    /// Well-formed values that make a different input.
    fn others(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The audit's name for that mutation, when it isn't the mutation's own name.
    fn action(&self, _mutation: &str) -> Option<&'static str> {
        None
    }

    /// What the audit entry of that mutation names, when it isn't the payload's node. It may depend on what was prepared.
    fn audited(&self, _mutation: &str, _prepared: &Values) -> Option<Audited> {
        None
    }

    /// Makes something that the sender's user with that role may act on, so that a refusal can only be about the role. Returns a
    /// value for each field that the feature needs and can make.
    fn of_role<'a>(&'a self, _world: &'a World, _role: Role, _client: &'a Client) -> BoxFuture<'a, Values> {
        nothing()
    }

    /// Ids of nodes between the sender and the receiver.
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

/// Replaces the values of the fields that an input has.
pub fn replace(input: &mut Values, by: Value) {
    for (name, value) in values(by) {
        if let Some(known) = input.get_mut(&name) {
            *known = value;
        }
    }
}
