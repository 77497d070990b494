//! Checks of what stands in settings and in the files that they name.

use std::path::Path;

use pamoja_persistence::address::Address;

use super::check::Outcome;
use crate::http::origin;
use crate::keys::{Keys, KeysError, noise};

/// The way to a database: it must lead to the role that it is for, and with TLS where that is on another machine.
pub(super) fn address(setting: &str, url: Option<&str>, expected: &str) -> Outcome {
    let Some(url) = url else { return Outcome::unseen(format!("{setting} is not given")) };
    match url.parse::<Address>() {
        Err(error) => Outcome::unseen(format!("{setting}: {error}")),
        Ok(Address { role, .. }) if role.as_deref() != Some(expected) => {
            Outcome::fault(format!("{setting} doesn't connect as {expected}: put that role into it."))
        }
        Ok(Address { remote_hosts, requires_tls, .. }) if !remote_hosts.is_empty() && !requires_tls => Outcome::fault(format!(
            "{setting} leads to another machine ({}) and doesn't ask for TLS: add sslmode=require.",
            remote_hosts.join(", ")
        )),
        Ok(_) => Outcome::Fine,
    }
}

/// The folder of keys; also the keys, if they can be read.
pub(super) fn keys(folder: Option<&Path>) -> (Outcome, Option<Keys>) {
    let Some(folder) = folder else { return (Outcome::unseen("PAMOJA_KEYS (--keys) is not given"), None) };
    match Keys::read(folder) {
        Ok(keys) => (Outcome::Fine, Some(keys)),
        Err(error) => (of_keys(&error), None),
    }
}

/// The noise key: only the publishing program may read it, so it must not lie where the serving program's keys are.
pub(super) fn noise_key(file: Option<&Path>, keys: Option<&Path>) -> Outcome {
    let Some(file) = file else { return Outcome::unseen("PAMOJA_NOISE_KEY (--noise-key) is not given") };
    if let Err(error) = noise::read(file) {
        return of_keys(&error);
    }
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
    if folder.is_some() && folder == keys.and_then(|keys| keys.canonicalize().ok()) {
        return Outcome::fault(format!(
            "{} lies in the folder of the keys, which the serving program reads: move it elsewhere.",
            file.display()
        ));
    }
    Outcome::Fine
}

/// A key that others can read, or that is none, is a fault. One that isn't there can't be looked at.
fn of_keys(error: &KeysError) -> Outcome {
    match error {
        KeysError::Exposed { .. } | KeysError::Malformed { .. } | KeysError::Exists { .. } => Outcome::fault(format!("{error}.")),
        KeysError::Missing { .. } | KeysError::NoNoiseKey { .. } | KeysError::Io { .. } => Outcome::unseen(error.to_string()),
    }
}

/// The address under which frontends reach the API: passwords and tokens go there.
pub(super) fn public_url(url: Option<&str>) -> Outcome {
    let Some(url) = url else { return Outcome::unseen("PAMOJA_PUBLIC_URL (--public-url) is not given") };
    if origin::parse(url).is_none() {
        return Outcome::fault(format!(
            "PAMOJA_PUBLIC_URL ({}) is no address of the form https://api.example.org: write scheme and host alone.",
            shown(url)
        ));
    }
    if origin::is_open_to_others(url) {
        return Outcome::fault(format!(
            "PAMOJA_PUBLIC_URL ({}) is reached without TLS, so others on the way read passwords: put a proxy with TLS in front, and write https.",
            shown(url)
        ));
    }
    Outcome::Fine
}

/// The origins whose pages may call.
pub(super) fn allowed_origins(setting: Option<&str>) -> Outcome {
    let Some(setting) = setting else { return Outcome::unseen("PAMOJA_ALLOWED_ORIGINS (--allowed-origins) is not given") };
    match origin::parse_all(setting.split(',')) {
        Err(sentence) => Outcome::fault(format!("PAMOJA_ALLOWED_ORIGINS: {sentence}.")),
        Ok(origins) => Outcome::of(
            origins
                .iter()
                .filter(|origin| origin::is_open_to_others(origin))
                .map(|origin| {
                    format!("PAMOJA_ALLOWED_ORIGINS: pages of {origin} come without TLS, so others on the way can change them: write https.")
                })
                .collect(),
        ),
    }
}

/// A setting's text, as it may be printed: without what controls a terminal, and without a password.
fn shown(url: &str) -> String {
    let text = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
    text.chars().take(200).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_unseen(outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::Unseen(_))
    }

    fn is_unsafe(outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::Unsafe(_))
    }

    #[test]
    fn the_way_to_a_database_is_judged_by_its_host() {
        let of = |url: &str| address("DATABASE_URL", Some(url), "a");
        for fine in [
            "postgresql://a@localhost/pamoja",
            "postgresql://a@/pamoja?host=/run/postgresql",
            "postgresql://a@db.example/pamoja?sslmode=require",
        ] {
            assert_eq!(of(fine), Outcome::Fine, "{fine}");
        }
        for bad in [
            "postgresql://a@localhost.evil.example/pamoja",
            "postgresql://a:x%40localhost@db.example/pamoja",
            "postgresql://a@db.example/pamoja?application_name=sslmode%3Drequire",
            "postgresql://a:s3cret@db.example/pamoja",
        ] {
            let outcome = of(bad);
            assert!(is_unsafe(&outcome), "{bad}: {outcome:?}");
            assert!(!format!("{outcome:?}").contains("s3cret"), "{outcome:?}");
        }
        for other in ["postgresql://b@localhost/pamoja", "postgresql://localhost/pamoja"] {
            assert!(is_unsafe(&of(other)), "{other}");
        }
        assert!(is_unseen(&address("DATABASE_URL", None, "a")));
        let unread = of("postgresql://a:pa@db.example/pamoja?s3cret=x");
        assert!(is_unseen(&unread) && !format!("{unread:?}").contains("s3cret"), "{unread:?}");
    }

    #[test]
    fn the_public_address_needs_tls_unless_it_is_this_machine() {
        for fine in ["https://api.example.org", "https://api.example.org/", "http://localhost:8080", "http://[::1]:8080"] {
            assert_eq!(public_url(Some(fine)), Outcome::Fine, "{fine}");
        }
        for bad in [
            "http://api.example.org",
            "http://localhost.example.org",
            "api.example.org",
            "https://api.example.org/v1",
            "",
            "https://jo:s3cret@api.example.org",
            "http://api.example.org/?https://",
        ] {
            let outcome = public_url(Some(bad));
            assert!(is_unsafe(&outcome) && !format!("{outcome:?}").contains("s3cret"), "{bad}: {outcome:?}");
        }
        assert!(is_unseen(&public_url(None)));
    }

    #[test]
    fn the_allowed_origins_are_read_as_browsers_write_them() {
        for fine in ["", "https://app.example.org", "https://a.example,https://b.example:8443", "http://localhost:5173"] {
            assert_eq!(allowed_origins(Some(fine)), Outcome::Fine, "{fine}");
        }
        for bad in [
            "*",
            "null",
            "https://a.example,*",
            "http://app.example.org",
            "http://localhost.example.org",
            "https://a.example/app",
        ] {
            assert!(is_unsafe(&allowed_origins(Some(bad))), "{bad}");
        }
        assert!(is_unseen(&allowed_origins(None)));
    }

    #[test]
    fn keys_that_others_can_read_are_unsafe_and_missing_ones_are_not_looked_at() {
        let folder = std::env::temp_dir().join(format!("pamoja-doctor-{}", uuid::Uuid::new_v4()));
        let (keys_folder, noise_file) = (folder.join("keys"), folder.join("noise.key"));
        let of = || keys(Some(&keys_folder)).0;
        assert!(is_unseen(&keys(None).0) && is_unseen(&of()), "neither is there yet");
        assert!(is_unseen(&noise_key(None, None)) && is_unseen(&noise_key(Some(&noise_file), None)));
        Keys::create(&keys_folder).expect("keys");
        noise::create(&noise_file).expect("a noise key");
        assert_eq!(of(), Outcome::Fine);
        assert_eq!(noise_key(Some(&noise_file), Some(&keys_folder)), Outcome::Fine);
        assert!(is_unsafe(&noise_key(Some(&noise_file), Some(&folder))), "both programs read it");
        for file in [keys_folder.join("secret.key"), noise_file.clone()] {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("a mode");
        }
        assert!(is_unsafe(&of()) && is_unsafe(&noise_key(Some(&noise_file), None)), "everybody can read them");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
