//! The places of what was found, and pages of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fold::fold;
use super::rank::Rank;
use crate::page::{Page, PageEnd, PageOf};

/// An entry's place among all that a text finds: by its rank, then by name, then by id. It is the cursor, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place(Rank, String, Uuid);

impl Place {
    /// The place of the entry of that name and id.
    pub fn new(rank: Rank, name: &str, id: Uuid) -> Self {
        Self(rank, fold(name), id)
    }

    /// The entry's id.
    pub fn id(&self) -> Uuid {
        self.2
    }
}

/// The places of a page of all that was found, in whatever order it was found.
pub fn page(mut found: Vec<Place>, page: &Page<Place>) -> PageOf<Place> {
    found.retain(|place| {
        page.after.as_ref().is_none_or(|after| place > after) && page.before.as_ref().is_none_or(|before| place < before)
    });
    match page.end {
        PageEnd::First => found.sort(),
        PageEnd::Last => found.sort_by(|one, other| other.cmp(one)),
    }
    found.truncate(page.size + 1);
    PageOf::from_read(page, found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Vec<Place>> {
        let place = (any::<[u8; 2]>(), "[ab]{0,2}", any::<u128>()).prop_map(|(rank, name, id)| {
            let mut numbers = [0; 7];
            numbers[..2].copy_from_slice(&rank.map(|number| number % 3));
            Place::new(Rank::of_numbers(numbers), &name, Uuid::from_u128(id))
        });
        prop::collection::vec(place, 0..40)
    }

    proptest! {
        #[test]
        fn pages_of_any_size_from_either_end_are_the_whole(found in places(), size in 1..=7_usize) {
            let mut whole = found.clone();
            whole.sort();
            for end in [PageEnd::First, PageEnd::Last] {
                let (mut walked, mut cursor) = (Vec::new(), None);
                loop {
                    let (after, before) = if end == PageEnd::First { (cursor, None) } else { (None, cursor) };
                    let read = page(found.clone(), &Page { size, end, after, before });
                    prop_assert!(read.items.len() <= size && read.items.is_sorted());
                    let more = if end == PageEnd::First { read.has_next } else { read.has_previous };
                    if end == PageEnd::First {
                        cursor = read.items.last().cloned();
                        walked.extend(read.items);
                    } else {
                        cursor = read.items.first().cloned();
                        walked.splice(0..0, read.items);
                    }
                    if !more {
                        break;
                    }
                }
                prop_assert_eq!(&walked, &whole);
            }
        }

        #[test]
        fn a_cursor_reads_back(found in places()) {
            for place in found {
                let written = serde_json::to_string(&place).expect("a text");
                prop_assert_eq!(serde_json::from_str::<Place>(&written).expect("a place"), place);
            }
        }
    }
}
