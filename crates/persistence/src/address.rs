//! What a database's address says, read as the driver reads it: for whoever judges a deployment.

use std::net::IpAddr;
use std::str::FromStr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// Where an address leads, and whether the way there is closed to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The role that it connects as.
    pub role: Option<String>,
    /// The hosts on other machines.
    pub remote_hosts: Vec<String>,
    /// Whether a connection is made with TLS or not at all. The server's certificate is then checked, too.
    pub requires_tls: bool,
}

/// Why an address leads nowhere. No variant repeats anything of the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The driver can't read it.
    #[error("it can't be read as the address of a PostgreSQL: write it as postgresql://role:password@host/database")]
    Malformed,
    /// It names no host.
    #[error("it names no host: write it as postgresql://role:password@host/database")]
    NoHost,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        // The driver's own sentence can hold a part of a password that isn't percent-encoded.
        let config = Config::from_str(text).map_err(|_| AddressError::Malformed)?;
        let (hosts, numbers) = (config.get_hosts(), config.get_hostaddrs());
        if hosts.is_empty() && numbers.is_empty() {
            return Err(AddressError::NoHost);
        }
        let remote_hosts = if numbers.is_empty() {
            hosts.iter().filter_map(remote).collect()
        } else {
            // Where numbers stand too, the driver connects to those.
            numbers.iter().filter(|number| !number.is_loopback()).map(ToString::to_string).collect()
        };
        Ok(Self {
            role: config.get_user().map(str::to_owned),
            remote_hosts,
            requires_tls: config.get_ssl_mode() == SslMode::Require,
        })
    }
}

/// The name of a host on another machine.
fn remote(host: &Host) -> Option<String> {
    match host {
        Host::Tcp(name) => (!is_this_machine(name)).then(|| name.clone()),
        #[cfg(unix)]
        Host::Unix(_) => None,
    }
}

/// Whether a host's name or number means this machine. A name that only begins so doesn't.
fn is_this_machine(name: &str) -> bool {
    let number: Result<IpAddr, _> = name.trim_start_matches('[').trim_end_matches(']').parse();
    number.map_or_else(|_| name.trim_end_matches('.').eq_ignore_ascii_case("localhost"), |number| number.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_the_driver_connects_to_and_not_what_stands_somewhere_in_the_text() {
        let app = "postgresql://pamoja_server:secret";
        for (local, why) in [
            (format!("{app}@localhost/pamoja"), "a name"),
            (format!("{app}@LOCALHOST./pamoja"), "a name in capitals"),
            (format!("{app}@127.0.0.1:5433/pamoja"), "a number"),
            (format!("{app}@127.8.9.1/pamoja"), "another number of this machine"),
            (format!("{app}@%2Frun%2Fpostgresql/pamoja"), "a socket"),
            (format!("{app}@/pamoja?host=/run/postgresql"), "a socket as an option"),
            ("host=/run/postgresql user=pamoja_server dbname=pamoja".to_owned(), "key and value"),
            ("host=db.example hostaddr=127.0.0.1 user=pamoja_server".to_owned(), "the number counts"),
        ] {
            assert_eq!(local.parse::<Address>().map(|address| address.remote_hosts), Ok(Vec::new()), "{why}");
        }
        for (remote, hosts, why) in [
            (format!("{app}@localhost.evil.example/pamoja"), vec!["localhost.evil.example"], "it only begins like this machine"),
            (format!("{app}@127.0.0.1.nip.example/pamoja"), vec!["127.0.0.1.nip.example"], "a name that looks like a number"),
            (format!("{app}%40localhost@db.example/pamoja"), vec!["db.example"], "the password ends like this machine"),
            (format!("{app}@db.example/host=%2Frun"), vec!["db.example"], "the database's name holds a host"),
            (format!("{app}@localhost,db.example/pamoja"), vec!["db.example"], "the second one is elsewhere"),
            ("host=localhost hostaddr=192.0.2.7 user=pamoja_server".to_owned(), vec!["192.0.2.7"], "the number counts"),
            ("hostaddr=192.0.2.7 user=pamoja_server".to_owned(), vec!["192.0.2.7"], "a number alone"),
        ] {
            let read = remote.parse::<Address>().expect(why);
            assert_eq!(read.remote_hosts, hosts, "{why}");
        }
    }

    #[test]
    fn only_the_option_itself_requires_tls() {
        let requires = |text: &str| text.parse::<Address>().expect(text).requires_tls;
        assert!(requires("postgresql://a@db.example/pamoja?sslmode=require"));
        assert!(requires("host=db.example user=a sslmode=require"));
        assert!(!requires("postgresql://a@db.example/pamoja"));
        assert!(!requires("postgresql://a@db.example/pamoja?sslmode=prefer"));
        assert!(!requires("postgresql://a@db.example/pamoja?sslmode=disable"));
        assert!(!requires("postgresql://a@db.example/pamoja?application_name=sslmode%3Drequire"));
        assert!(!requires("postgresql://a:sslmode=require@db.example/pamoja"));
    }

    #[test]
    fn what_is_no_address_is_told_without_repeating_it() {
        for (text, expected) in [
            ("postgresql://a@db.example/pamoja?s3cret=x", AddressError::Malformed),
            ("user=a password=pa s3cret=x host=db.example", AddressError::Malformed),
            ("postgresql://a:s3cret@db.example:port/pamoja", AddressError::Malformed),
            ("db.example/pamoja", AddressError::Malformed),
            ("user=a dbname=pamoja", AddressError::NoHost),
        ] {
            let error = text.parse::<Address>().expect_err(text);
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
