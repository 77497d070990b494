//! Closed lists of things that nobody outside the program names.

/// Declares an enum and the list of its members, so that no member can be missing from the list. What has a code of its own is a
/// [`vocabulary`](crate::vocabulary!) instead.
#[macro_export]
macro_rules! enumerated {
    ($(#[doc = $doc:literal])+ pub enum $name:ident {
        $($(#[doc = $variant_doc:literal])+ $variant:ident,)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $variant_doc])+ $variant,)+
        }

        impl $name {
            /// Every member, in the order in which they are declared.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}
