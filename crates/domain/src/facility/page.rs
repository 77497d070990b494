//! What the register's API says beside the rows: which page of a list an answer is.

use serde_json::Value;

/// The fields around `results` that tell a page from a whole list. `near_pages` and `far_pages` say nothing: the register gives
/// them for a list of one page, too.
#[derive(Default)]
pub(super) struct Paging {
    count: Option<u64>,
    next: bool,
    previous: bool,
    total_pages: Option<u64>,
    current_page: Option<u64>,
    start_index: Option<u64>,
    end_index: Option<u64>,
}

impl Paging {
    /// The fields' names.
    pub(super) const FIELDS: [&str; 7] = ["count", "next", "previous", "total_pages", "current_page", "start_index", "end_index"];

    /// Takes in a field.
    pub(super) fn set(&mut self, field: &str, value: &Value) {
        let link = match value {
            Value::Null | Value::Bool(false) => false,
            Value::String(link) => !link.trim().is_empty(),
            _ => true,
        };
        let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
        match field {
            "count" => self.count = number,
            "next" => self.next = link,
            "previous" => self.previous = link,
            "total_pages" => self.total_pages = number,
            "current_page" => self.current_page = number,
            "start_index" => self.start_index = number,
            "end_index" => self.end_index = number,
            _ => {}
        }
    }

    /// How many rows the whole list has, if these rows are a page of it: as far as the file says, else 0. `None` for a whole list.
    pub(super) fn whole_of_which_a_page(&self, rows: usize) -> Option<u64> {
        let rows = rows as u64;
        let count = self.count.unwrap_or(rows);
        let more = |number: Option<u64>, than: u64| number.is_some_and(|number| number > than);
        let page = self.next
            || self.previous
            || count > rows
            || more(self.total_pages, 1)
            || more(self.current_page, 1)
            || more(self.start_index, 1)
            || self.end_index.is_some_and(|end| end < count);
        page.then_some(if count > rows { count } else { 0 })
    }
}
