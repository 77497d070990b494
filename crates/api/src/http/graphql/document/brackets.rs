//! Checks how deep a document's brackets nest, before it is parsed. The parser recurses for each bracket, without bound for lists
//! in values, so that a few thousand brackets would crash the process.

use crate::error_code::ErrorCode;
use crate::http::code::Rejection;
use crate::http::limit;

/// Refuses a document whose nesting would overflow the parser's stack.
///
/// # Errors
/// TOO_COSTLY when brackets nest too deeply; BAD_REQUEST for a block string without an end.
pub(crate) fn check(text: &str) -> Result<(), Rejection> {
    let mut rest = text.as_bytes();
    let (mut depth, mut deepest) = (0_usize, 0);
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'#' => after_line(after),
            b'"' => match after {
                // The parser would read a block string without an end as an empty string, and go on behind it.
                [b'"', b'"', block @ ..] => after_block(block)
                    .ok_or_else(|| Rejection::new(ErrorCode::BadRequest, "The document has a block string without an end."))?,
                _ => after_string(after),
            },
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
                after
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                after
            }
            _ => after,
        };
    }
    limit::BRACKETS.check(deepest)
}

fn after_line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    &rest[end..]
}

fn after_string(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [] => return rest,
            [b'"' | b'\n' | b'\r', after @ ..] => return after,
            [b'\\', _, after @ ..] | [_, after @ ..] => after,
        };
    }
}

fn after_block(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        rest = match rest {
            [] => return None,
            [b'\\', b'"', b'"', b'"', after @ ..] => after,
            [b'"', b'"', b'"', after @ ..] => return Some(after),
            [_, after @ ..] => after,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_a_string_or_comment_holds_is_not_counted() {
        let many = "[".repeat(500);
        for harmless in [format!("{{a(b:\"{many}\")}}"), format!("{{a(b:\"\"\"{many}\"\"\")}}"), format!("#{many}\n{{a}}")] {
            assert!(check(&harmless).is_ok(), "{harmless}");
        }
    }

    #[test]
    fn what_follows_a_string_is_counted() {
        let many = "[".repeat(65);
        for deep in [
            format!("{{a(b:{many}"),
            format!("{{a(b:[\"\\\"\" {many}"),
            format!("{{a(b:[\"\"\"\\\"\"\" \"\"\" {many}"),
            format!("{{a #\r{many}"),
            format!("{{a(b:\"\n{many}"),
        ] {
            assert!(check(&deep).is_err(), "{deep}");
        }
        assert!(check(&format!("{{a(b:[\"\"\"[\" {many}")).is_err(), "a block string without an end hides nothing");
        assert!(check(&"[]".repeat(30_000)).is_ok());
    }
}
