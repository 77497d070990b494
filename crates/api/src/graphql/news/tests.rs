use std::cell::Cell;

use async_graphql::ServerError;
use futures_util::future::join;
use pamoja_domain::device::Device;
use pamoja_domain::id::{OrganisationId, SessionId};
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::user::Role;
use tokio::task::yield_now;

use super::*;

fn caller(user: u128) -> Caller {
    let id = Uuid::from_u128;
    let (session, secret) = (SessionId(id(user)), SessionSecret(id(user)));
    Caller { organisation: OrganisationId(id(9)), user: UserId(id(user)), session, secret }
}

fn sight() -> Sight {
    Sight::of(caller(1), &[Role::Caseworker], Device::Own)
}

/// News whose subscribers were proved that long ago.
fn news(ago: Duration, kept: &Kept) -> Arc<News> {
    let at = Instant::now().checked_sub(ago).expect("the machine has run for longer");
    let proof = Arc::new(Proof { at, sights: HashMap::new() });
    Arc::new(News { changes: Vec::new(), proof, kept: kept.clone(), answers: Mutex::default() })
}

fn text(text: &str) -> Vec<Told> {
    vec![Told::Text(text.into())]
}

/// What somebody is told by an execution that yields, so that others come meanwhile, and answers that. Counts executions.
async fn told(news: &News, user: u128, executions: &Cell<usize>, answer: impl Fn() -> Result<Executed, Over>) -> Option<String> {
    let execute = async || {
        executions.set(executions.get() + 1);
        yield_now().await;
        answer()
    };
    let view = View("a view".into());
    match news.answer(&caller(user), &sight(), &view, execute).await {
        Ok(told) => Some(match &told[..] {
            [Told::Text(text)] => text.to_string(),
            [Told::Failed(..)] => "failed".to_owned(),
            _ => panic!("one answer"),
        }),
        Err(Over) => None,
    }
}

#[tokio::test]
async fn what_all_are_told_is_executed_once() {
    let (kept, executions) = (Kept::default(), Cell::new(0));
    let news = news(Duration::ZERO, &kept);
    let same = || Ok(Executed { told: text("the same"), personal: false });
    let both = join(told(&news, 1, &executions, same), told(&news, 2, &executions, same)).await;
    assert_eq!((both, executions.get()), ((Some("the same".to_owned()), Some("the same".to_owned())), 1));
    assert_eq!(kept.0.load(Ordering::Relaxed), "the same".len());
}

#[tokio::test]
async fn what_is_personal_is_executed_once_for_each_user_and_told_to_nobody_else() {
    let (kept, executions) = (Kept::default(), Cell::new(0));
    let news = news(Duration::ZERO, &kept);
    let mine = |user: u128| {
        let of = user.to_string();
        move || Ok(Executed { told: text(&of), personal: true })
    };
    let windows = [1, 2, 1, 2].map(|user| told(&news, user, &executions, mine(user)));
    let heard = futures_util::future::join_all(windows).await;
    assert_eq!(heard, ["1", "2", "1", "2"].map(|user| Some(user.to_owned())));
    // The first execution finds out that it is personal, and its user's other window asks once more.
    assert_eq!(executions.get(), 3);
}

#[tokio::test]
async fn what_failed_or_is_too_long_is_told_to_nobody_else() {
    let failed = || {
        let response = Response::from_errors(vec![ServerError::new("it failed", None)]);
        Ok(Executed { told: vec![Told::Failed(Arc::new(response), true)], personal: false })
    };
    let long = || Ok(Executed { told: text(&"x".repeat(MOST + 1)), personal: false });
    let (kept, executions) = (Kept::default(), Cell::new(0));
    let told_failed = news(Duration::ZERO, &kept);
    let both = join(told(&told_failed, 1, &executions, failed), told(&told_failed, 2, &executions, failed)).await;
    assert_eq!((both.0.as_deref(), both.1.as_deref(), executions.get()), (Some("failed"), Some("failed"), 2));
    executions.set(0);
    let told_long = news(Duration::ZERO, &kept);
    join(told(&told_long, 1, &executions, long), told(&told_long, 2, &executions, long)).await;
    assert_eq!((executions.get(), kept.0.load(Ordering::Relaxed)), (2, 0), "nothing is kept");
}

#[tokio::test]
async fn whose_session_is_over_answers_for_nobody_else() {
    let (kept, executions) = (Kept::default(), Cell::new(0));
    let news = news(Duration::ZERO, &kept);
    let over = || Err(Over);
    let same = || Ok(Executed { told: text("the same"), personal: false });
    let both = join(told(&news, 1, &executions, over), told(&news, 2, &executions, same)).await;
    assert_eq!((both, executions.get()), ((None, Some("the same".to_owned())), 2));
}

#[tokio::test]
async fn whoever_has_waited_past_their_proof_proves_their_session_by_themself() {
    let (kept, executions) = (Kept::default(), Cell::new(0));
    let news = news(COUNTS, &kept);
    let same = || Ok(Executed { told: text("the same"), personal: false });
    let both = join(told(&news, 1, &executions, same), told(&news, 2, &executions, same)).await;
    assert_eq!((both.1.as_deref(), executions.get()), (Some("the same"), 2));
    assert_eq!(news.proved(&caller(1)), Proved::Nothing);
}

#[tokio::test]
async fn answers_are_forgotten_with_their_proof_however_long_the_news_are_held() {
    let (kept, executions, recent) = (Kept::default(), Cell::new(0), Recent::default());
    let same = || Ok(Executed { told: text("the same"), personal: false });
    let (old, new) = (news(COUNTS, &kept), news(Duration::ZERO, &kept));
    for news in [&old, &new] {
        recent.note(Arc::clone(news));
        told(news, 1, &executions, same).await;
    }
    recent.forget_old();
    assert_eq!(kept.0.load(Ordering::Relaxed), "the same".len(), "of the two, one is kept");
    assert!(old.answers.lock().expect("nobody panicked").is_empty());
}

#[test]
fn each_change_is_in_one_piece_of_news_and_in_order() {
    let changes: Vec<Changed> =
        (0..11).map(|number| Changed { kind: ChangeKind::Referral, id: Uuid::from_u128(number / 2) }).collect();
    let proof = Arc::new(Proof { at: Instant::now(), sights: HashMap::new() });
    let pieces: Vec<News> = News::of(&changes, &proof, &Kept::default()).collect();
    assert!(pieces.iter().all(|news| (1..=TOGETHER).contains(&news.changes.len())));
    let ids: Vec<Uuid> = pieces.iter().flat_map(|news| news.ids(ChangeKind::Referral)).collect();
    assert_eq!(ids, changes.iter().map(|change| change.id).collect::<Vec<_>>());
    assert!(pieces.iter().all(|news| news.ids(ChangeKind::Service).is_empty()));
}
