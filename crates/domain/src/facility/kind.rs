//! Files that are no register, as people have them at hand.

/// A kind of file that is no register, as people have them at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A spreadsheet of Excel or LibreOffice.
    Spreadsheet,
    /// A document of Word or LibreOffice.
    Document,
    /// A table in text, divided by commas, semicolons or tabs.
    SeparatedTable,
    /// Files packed into one.
    Archive,
    /// PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A page for a browser.
    WebPage,
    /// XML that is no web page.
    Xml,
    /// Text in UTF-32.
    Utf32,
}

impl FileKind {
    /// By the bytes with which files of a kind begin.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let has = |wanted: &[u8]| {
            let beginning = &bytes[..bytes.len().min(4096)];
            beginning.windows(wanted.len()).any(|window| window == wanted)
        };
        // Office files are archives: the names of what is packed tell them apart, and stand at the beginning or at the end.
        let end = &bytes[bytes.len().saturating_sub(65_536)..];
        let packs = |wanted: &[u8]| has(wanted) || end.windows(wanted.len()).any(|window| window == wanted);
        Some(match bytes {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [b'{' | b'[', 0, 0, 0, ..] | [0, 0, 0, b'{' | b'[', ..] => {
                Self::Utf32
            }
            [b'P', b'K', 3 | 5, 4 | 6, ..] if packs(b"xl/") || packs(b"opendocument.spreadsheet") => Self::Spreadsheet,
            [b'P', b'K', 3 | 5, 4 | 6, ..] if packs(b"word/") || packs(b"opendocument.text") => Self::Document,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Archive,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Self::Spreadsheet,
            [0x1f, 0x8b, ..]
            | [b'7', b'z', 0xbc, 0xaf, ..]
            | [b'R', b'a', b'r', b'!', ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Archive,
            [0xfd, b'7', b'z', b'X', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Archive,
            [b'%', b'P', b'D', b'F', ..] => Self::Pdf,
            [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => Self::Picture,
            [b'{', b'\\', b'r', b't', b'f', ..] => Self::Document,
            _ => return None,
        })
    }

    /// By the first line of a text.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let text = text.trim_start();
        let first = text.lines().next().unwrap_or("");
        let begin = first.get(..first.len().min(15)).unwrap_or("").to_ascii_lowercase();
        if begin.starts_with("<!doctype html")
            || begin.starts_with("<html")
            || begin.starts_with("<head")
            || begin.starts_with("<body")
        {
            return Some(Self::WebPage);
        }
        if begin.starts_with('<') {
            let page = text.get(..text.len().min(2_000)).unwrap_or("").to_ascii_lowercase().contains("<html");
            return Some(if page { Self::WebPage } else { Self::Xml });
        }
        let word = first.starts_with(|character: char| character.is_alphabetic()) || first.starts_with("\"");
        (word && first.contains([',', ';', '\t'])).then_some(Self::SeparatedTable)
    }

    /// What it is, and what to give instead.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Spreadsheet => "a spreadsheet, not JSON; give the answer of the register's API, saved as it came",
            Self::Document => "a text document, not JSON; give the answer of the register's API, saved as it came",
            Self::SeparatedTable => {
                "a table with separators (CSV), not JSON; give the answer of the register's API, saved as it came"
            }
            Self::Archive => "a packed file; unpack it and give the JSON in it",
            Self::Pdf => "a PDF, not JSON; give the answer of the register's API, saved as it came",
            Self::Picture => "a picture, not JSON; give the answer of the register's API, saved as it came",
            Self::WebPage => "a web page, not JSON; ask the register's API for JSON (format=json) and save that answer",
            Self::Xml => "XML, not JSON; ask the register's API for JSON (format=json) and save that answer",
            Self::Utf32 => "text in UTF-32; save it in UTF-8",
        }
    }
}
