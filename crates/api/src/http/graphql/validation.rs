//! Whether a document is valid against the schema, by the rules of the GraphQL specification. The library that executes checks a
//! part of them, and some more strictly than they are; so it checks none, and the documents that reach it are known to be valid.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::validation::{DiagnosticData, Valid};
use apollo_compiler::{Name, Schema, ast, introspection};
use lru::LruCache;
use sha2::{Digest, Sha256};

use crate::error_code::ErrorCode;
use crate::http::code::{Rejection, Rejections};
use crate::http::limit;
use problem::{Problem, position_of};

mod input_field;
mod position;
mod problem;
mod root;
mod walk;

/// How many documents are remembered as valid. Each takes the place of a hash.
const REMEMBERED: usize = 1_000;

/// Validates documents against one schema. It remembers which ones were valid.
pub(crate) struct Validator {
    schema: Valid<Schema>,
    valid: Mutex<LruCache<[u8; 32], ()>>,
}

impl Validator {
    /// Reads the schema in its definition language.
    ///
    /// # Errors
    /// A sentence for the log when the schema isn't valid.
    pub(crate) fn new(definition: &str) -> Result<Self, String> {
        let mut schema = Schema::parse(definition, "schema.graphql").map_err(|faulty| faulty.errors.to_string())?;
        describe_one_of(&mut schema);
        let schema = schema.validate().map_err(|faulty| faulty.errors.to_string())?;
        Ok(Self { schema, valid: Mutex::new(LruCache::new(NonZeroUsize::new(REMEMBERED).unwrap_or(NonZeroUsize::MIN))) })
    }

    /// The schema.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Passes a valid document. The limits, which were checked before, bound the work.
    ///
    /// # Errors
    /// BAD_REQUEST for each of the first things that are wrong; with `explain` in words that say what it is.
    pub(crate) fn check(&self, text: &str, explain: bool) -> Result<(), Rejections> {
        let hash: [u8; 32] = Sha256::digest(text).into();
        if self.valid.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).is_some() {
            return Ok(());
        }
        let problems = self.problems(text);
        if problems.is_empty() {
            self.valid.lock().unwrap_or_else(PoisonError::into_inner).put(hash, ());
            return Ok(());
        }
        let rejection = |Problem { message, location }: Problem| {
            let message = if explain { message } else { NOT_VALID.to_owned() };
            Rejection { locations: location.into_iter().collect(), ..Rejection::new(ErrorCode::BadRequest, message) }
        };
        Err(Rejections(problems.into_iter().map(rejection).collect()))
    }

    /// The first things that are wrong with a document.
    fn problems(&self, text: &str) -> Vec<Problem> {
        let (document, diagnostics) = match ExecutableDocument::parse_and_validate(&self.schema, text, "document") {
            Ok(document) => (document.into_inner(), None),
            Err(faulty) => (faulty.partial, Some(faulty.errors)),
        };
        let mut problems = Vec::new();
        for diagnostic in diagnostics.iter().flat_map(|diagnostics| diagnostics.iter()) {
            // Several fields with the same response name are one: `root` counts them as the specification does.
            if diagnostic.error.unstable_error_name() != Some("SubscriptionUsesMultipleFields") {
                let location = diagnostic.line_column_range().map(|range| position_of(range.start));
                problems.push(Problem { message: words(diagnostic.error), location });
            }
            if problems.len() == limit::ERRORS.allowed {
                return problems;
            }
        }
        root::check(&document, &mut problems);
        position::check(&self.schema, &document, &mut problems);
        input_field::check(&document, &mut problems);
        // Only of a document whose fragments don't go round in circles can the depth be told.
        if problems.is_empty() {
            let document = Valid::assume_valid_ref(&document);
            let deep = document.operations.iter().find_map(|operation| introspection::check_max_depth(document, operation).err());
            problems.extend(deep.map(|error| Problem { message: error.message().to_string(), location: None }));
        }
        problems.truncate(limit::ERRORS.allowed);
        problems
    }
}

/// The message for a document that isn't valid, where documents aren't explained.
pub(crate) const NOT_VALID: &str = "The document is not valid: check it against the schema.";

/// What is wrong, without any value that the client sent.
fn words(error: &DiagnosticData) -> String {
    let words = error.to_string();
    match error.unstable_error_name() {
        // A person's name in the place of a code is a value that looks like a name.
        Some("UndefinedEnumValue") => match words.rsplit_once(" does not exist on ") {
            Some((_, definition)) => format!("a value here does not exist on {definition}"),
            None => NOT_VALID.to_owned(),
        },
        // The library's words for what the parser refuses repeat it. The other parser has read the document before, so this is rare.
        None => NOT_VALID.to_owned(),
        Some(_) => words,
    }
}

/// Adds `__Type.isOneOf` to the schema's description of itself: the library that executes knows it, the validating one doesn't yet.
fn describe_one_of(schema: &mut Schema) {
    const FIELD: Name = Name::new_static_unchecked("isOneOf");
    let Some(apollo_compiler::schema::ExtendedType::Object(object)) = schema.types.get_mut("__Type") else { return };
    let field = ast::FieldDefinition {
        description: None,
        name: FIELD,
        arguments: Vec::new(),
        ty: ast::Type::Named(Name::new_static_unchecked("Boolean")),
        directives: ast::DirectiveList::new(),
    };
    object.make_mut().fields.entry(FIELD).or_insert_with(|| field.into());
}

#[cfg(test)]
mod tests;
