//! Pages of a list: Relay's first, after, last and before become one bounded request.

/// The size of a page when the client gives none.
pub const DEFAULT_PAGE: usize = 20;
/// The most items a page can have.
pub const MAXIMUM_PAGE: usize = 100;

/// A list is counted up to this many items.
pub const MAXIMUM_COUNT: usize = 1_000;

/// How many items a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number, at most [`MAXIMUM_COUNT`].
    pub items: usize,
    /// Whether these are all of them.
    pub is_exact: bool,
}

impl Count {
    /// The count of a list of which that many items were read, at most one more than are counted.
    pub fn of_read(read: usize) -> Self {
        Self { items: read.min(MAXIMUM_COUNT), is_exact: read <= MAXIMUM_COUNT }
    }
}

/// The end of the list from which a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEnd {
    /// The first items after the cursor.
    First,
    /// The last items before the cursor.
    Last,
}

/// A requested page; `C` is the decoded cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<C> {
    /// The most items that it may hold, 1 to 100.
    pub size: usize,
    /// The end from which it is read.
    pub end: PageEnd,
    /// Only items after this one.
    pub after: Option<C>,
    /// Only items before this one.
    pub before: Option<C>,
}

/// Why a page can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The client asked for both ends at once.
    #[error("Ask for the first items or for the last ones, not for both.")]
    FirstAndLast,
    /// The size is below 1 or above 100.
    #[error("A page has 1 to 100 items.")]
    Size,
    /// The cursor belongs to another list or another order, or the server never made it.
    #[error("This cursor isn't one of this list in this order: take one from pageInfo or from an edge of it.")]
    Cursor,
}

impl<C> Page<C> {
    /// Reads the four arguments; the cursors are already decoded.
    ///
    /// # Errors
    /// [`PageError`] when first and last come together or a size is out of bounds.
    pub fn new(first: Option<i32>, after: Option<C>, last: Option<i32>, before: Option<C>) -> Result<Self, PageError> {
        let (size, end) = match (first, last) {
            (Some(_), Some(_)) => return Err(PageError::FirstAndLast),
            (Some(first), None) => (first, PageEnd::First),
            (None, Some(last)) => (last, PageEnd::Last),
            (None, None) => (DEFAULT_PAGE as i32, PageEnd::First),
        };
        let size = usize::try_from(size).ok().filter(|size| (1..=MAXIMUM_PAGE).contains(size)).ok_or(PageError::Size)?;
        Ok(Self { size, end, after, before })
    }
}

/// The items of a page in the list's order, and whether the list goes on at either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOf<T> {
    /// At most as many items as the client asked for.
    pub items: Vec<T>,
    /// Whether the list has more items after them.
    pub has_next: bool,
    /// Whether the list has more items before them.
    pub has_previous: bool,
}

impl<T> PageOf<T> {
    /// Makes a page from items that were read beginning at the page's end, with one item more than the client asked for.
    pub fn from_read<C>(page: &Page<C>, mut read: Vec<T>) -> Self {
        let more = read.len() > page.size;
        read.truncate(page.size);
        match page.end {
            PageEnd::First => Self { items: read, has_next: more, has_previous: page.after.is_some() },
            PageEnd::Last => {
                read.reverse();
                Self { items: read, has_next: page.before.is_some(), has_previous: more }
            }
        }
    }

    /// The same page with each item replaced by what `into` makes of it.
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> PageOf<U> {
        PageOf { items: self.items.into_iter().map(into).collect(), has_next: self.has_next, has_previous: self.has_previous }
    }
}
