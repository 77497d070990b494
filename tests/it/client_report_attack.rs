//! A clinic and two confederates aim the friendliness of a service at one client: with sham ratings, a service made for it, and
//! referrals moved to where nobody else is rated. They guess from the figure's coming and from its value whether and how the client
//! rated. They must do no better than before they looked; with a rule removed, they do.

use std::collections::HashMap;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::service::ServiceType;
use pamoja_persistence::job;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::client_report::THIRD;
use crate::harness::{Member, OUTSIDER, RECEIVER, SENDER, World};

/// How many times the attack is tried. Half of them teach the attackers what a figure means, and the others are guessed.
const WORLDS: usize = 360;

/// What the attackers arrange. The receiver is the clinic, the outsider and the third organisation are its confederates, and the
/// sender's client is the one that it is about. Two other clients of the sender told the clinic how they rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Plan {
    /// The client was referred to an old service to which the sender referred nobody else.
    Idle,
    /// The clinic made a service, and got the sender to refer the client and the two others to it.
    Made,
    /// The clinic moved the three referrals from a busy service to an idle one. The ratings stay where they belong.
    Moved,
    /// The client came back again and again, and rated twice before.
    Again,
    /// The same as [`Plan::Moved`], if ratings moved along: `client_report_rating` sees to it that they don't.
    MovedWithRatings,
}

const PLANS: [Plan; 5] = [Plan::Idle, Plan::Made, Plan::Moved, Plan::Again, Plan::MovedWithRatings];

/// A rating: who sent the client, the service, how it was rated, and the client.
type Rating = (Member, Uuid, i32, Uuid);

/// A rating by somebody who rates once.
fn rating(sender: Member, service: Uuid, rated: i32) -> Rating {
    (sender, service, rated, Uuid::new_v4())
}

/// Deterministic choices from a number.
struct Choice(u64);

impl Choice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn rating(&mut self) -> i32 {
        1 + self.below(5) as i32
    }
}

/// One try: how the client rated, 0 for not at all, and the services whose figures the attackers look at.
struct Try {
    plan: Plan,
    client: i32,
    watched: [Uuid; 2],
}

/// Rows to be written: services by age, and ratings, some of which come before the client's.
#[derive(Default)]
struct Rows {
    services: Vec<(Uuid, bool)>,
    earlier: Vec<Rating>,
    later: Vec<Rating>,
}

impl Rows {
    fn service(&mut self, young: bool) -> Uuid {
        let id = Uuid::new_v4();
        self.services.push((id, young));
        id
    }

    /// The confederates rate a service, one of them so many times, and always the same, so that the third organisation's part
    /// shows.
    fn sham(&mut self, service: Uuid, times: usize) {
        self.earlier.extend((0..times).map(|_| rating(OUTSIDER, service, 1)));
        self.earlier.extend((0..5).map(|_| rating(THIRD, service, 1)));
    }

    fn try_out(&mut self, plan: Plan, choice: &mut Choice) -> Try {
        let client = if choice.below(2) == 0 { 0 } else { choice.rating() };
        let busy = self.service(false);
        let quiet = self.service(plan == Plan::Made);
        self.sham(busy, 5);
        self.sham(quiet, 100);
        // The sender's other clients, whom nobody told the clinic of.
        for _ in 0..4 + choice.below(8) {
            self.earlier.push(rating(SENDER, busy, choice.rating()));
        }
        for _ in 0..choice.below(4) {
            self.later.push(rating(SENDER, busy, choice.rating()));
        }
        let rated = if plan == Plan::Moved { busy } else { quiet };
        if ![Plan::Idle, Plan::Again].contains(&plan) {
            self.earlier.extend([rating(SENDER, rated, 3), rating(SENDER, rated, 3)]);
        }
        if client > 0 {
            let of_client = rating(SENDER, rated, client);
            if plan == Plan::Again {
                self.earlier.extend([of_client; 2]);
            }
            self.later.push(of_client);
        }
        Try { plan, client, watched: [busy, quiet] }
    }
}

async fn write(superuser: &Client, ratings: &[Rating]) {
    let query = "WITH given AS (
            SELECT gen_random_uuid() AS referral, member, service, rating,
                left(translate(md5(client::text), '0189', 'ghij'), 26) AS client
            FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $5::uuid[]) AS given (member, service, rating, client)
        ), referred AS (
            INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
            SELECT member, referral, client, '{NOT_STATED}', 'NOT_STATED' FROM given
        )
        INSERT INTO client_report (from_organisation_id, referral_id, friendliness, service_organisation_id, service_id, rated_in)
        SELECT member, referral, rating, $4, service, (present_month() - interval '1 month')::date FROM given";
    let members: Vec<Uuid> = ratings.iter().map(|(member, ..)| member.id().0).collect();
    let services: Vec<Uuid> = ratings.iter().map(|(_, service, ..)| *service).collect();
    let given: Vec<i32> = ratings.iter().map(|(_, _, rating, _)| *rating).collect();
    let clients: Vec<Uuid> = ratings.iter().map(|(.., client)| *client).collect();
    superuser.execute(query, &[&members, &services, &given, &RECEIVER.id().0, &clients]).await.expect("ratings");
    superuser
        .batch_execute("ANALYZE client_report, referral_client")
        .await
        .expect("what the server does by itself, a little later");
}

/// Publishes anew, and reads what is there: a service that has no figure is left out.
async fn published(world: &World, superuser: &Client) -> HashMap<Uuid, i32> {
    superuser.batch_execute("DELETE FROM service_friendliness").await.expect("none");
    job::publish_friendliness(&world.worker, RECEIVER.id()).await.expect("the job");
    let rows = superuser.query("SELECT service_id, (friendliness * 2)::integer FROM service_friendliness", &[]).await;
    rows.expect("figures").iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// The shares of guesses that are right: from what is published before and after the client's rating, and without looking.
fn guessed(tries: &[Try], before: &HashMap<Uuid, i32>, after: &HashMap<Uuid, i32>, plan: Plan) -> (f64, f64) {
    let of_plan: Vec<&Try> = tries.iter().filter(|one| one.plan == plan).collect();
    let seen = |one: &Try| one.watched.map(|service| (before.get(&service).copied(), after.get(&service).copied()));
    let (learned, guessed) = of_plan.split_at(of_plan.len() / 2);
    let mut known: HashMap<_, [usize; 6]> = HashMap::new();
    for one in learned {
        known.entry(seen(one)).or_default()[one.client as usize] += 1;
    }
    let guess = |one: &Try| {
        // What was seen too seldom teaches nothing.
        let counts = known.get(&seen(one)).filter(|counts| counts.iter().sum::<usize>() >= 5);
        counts.map_or(0, |counts| (0..6).rev().max_by_key(|rating| counts[*rating]).unwrap_or(0))
    };
    let share = |right: usize| right as f64 / guessed.len() as f64;
    (
        share(guessed.iter().filter(|one| guess(one) == one.client as usize).count()),
        share(guessed.iter().filter(|one| one.client == 0).count()),
    )
}

/// A rule of the function that publishes: its text in PostgreSQL's own words, and what stands there without the rule.
const RULES: [(&str, &str, &str); 3] = [
    ("an organisation counts from three clients on", "HAVING (count(*) >= 3)", "HAVING (count(*) >= 1)"),
    ("a service's first three months don't count", "'3 mons'::interval", "'-10 years'::interval"),
    ("a client counts once", ", rater.client", ", report.referral_id"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_and_two_confederates_learn_nothing_of_one_clients_rating() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (mut rows, mut choice) = (Rows::default(), Choice(5));
    let tries: Vec<Try> = (0..WORLDS).flat_map(|_| PLANS).map(|plan| rows.try_out(plan, &mut choice)).collect::<Vec<_>>();
    // The referrals that the ratings belong to don't matter here, so they aren't written.
    superuser.batch_execute("SET session_replication_role = replica").await.expect("no checks");
    let services = "INSERT INTO service SELECT (jsonb_populate_record(known, jsonb_build_object('id', made.id, 'created_at',
            CASE WHEN young THEN present_month() - interval '2 months' ELSE present_month() - interval '2 years' END))).*
        FROM service AS known, unnest($1::uuid[], $2::boolean[]) AS made (id, young) WHERE known.id = $3";
    let (ids, young): (Vec<Uuid>, Vec<bool>) = rows.services.iter().copied().unzip();
    let like = RECEIVER.service(ServiceType::HivTesting).0;
    superuser.execute(services, &[&ids, &young, &like]).await.expect("services");
    write(&superuser, &rows.earlier).await;
    let definition: String = superuser
        .query_one("SELECT pg_get_functiondef('publish_friendliness'::regproc)", &[])
        .await
        .expect("the function")
        .get(0);
    let mut variants = vec![("", definition.clone())];
    for (name, rule, without) in RULES {
        assert_eq!(definition.matches(rule).count(), 1, "{name}: {definition}");
        variants.push((name, definition.replace(rule, without)));
    }
    let mut before = Vec::new();
    for (_, function) in &variants {
        superuser.batch_execute(function).await.expect("the function");
        before.push(published(&world, &superuser).await);
    }
    write(&superuser, &rows.later).await;
    for ((name, function), before) in variants.iter().zip(&before) {
        superuser.batch_execute(function).await.expect("the function");
        let after = published(&world, &superuser).await;
        assert!(after.len() >= WORLDS, "{} figures: this proves nothing", after.len());
        for plan in PLANS {
            let (looked, blind) = guessed(&tries, before, &after, plan);
            let gains = match (*name, plan) {
                ("", Plan::MovedWithRatings) => true,
                (removed, Plan::Idle) => removed == RULES[0].0,
                (removed, Plan::Made) => removed == RULES[1].0,
                (removed, Plan::Again) => removed == RULES[0].0 || removed == RULES[2].0,
                (_, Plan::Moved) => false,
                (_, Plan::MovedWithRatings) => continue,
            };
            let told = format!("{plan:?} without the rule \"{name}\": {looked} right, {blind} without looking");
            assert!(if gains { looked > blind + 0.1 } else { looked < blind + 0.06 }, "{told}");
        }
    }
}
