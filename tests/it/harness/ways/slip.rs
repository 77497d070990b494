//! Blank slips.

use serde_json::{Value, json};

use super::feature::{Audited, Feature, Values};

/// The feature.
pub struct Slips;

impl Feature for Slips {
    fn others(&self) -> Vec<(&'static str, Value)> {
        vec![("count", json!(2))]
    }

    fn audited(&self, mutation: &str, _prepared: &Values) -> Option<Audited> {
        // The entry names the pad, which isn't a node.
        (mutation == "allocateSlips").then_some(Audited::Other)
    }
}
