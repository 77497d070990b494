//! Referrals of a month that is closed while some of them still go on, and a training.

use chrono::{TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::{day_of, start_of_day};
use pamoja_domain::month::Month;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::service::ServiceType;
use pamoja_domain::statistic::closes_at;
use pamoja_domain::user::Role;
use pamoja_persistence::job;
use serde_json::{Value, json};
use tokio_postgres::Client as Database;
use uuid::Uuid;

use crate::harness::{Client, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};
use crate::training::{delivered, requested, scheduled, step};

/// Counts all that isn't kept; returns how many months that were of the sender and of the receiver.
pub async fn kept_anew(world: &World) -> [usize; 2] {
    let mut months = [0; 2];
    for (kept, of) in months.iter_mut().zip([SENDER, RECEIVER]) {
        *kept = job::keep_figures(&world.worker, of.id()).await.expect("the job");
    }
    months
}

pub struct Scene {
    pub world: World,
    pub superuser: Database,
    /// The closed month, and the next one.
    pub months: [Month; 2],
    /// Referrals that were taken up again shortly before the month was closed: both parties can move them.
    pub late: Vec<String>,
    /// The pseudonyms of three further referrals: one that is to be replaced, one that replaces it, and one that is to be erased.
    clients: [String; 3],
    training: String,
}

impl Scene {
    pub async fn new() -> Self {
        let world = World::new().await;
        let superuser = world.connect(DatabaseRole::Superuser).await;
        let month = Month::at(Utc::now()).plus(1);
        let begins = start_of_day(month.first_day()) + TimeDelta::hours(1);
        let travel = async |days: i64| world.travel(begins + TimeDelta::days(days) - Utc::now()).await;
        travel(0).await;
        let (sender, receiver) = desks(&world).await;
        let refer = async |fields: Value| {
            let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), fields)).await;
            payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
        };
        let mut late = Vec::new();
        for number in 0..8 {
            let (counties, bands) = (["047", "032"], ["FROM_20_TO_24", "FROM_30", "NOT_STATED"]);
            let fields =
                json!({ "countyCode": counties[number % 2], "ageBand": bands[number % 3], "populations": ["MSM", "TRANS_MAN"] });
            late.push(refer(fields).await);
        }
        let clients = [0; 3].map(|_| Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str().to_owned());
        for of in [&clients[0], &clients[2]] {
            let shared = json!({ "client": of, "sharedWithReceiver": ["AGE_BAND", "POPULATIONS"] });
            let id = refer(shared).await;
            let reason = json!({ "referralId": id, "reason": "NO_CAPACITY" });
            receiver.referral_mutation("declineReferral", "DeclineReferralInput", reason).await;
        }
        for who in [&sender, &receiver] {
            let id = refer(json!({})).await;
            receiver.move_referral("acceptReferral", &id).await;
            let reason = json!({ "referralId": id, "reason": "CLIENT_DECLINED" });
            let payload = who.referral_mutation("markReferralNotCompleted", "NotCompletedInput", reason).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
        refer(json!({ "consentToBeCounted": false })).await;
        let training = trained(&world).await;
        travel(31).await;
        assert!(job::expire(&world.worker, SENDER.id()).await.expect("the job") >= late.len());
        travel(43).await;
        let receiver = world.client(RECEIVER, Role::Caseworker).await;
        for id in &late {
            let payload = receiver.move_referral("reopenReferral", id).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
        world.travel(closes_at(month) + TimeDelta::hours(2) - Utc::now()).await;
        Self { world, superuser, months: [month, month.plus(1)], late, clients, training }
    }

    /// Gives a client of the month another pseudonym.
    pub async fn rotated(&self, sender: &Client) -> Value {
        let rotate = "mutation ($input: RotateClientPseudonymsInput!) { rotateClientPseudonyms(input: $input) { rotated userErrors { code message } } }";
        let rotations = json!([{ "from": self.clients[0], "to": self.clients[1] }]);
        let payload = sender.data(rotate, json!({ "input": { "rotations": rotations } })).await["rotateClientPseudonyms"].take();
        assert_eq!(payload["rotated"], 1);
        payload
    }

    /// Erases a client of the month.
    pub async fn erased(&self, sender: &Client) -> Value {
        let erase =
            "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals userErrors { code message } } }";
        let payload = sender.data(erase, json!({ "input": { "client": self.clients[2] } })).await["eraseClient"].take();
        assert_eq!(payload["erasedReferrals"], 1);
        payload
    }

    /// Records anew who came to the training of the month.
    pub async fn corrected(&self) -> Value {
        let trainer = self.world.client(RECEIVER, Role::Trainer).await;
        delivered(&trainer, &self.training, json!([{ "cadre": "POLICE", "count": 9 }])).await
    }
}

/// A training of the sender's people by the receiver; returns the request.
async fn trained(world: &World) -> String {
    let (host, trainer) = crate::training::trainers(world).await;
    let id = requested(&host, Some(RECEIVER)).await;
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    scheduled(&trainer, &id, json!({ "on": day_of(world.app.database.now()).to_string() })).await;
    let payload = delivered(&trainer, &id, json!([{ "cadre": "CLINICIAN", "count": 6 }, { "cadre": "STAFF", "count": 4 }])).await;
    assert_eq!(payload["trainingRequest"]["status"], "DELIVERED", "{payload:#}");
    id
}
