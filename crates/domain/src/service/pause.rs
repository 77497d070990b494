//! Pausing: services and offers of trainings that take nothing new for now. What they have goes on.

use crate::refusal::Refusal;

/// Checks what a pause names: how many services and how many offers, `None` for a list that is left out. Both left out mean
/// everything.
///
/// # Errors
/// INVALID when lists are there and name nothing: an empty list is a slip rather than the wish for everything.
pub fn check_named(services: Option<usize>, offers: Option<usize>) -> Result<(), Refusal> {
    match (services, offers) {
        (Some(0), None | Some(0)) => Err(Refusal::invalid("serviceIds", "pause-nothing-named")),
        (None, Some(0)) => Err(Refusal::invalid("trainingOfferIds", "pause-nothing-named")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_names_something_or_leaves_both_lists_out() {
        let lists = [None, Some(0), Some(1), Some(100)];
        for services in lists {
            for offers in lists {
                let names = services.unwrap_or(0) + offers.unwrap_or(0) > 0;
                let everything = services.is_none() && offers.is_none();
                assert_eq!(check_named(services, offers).is_ok(), names || everything, "{services:?} {offers:?}");
            }
        }
    }
}
