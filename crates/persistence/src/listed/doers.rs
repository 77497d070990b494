//! Who may send a statement: the roles that the policy gives what the statement is about.

use pamoja_domain::access::{Permission, Reach, roles_with};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;

/// How the names of tables and functions begin that are about clients and their referrals.
const OF_REFERRALS: [&str; 17] = [
    "referral",
    "open_referral",
    "client_report",
    "check_in_question",
    "pending_check_in",
    "blank_slip",
    "is_blank_slip",
    "hold_blank_slip",
    "slip_attempt",
    "erase_clients",
    "erase_violations",
    "rotate_violations",
    "forget_undo",
    "give_back_open_referral",
    "meet_pending_check_in",
    "address_to_waiting",
    "bind_blank_slip",
];
/// How the names of tables begin that are about violations.
const OF_VIOLATIONS: &str = "violation";
/// The function that counts an organisation's violations.
const COUNTS_VIOLATIONS: &str = "violation_funnel";
/// What is in statements that everybody may send although they name such a table: the list of tasks, which asks for the roles of each
/// task, and how many hours services took to answer, of which no more than that is told.
const FOR_EVERYBODY: [&str; 2] = ["WITH member_away", "percentile_cont(0.5)"];
/// How the statements begin that count the organisation's own figures.
const COUNTS: &str = "SELECT period, keys, ARRAY[";
/// What is in the statements that add up its trainings, and in the one that reads figures which were counted before.
const ADDS_UP: [&str; 2] = ["FROM held", "FROM own_figure"];

/// The roles that have one of two permissions.
fn either(one: Permission, other: Permission) -> Vec<Role> {
    let (one, other) = (roles_with(one, Reach::OwnOnly), roles_with(other, Reach::OwnOnly));
    Role::ALL.iter().copied().filter(|role| one.contains(role) || other.contains(role)).collect()
}

/// Whether it is a name; PostgreSQL's own words are in capitals.
fn is_lower(word: &str) -> bool {
    word.starts_with(|character: char| character.is_ascii_lowercase())
}

/// The roles that may send the statement. None when everybody may.
pub(super) fn doers(text: &str) -> Option<Vec<Role>> {
    let may = |permission| Some(roles_with(permission, Reach::OwnOnly));
    if FOR_EVERYBODY.iter().any(|of| text.contains(of)) {
        return None;
    }
    if text.starts_with(COUNTS) || ADDS_UP.iter().any(|of| text.contains(of)) {
        return may(Permission::ReadOwnFigures);
    }
    let words: Vec<&str> = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').collect();
    if words.contains(&COUNTS_VIOLATIONS) {
        return may(Permission::ReadViolationFigures);
    }
    if words.iter().any(|word| word.starts_with(OF_VIOLATIONS)) {
        return may(Permission::ReadViolations);
    }
    if words.iter().any(|word| OF_REFERRALS.iter().any(|begins| word.starts_with(begins))) {
        return may(Permission::ReadReferrals);
    }
    if words.contains(&"sensitisation_plan") {
        return Some(either(Permission::DocumentViolations, Permission::ManageTraining));
    }
    if words.contains(&"take_open") {
        return Some(either(Permission::ReceiveReferrals, Permission::ManageTraining));
    }
    if words.contains(&"leave_training_session") {
        return may(Permission::ManageTraining);
    }
    // The first table that a statement names is the one that it writes.
    let written = ["INSERT", "UPDATE", "DELETE"].contains(&words[0]).then(|| words.iter().find(|word| is_lower(word))).flatten();
    match *written? {
        // Whoever says how much room there is pauses trainings, too.
        "training_offer" if words[0] == "UPDATE" => Some(either(Permission::ManageTraining, Permission::SetCapacity)),
        table if table.starts_with("training_") => may(Permission::ManageTraining),
        "service" if words[0] == "INSERT" => may(Permission::ManageServices),
        "organisation_contact" => may(Permission::ManageServices),
        "service" => may(Permission::SetCapacity),
        _ => None,
    }
}
