//! What many subscribers cost: sockets that wait, an event that many hear of, and many events.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use pamoja_api::auth::{Authority, LIFETIME};
use pamoja_api::keys::Keys;
use pamoja_domain::access::Caller;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::session_secret::SessionSecret;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

use crate::figures::{milliseconds, percentile};
use crate::processor::Processes;
use crate::stage::{MEMBERS, Stage};
use crate::{Failure, Options};

/// The member that has most of the subscribers, and the one that much happens to.
const CROWDED: &str = MEMBERS[0];
const BUSY: &str = MEMBERS[1];
/// How many subscribers hear of one event, and of many.
const CROWD: usize = 1_000;
const FEW: usize = 8;
/// How many sockets each user has.
const SOCKETS_OF_USER: usize = 5;
/// How many events a second happen.
const EVENTS: usize = 1_000;
/// How many sockets begin at once.
const BEGINNING: usize = 64;
/// How long after one the next begins. Each reads from where on it is told of changes; were all to begin at once, some would wait too long and
/// be refused, and those that are refused take no memory.
const PACE: Duration = Duration::from_millis(3);
/// How long the last of them may take to begin.
const BEGUN: Duration = Duration::from_secs(10);
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);
const DOCUMENT: &str = "subscription { referralChanged { id status urgency fromOrganisation { name } timeline { status at } } }";

/// When each subscriber heard of something, or what it was answered instead.
type Heard = UnboundedSender<Result<Instant, String>>;

/// Measures that many sockets that wait, then what they hear.
pub async fn measure(options: &Options, stage: &Stage, sockets: usize) -> Result<(), Failure> {
    stage.sign_in(1).await?;
    let before = stage.resident_megabytes().unwrap_or_default();
    let (heard, mut hears) = unbounded_channel();
    let crowd = CROWD.min(sockets);
    let mut callers = stage.subscribers(CROWDED, crowd.div_ceil(SOCKETS_OF_USER)).await?;
    let others = (sockets - crowd).div_ceil(SOCKETS_OF_USER).div_ceil(MEMBERS.len() - 2);
    for member in &MEMBERS[2..] {
        callers.extend(stage.subscribers(member, others).await?);
    }
    let each = callers.iter().flat_map(|token| std::iter::repeat_n(token.clone(), SOCKETS_OF_USER)).take(sockets);
    let mut open = JoinSet::new();
    begin(stage.address, each.collect(), &mut open, &heard).await?;
    // A subscription that begins says nothing of it.
    sleep(BEGUN).await;
    let after = stage.resident_megabytes().unwrap_or_default();
    println!(
        "  {sockets} sockets wait: {before:.0} MB before, {after:.0} MB with them, {:.1} KB each",
        (after - before) * 1e3 / sockets as f64
    );

    let processes = stage.processes().await?;
    let used = || processes.and_then(Processes::seconds);
    for _ in 0..options.runs {
        let (began, cost) = (Instant::now(), used());
        stage.announce(CROWDED, 1).await?;
        let times = hear(&mut hears, crowd).await?;
        let of = |at: Instant| milliseconds(at - began);
        let cost = cost.zip(used()).map_or([f64::NAN; 2], |(before, after)| [0, 1].map(|of| (after[of] - before[of]) * 1e3));
        println!(
            "  an event to {crowd}: the first heard after {:.0} ms, the last after {:.0} ms; program {:.0} ms, PostgreSQL {:.0} ms",
            times.first().map_or(f64::NAN, |at| of(*at)),
            times.last().map_or(f64::NAN, |at| of(*at)),
            cost[0],
            cost[1]
        );
    }
    open.shutdown().await;
    many(options, stage).await
}

/// Measures many events that few hear of.
async fn many(options: &Options, stage: &Stage) -> Result<(), Failure> {
    let mut open = JoinSet::new();
    let mut queues = Vec::new();
    for token in stage.subscribers(BUSY, FEW).await? {
        let (heard, hears) = unbounded_channel();
        begin(stage.address, vec![token], &mut open, &heard).await?;
        queues.push(hears);
    }
    sleep(BEGUN).await;
    let announced: Arc<Mutex<VecDeque<Instant>>> = Arc::default();
    let lock = |announced: &Mutex<VecDeque<Instant>>| announced.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (processes, began) = (stage.processes().await?, Instant::now());
    let cost = processes.and_then(Processes::seconds);
    let mut ticks = interval(Duration::from_millis(20));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut sent = 0;
    while sent < EVENTS * options.seconds as usize {
        ticks.tick().await;
        let due = (began.elapsed().as_secs_f64() * EVENTS as f64) as usize - sent;
        let now = Instant::now();
        announced.lock().unwrap_or_else(PoisonError::into_inner).extend(std::iter::repeat_n(now, due));
        stage.announce(BUSY, due).await?;
        sent += due;
    }
    let took = began.elapsed();
    let mut delays = Vec::new();
    for hears in &mut queues {
        let times = hear(hears, sent).await?;
        delays.extend(times.iter().zip(lock(&announced)).map(|(heard, announced)| *heard - announced));
    }
    let cost = cost
        .zip(processes.and_then(Processes::seconds))
        .map_or([f64::NAN; 2], |(before, after)| [0, 1].map(|of| (after[of] - before[of]) * 1e3 / sent as f64));
    delays.sort_unstable();
    let within = |share| percentile(&delays, share).map_or(f64::NAN, milliseconds);
    println!(
        "  {:.0} events a second to {FEW}: heard after p50 {:.0}, p99 {:.0}, longest {:.0} ms; an event costs program {:.2} ms, PostgreSQL {:.2} ms",
        sent as f64 / took.as_secs_f64(),
        within(0.5),
        within(0.99),
        within(1.0),
        cost[0],
        cost[1]
    );
    Ok(())
}

/// Waits until something was heard so many times.
async fn hear(hears: &mut UnboundedReceiver<Result<Instant, String>>, count: usize) -> Result<Vec<Instant>, Failure> {
    let mut times = Vec::with_capacity(count);
    while times.len() < count {
        let next = timeout(PATIENCE, hears.recv()).await;
        let heard = next.map_err(|_| format!("{} of {count} were heard", times.len()))?;
        times.push(heard.ok_or("a socket closed")??);
    }
    Ok(times)
}

/// Opens a socket for each of the tokens, each with a subscription. It tells of each event.
async fn begin(address: SocketAddr, tokens: Vec<String>, open: &mut JoinSet<()>, heard: &Heard) -> Result<(), Failure> {
    let mut beginning: JoinSet<Result<WebSocketStream<TcpStream>, Failure>> = JoinSet::new();
    let (mut tokens, mut pace) = (tokens.into_iter(), interval(PACE));
    loop {
        while beginning.len() < BEGINNING
            && let Some(token) = tokens.next()
        {
            pace.tick().await;
            beginning.spawn(subscribed(address, token));
        }
        let Some(socket) = beginning.join_next().await else { return Ok(()) };
        let (mut socket, heard) = (socket??, heard.clone());
        open.spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                let Message::Text(text) = message else { continue };
                let event = if text.contains("\"errors\"") || text.contains("\"error\"") {
                    Err(text.to_string())
                } else if text.contains("\"next\"") {
                    Ok(Instant::now())
                } else {
                    continue;
                };
                if heard.send(event).is_err() {
                    return;
                }
            }
        });
    }
}

async fn subscribed(address: SocketAddr, token: String) -> Result<WebSocketStream<TcpStream>, Failure> {
    let mut request = format!("ws://{address}/graphql/ws").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let mut socket = client_async(request, TcpStream::connect(address).await?).await?.0;
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    socket.send(Message::text(init.to_string())).await?;
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": DOCUMENT } });
    socket.send(Message::text(subscribe.to_string())).await?;
    Ok(socket)
}

impl Stage {
    /// The tokens of that many new caseworkers of the member.
    async fn subscribers(&self, member: &str, count: usize) -> Result<Vec<String>, Failure> {
        let begin = "WITH home AS (SELECT id FROM organisation WHERE slug = $1), added AS (
                INSERT INTO user_account (organisation_id, id, handle, display_name, roles)
                SELECT home.id, gen_random_uuid(), 'b' || left(replace(gen_random_uuid()::text, '-', ''), 20), 'A subscriber', '{CASEWORKER}'
                FROM home, generate_series(1, $2::integer) RETURNING organisation_id, id
            ), begun AS (
                INSERT INTO user_session (organisation_id, user_id, id, device, ends_at)
                SELECT organisation_id, id, gen_random_uuid(), 'own', moment() + interval '1 day' FROM added RETURNING organisation_id, user_id, id, gen_random_uuid() AS secret
            ), proved AS (
                INSERT INTO access_token (organisation_id, session_id, secret_hash, expires_at)
                SELECT organisation_id, id, sha256(uuid_send(secret)), moment() + interval '1 day' FROM begun
            )
            SELECT organisation_id::text, user_id::text, id::text, secret::text FROM begun";
        let authority = Authority::new(&Keys::read(&self.directory("keys")?)?, &format!("http://{}", self.address), "pamoja");
        let count = i32::try_from(count)?;
        let mut tokens = Vec::new();
        for row in self.superuser.query(begin, &[&member, &count]).await? {
            let id = |place| Uuid::parse_str(row.get(place));
            let caller = Caller {
                organisation: OrganisationId(id(0)?),
                user: UserId(id(1)?),
                session: SessionId(id(2)?),
                secret: SessionSecret(id(3)?),
            };
            tokens.push(authority.issue(caller, chrono::Utc::now(), LIFETIME));
        }
        Ok(tokens)
    }

    /// Says that so many referrals to the member changed.
    async fn announce(&self, member: &str, count: usize) -> Result<(), Failure> {
        let announce = "INSERT INTO outbox (organisation_id, kind, node_id)
            SELECT benchmark_caller.organisation, 'REFERRAL', benchmark_caller.referrals[1 + event % cardinality(benchmark_caller.referrals)]
            FROM benchmark_caller, generate_series(1, $2::integer) AS event WHERE benchmark_caller.slug = $1";
        self.superuser.execute(announce, &[&member, &i32::try_from(count)?]).await?;
        Ok(self.superuser.batch_execute("NOTIFY pamoja_outbox").await?)
    }
}
