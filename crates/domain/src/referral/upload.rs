//! Uploads: referrals that were written down without a network connection and are later sent together.

use uuid::Uuid;

use crate::message::Message;
use crate::referral::slip::SlipCode;
use crate::refusal::{Refusal, UserErrorCode};

/// The most referrals in one upload.
pub const MAXIMUM_UPLOAD: usize = 50;

/// What makes two referrals of an upload the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadItem {
    /// Its idempotency key, if it has a readable one.
    pub key: Option<Uuid>,
    /// The blank slip that it takes, if it has a readable one.
    pub slip: Option<SlipCode>,
    /// The whole referral without its key, always in the same notation.
    pub content: String,
}

/// What two items have in common.
#[derive(Clone, Copy)]
enum Sameness {
    Key,
    Slip,
    Content,
}

impl UploadItem {
    fn repeats(&self, other: &Self) -> Option<Sameness> {
        if self.key.is_some() && self.key == other.key {
            Some(Sameness::Key)
        } else if self.slip.is_some() && self.slip == other.slip {
            Some(Sameness::Slip)
        } else {
            (self.content == other.content).then_some(Sameness::Content)
        }
    }
}

/// Checks that so many referrals can be sent together.
///
/// # Errors
/// INVALID when there are none, LIMIT_REACHED when there are more than 50.
pub fn check_upload(field: &str, count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::invalid(field, "slip-no-items")),
        1..=MAXIMUM_UPLOAD => Ok(()),
        _ => {
            let message = Message::of("slip-too-many-items").with("maximum", MAXIMUM_UPLOAD);
            Err(Refusal::of_field(UserErrorCode::LimitReached, field, message))
        }
    }
}

/// What is said of an item that failed through a fault of the server, beside others that were sent: INTERNAL.
pub fn item_failed() -> Refusal {
    Refusal::new(UserErrorCode::Internal, "slip-item-failed")
}

/// For each item, the refusal if it repeats an earlier one: CONFLICT, with the number of the first item that it repeats.
pub fn repeats(items: &[UploadItem]) -> Vec<Option<Refusal>> {
    let repeat = |at: usize| {
        let (first, sameness) =
            items[..at].iter().enumerate().find_map(|(first, item)| Some((first, items[at].repeats(item)?)))?;
        let repeats = items[at].content == items[first].content || !matches!(sameness, Sameness::Slip);
        // One slip for two clients is a typing error: the second client needs another slip.
        let message = if repeats {
            Message::of("slip-item-repeats").with("item", first + 1)
        } else {
            Message::of("slip-item-slip-used").with("item", first + 1)
        };
        Some(match sameness {
            Sameness::Key => Refusal::of_field(UserErrorCode::Conflict, "clientMutationId", message),
            Sameness::Slip => Refusal::of_field(UserErrorCode::Conflict, "preissuedSlipCode", message),
            Sameness::Content => Refusal::new(UserErrorCode::Conflict, message),
        })
    };
    (0..items.len()).map(repeat).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(key: u128, slip: u64, content: u8) -> UploadItem {
        UploadItem {
            key: (key > 0).then(|| Uuid::from_u128(key)),
            slip: (slip > 0).then(|| SlipCode::from_bits(slip)),
            content: content.to_string(),
        }
    }

    #[test]
    fn an_upload_holds_one_to_fifty() {
        let code = |count| check_upload("items", count).map_err(|refusal| refusal.code);
        assert_eq!((code(1), code(50)), (Ok(()), Ok(())));
        assert_eq!((code(0), code(51)), (Err(UserErrorCode::Invalid), Err(UserErrorCode::LimitReached)));
    }

    #[test]
    fn the_first_that_is_repeated_is_named_and_by_what() {
        let items = [item(1, 1, 1), item(2, 2, 2), item(2, 3, 3), item(3, 1, 4), item(0, 0, 2), item(0, 0, 5), item(6, 1, 1)];
        let told: Vec<Option<(Option<Vec<String>>, String)>> = repeats(&items)
            .into_iter()
            .map(|refusal| refusal.map(|refusal| (refusal.field, refusal.message.to_string())))
            .collect();
        let said = |key: &str, field: Option<&str>, item| {
            Some((field.map(|field| vec![field.to_owned()]), format!("{key} item={item}")))
        };
        let repeat = |field: Option<&str>, item| said("slip-item-repeats", field, item);
        let slip_used = said("slip-item-slip-used", Some("preissuedSlipCode"), 1);
        let slip_repeated = repeat(Some("preissuedSlipCode"), 1);
        assert_eq!(told, [None, None, repeat(Some("clientMutationId"), 2), slip_used, repeat(None, 2), None, slip_repeated]);
    }

    proptest! {
        #[test]
        fn what_is_left_holds_nothing_twice(items in prop::collection::vec((0_u128..6, 0_u64..6, 0_u8..9), 0..12)) {
            let items: Vec<UploadItem> = items.into_iter().map(|(key, slip, content)| item(key, slip, content)).collect();
            let refused = repeats(&items);
            prop_assert_eq!(refused.len(), items.len());
            let left: Vec<&UploadItem> = items.iter().zip(&refused).filter(|(_, refused)| refused.is_none()).map(|(item, _)| item).collect();
            for (at, one) in left.iter().enumerate() {
                for other in &left[at + 1..] {
                    prop_assert!(other.repeats(one).is_none());
                }
            }
        }
    }
}
