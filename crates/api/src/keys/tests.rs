use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("pamoja-keys-{}", uuid::Uuid::new_v4())))
    }

    fn file(&self, beginning: &str) -> PathBuf {
        let entries = std::fs::read_dir(&self.0).expect("read").map(|entry| entry.expect("an entry").path());
        let mut files: Vec<PathBuf> = entries
            .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(beginning)))
            .collect();
        files.sort();
        files.pop().expect("a file")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn refusal(folder: &Path) -> KeysError {
    Keys::read(folder).err().expect("refused")
}

fn replace(file: &Path, text: &str) {
    std::fs::write(file, text).expect("written");
}

#[test]
fn what_is_created_is_read_again() {
    let folder = Folder::new();
    let created = Keys::create(&folder.0).expect("created");
    let read = Keys::read(&folder.0).expect("read");
    let (code, slip) = created.new_slip();
    assert_eq!(read.slip_code(&slip.nonce).bits(), code.bits());
    assert_eq!(read.slip_look_up_hash(code), slip.look_up_hash);
    assert_eq!(read.input_hash(b"input"), created.input_hash(b"input"));
    assert_eq!(read.refresh_token_hash(b"token"), created.refresh_token_hash(b"token"));
    assert_eq!(read.access_token_secret(b"token"), created.access_token_secret(b"token"));
    let (key_id, signature) = created.seal(b"head");
    assert!(read.verify_seal(&key_id, b"head", &signature));
    assert!(!read.verify_seal(&key_id, b"tail", &signature));
    assert!(!read.verify_seal("0000000000000000", b"head", &signature));
    assert!(!read.verify_seal(&key_id, b"head", &signature[1..]));
}

#[test]
fn each_purpose_has_a_key_of_its_own() {
    let keys = Keys::generate();
    let hashes = [
        keys.input_hash(b"same"),
        keys.refresh_token_hash(b"same"),
        keys.refresh_token_successor(b"same").as_slice().try_into().expect("32 bytes"),
    ];
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
    assert_ne!(Keys::generate().input_hash(b"same"), hashes[0]);
}

/// The next version of the program must read what this one stored.
#[test]
fn derivations_never_change() {
    let secrets = Secrets::derive(&[7; 32]);
    let keys = Keys { signing: SigningKeys::single(SigningKey::from_bytes(&[7; 32])), secrets };
    let code = keys.slip_code(&[9; 16]);
    let text = |hash: &[u8]| data_encoding::HEXLOWER.encode(&hash[..8]);
    let secret = SessionSecret(uuid::Uuid::from_bytes([9; 16]));
    let derived = [
        code.to_string(),
        text(&keys.slip_look_up_hash(code)),
        text(&keys.input_hash(b"input")),
        text(&keys.refresh_token_hash(b"token")),
        text(keys.refresh_token_successor(b"token").as_slice()),
        text(&keys.access_token_hash(secret)),
        text(keys.access_token_successor(secret).0.as_bytes()),
        text(keys.access_token_secret(b"token").0.as_bytes()),
        keys.seal(b"head").0,
    ];
    insta::assert_snapshot!(derived.join("\n"));
}

#[test]
fn keys_are_never_overwritten() {
    let folder = Folder::new();
    Keys::create(&folder.0).expect("created");
    let before = std::fs::read(folder.file("secret")).expect("read");
    assert!(matches!(Keys::create(&folder.0), Err(KeysError::Exists { .. })));
    std::fs::remove_file(folder.file("secret")).expect("removed");
    assert!(matches!(Keys::create(&folder.0), Err(KeysError::Exists { .. })));
    replace(&folder.0.join("secret.key"), std::str::from_utf8(&before).expect("text"));
}

#[test]
fn the_highest_number_signs_and_all_verify() {
    let folder = Folder::new();
    let first = Keys::create(&folder.0).expect("created");
    for _ in 0..9 {
        Keys::add_signing_key(&folder.0).expect("added");
    }
    let newest = Keys::add_signing_key(&folder.0).expect("added");
    let now = Keys::read(&folder.0).expect("read");
    let (key_id, _) = now.seal(b"head");
    assert!(newest.to_string_lossy().ends_with(&format!("signing-0011-{key_id}.pem")));
    let (earlier, signature) = first.seal(b"head");
    assert!(earlier != key_id && now.verify_seal(&earlier, b"head", &signature));
    assert_eq!(now.signing().verifying().count(), 11);
}

#[test]
fn a_new_folder_verifies_what_the_keys_of_the_old_one_signed() {
    let (old, new) = (Folder::new(), Folder::new());
    let before = Keys::create(&old.0).expect("created");
    Keys::create(&new.0).expect("created");
    // As the steps after a take-over say: the new key is numbered after the old ones, which are put beside it.
    let file_of = |folder: &Folder| {
        let mut files = std::fs::read_dir(&folder.0).expect("a folder").map(|entry| entry.expect("an entry").path());
        files.find(|file| file.extension().is_some_and(|extension| extension == "pem")).expect("a signing key")
    };
    let (theirs, ours) = (file_of(&old), file_of(&new));
    let renumbered = ours.to_string_lossy().replace("signing-0001-", "signing-0002-");
    std::fs::rename(&ours, &renumbered).expect("renamed");
    std::fs::copy(&theirs, new.0.join(theirs.file_name().expect("a name"))).expect("copied");
    let now = Keys::read(&new.0).expect("read");
    let (earlier, signature) = before.seal(b"head");
    let (key_id, _) = now.seal(b"head");
    assert!(now.verify_seal(&earlier, b"head", &signature));
    assert!(renumbered.ends_with(&format!("{key_id}.pem")));
}

#[test]
fn a_missing_file_is_named_with_the_command_that_makes_it() {
    let folder = Folder::new();
    let message = refusal(&folder.0).to_string();
    assert!(message.contains("secret.key is missing") && message.contains("pamoja keys new"), "{message}");
    Keys::create(&folder.0).expect("created");
    std::fs::remove_file(folder.file("signing")).expect("removed");
    assert!(matches!(refusal(&folder.0), KeysError::Missing { .. }));
}

#[test]
fn a_malformed_file_is_named_and_not_shown() {
    let folder = Folder::new();
    Keys::create(&folder.0).expect("created");
    let (secret, signing) = (folder.file("secret"), folder.file("signing"));
    let good = std::fs::read_to_string(&secret).expect("read");
    for bad in ["", "abc", &"g".repeat(64), &"ab".repeat(33), &"ab".repeat(3000)] {
        replace(&secret, bad);
        assert!(matches!(refusal(&folder.0), KeysError::Malformed { .. }));
    }
    replace(&secret, &good.to_uppercase());
    Keys::read(&folder.0).expect("upper case will do");
    let renamed = folder.0.join("signing-0002-0123456789abcdef.pem");
    std::fs::rename(&signing, &renamed).expect("renamed");
    assert!(matches!(refusal(&folder.0), KeysError::Malformed { .. }));
    replace(&renamed, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
    let message = refusal(&folder.0).to_string();
    assert!(message.contains("signing-0002") && !message.contains("c2VjcmV0"), "{message}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_gets_at_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    Keys::create(&folder.0).expect("created");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    assert_eq!(mode(&folder.0), 0o700);
    for file in [folder.file("secret"), folder.file("signing")] {
        assert_eq!(mode(&file), 0o600);
        for open in [0o640, 0o604, 0o620] {
            set(&file, open);
            let message = refusal(&folder.0).to_string();
            assert!(message.contains(&format!("chmod 600 {}", file.display())), "{message}");
        }
        set(&file, 0o400);
        Keys::read(&folder.0).expect("read");
    }
    set(&folder.0, 0o770);
    assert!(refusal(&folder.0).to_string().contains("chmod 700"));
}
