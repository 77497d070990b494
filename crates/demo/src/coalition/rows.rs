//! The rows of the organisations and of what belongs to them, table by table.

use pamoja_domain::contact::Contact;
use pamoja_domain::language::LanguageCode;
use pamoja_persistence::gate::PasswordParameters;
use pamoja_persistence::user::NewCredential;

use super::copy::{Bytes, Codes, Maybe, Moment, Rows};
use super::facility::Facility;
use super::members::{Coalition, Member};

/// The rows of the coalition itself, in the order in which the tables depend on each other.
pub(super) fn of_coalition(coalition: &Coalition, password: &NewCredential) -> Vec<Rows> {
    let mut organisation = Rows::new("organisation (id, slug, name, kind, populations, counties, status, created_at)");
    let mut account = Rows::new("user_account (organisation_id, id, handle, display_name, roles, created_at)");
    let mut credential = Rows::new("user_credential (organisation_id, user_id, salt, memory_kib, passes, lanes, output_hash)");
    let mut service = Rows::new(
        "service (organisation_id, id, service_type, name, county_code, populations, accepts_minors, capacity, capacity_updated_at, created_at, checked_at, facility_id, \
         paused, hours, languages, line)",
    );
    let mut reached = Rows::new("organisation_contact (organisation_id, hours, languages, line)");
    let since = Moment(coalition.since);
    for Member { id, profile, counties, accounts, offers, contact } in &coalition.members {
        let populations = Codes(profile.populations);
        let [slug, name] = [profile.slug, profile.name].map(|name| format!("{name}{}", coalition.suffix()));
        organisation.push([id, &slug, &name, &profile.kind, &populations, &Codes(counties), &"ACTIVE", &since]);
        reached.push([id, &hours(contact), &languages(contact), &line(contact)]);
        for user in accounts {
            account.push([id, &user.id, &user.handle, &user.display_name, &Codes(&[user.role]), &since]);
            let PasswordParameters { salt, memory_kib, passes, lanes } = &password.parameters;
            credential.push([id, &user.id, &Bytes(salt), memory_kib, passes, lanes, &Bytes(&password.output_hash)]);
        }
        for offer in offers {
            let new = &offer.service;
            let stated_at = Maybe(offer.capacity_updated_at.map(Moment));
            service.push([
                id,
                &offer.id,
                &new.service_type,
                &new.name.as_str(),
                &new.county,
                &Codes(&new.populations),
                &new.accepts_minors,
                &offer.capacity,
                &stated_at,
                &since,
                &Moment(offer.checked_at),
                &Maybe(new.facility),
                &offer.paused,
                &hours(&offer.contact),
                &languages(&offer.contact),
                &line(&offer.contact),
            ]);
        }
    }
    let mut place = Rows::new(
        "facility (id, code, name, level, county_code, operational, key_population_friendly, service_types, imported_at)",
    );
    for facility in &coalition.facilities {
        let offered: &[&str] = if facility.friendly { &["ART", "PEP", "POST_VIOLENCE_CARE"] } else { &["ART", "PEP"] };
        let Facility { id, code, name, county, friendly } = facility;
        place.push([id, code, name, &"Level 4", county, &true, friendly, &Codes(offered), &since]);
    }
    vec![organisation, account, credential, place, service, reached]
}

fn hours(contact: &Contact) -> Maybe<String> {
    Maybe((!contact.hours.spans().is_empty()).then(|| contact.hours.to_string()))
}

fn languages(contact: &Contact) -> String {
    let codes: Vec<&str> = contact.languages.iter().map(LanguageCode::as_str).collect();
    format!("{{{}}}", codes.join(","))
}

fn line(contact: &Contact) -> Maybe<String> {
    Maybe(contact.line.as_ref().map(|line| line.as_str().to_owned()))
}
