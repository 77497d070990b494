//! Clients that renew and go away: what they asked for goes to its end, and keeps nobody else waiting.

use std::time::Duration;

use pamoja_demo::private_postgresql::DatabaseRole;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{refresh, sign_in};
use crate::harness::{PASSWORD, World};
use crate::subscription::serving;

#[tokio::test]
async fn whoever_renews_and_goes_away_again_and_again_keeps_nobody_from_renewing() {
    let world = World::new().await;
    let observer = world.connect(DatabaseRole::Superuser).await;
    let token = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("refreshToken");
    let other = sign_in(&world, "peer@jirani", PASSWORD).await.text("refreshToken");
    let body = json!({ "refreshToken": token }).to_string();
    let request = format!(
        "POST /session/refresh HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let before = serving(&observer, "pamoja_sign_in").await;
    for round in 0..300_u64 {
        let mut stream = TcpStream::connect(world.address).await.expect("it connects");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        sleep(Duration::from_micros(100 * (round % 12))).await;
        stream.set_zero_linger().expect("it is cut off");
    }
    assert_eq!(refresh(&world, &other).await.status, 200, "others renew");
    // Whoever waits with the same token is told to try again, and is let in a moment later.
    let mut renewed = refresh(&world, &token).await;
    for _ in 0..50 {
        if renewed.status != 503 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
        renewed = refresh(&world, &token).await;
    }
    assert_eq!(renewed.status, 200, "what was asked for was done to its end: the successor is the same");
    let after = serving(&observer, "pamoja_sign_in").await;
    assert!(before.is_subset(&after) && after.len() <= 4, "{before:?} {after:?}");
}
