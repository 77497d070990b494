//! The page about the roles.

/// What docs/roles.md says below the heading that names the role.
pub fn section(role: &str) -> &'static str {
    let page = include_str!("../../../docs/roles.md");
    let heading = format!("### {role}\n");
    let (_, after) = page.split_once(&heading).unwrap_or_else(|| panic!("docs/roles.md has no heading {role}"));
    after.split("\n#").next().unwrap_or(after)
}
