//! The specification's 5.2.4.1: a subscription has one root field. Fields with the same response name are one.

use std::collections::HashSet;

use apollo_compiler::Name;
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};

use super::problem::{Problem, located};

/// Notes each subscription with several root fields.
pub(super) fn check(document: &ExecutableDocument, problems: &mut Vec<Problem>) {
    for operation in document.operations.iter().filter(|operation| operation.is_subscription()) {
        let (mut names, mut seen) = (HashSet::new(), HashSet::new());
        collect(document, &operation.selection_set, &mut names, &mut seen);
        if names.len() > 1 {
            let message = "a subscription has exactly one root field: open one for each".to_owned();
            problems.push(Problem { message, location: located(document, operation) });
        }
    }
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    names: &mut HashSet<&'a Name>,
    seen: &mut HashSet<&'a Name>,
) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                names.insert(field.response_key());
            }
            Selection::InlineFragment(fragment) => collect(document, &fragment.selection_set, names, seen),
            Selection::FragmentSpread(spread) => {
                if let Some((name, fragment)) = document.fragments.get_key_value(&spread.fragment_name)
                    && seen.insert(name)
                {
                    collect(document, &fragment.selection_set, names, seen);
                }
            }
        }
    }
}
