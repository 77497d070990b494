//! Attacks on what hosts read of a joint session's evaluation: one host, and two together, take away what they know of their own
//! people, and look at what is left for a person of another host.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_domain::id::OrganisationId;
use pamoja_domain::training::{
    Attendance, Cadre, CadreCount, EVALUATION_OPEN, Evaluation, EvaluationDraft, check_not_settled, readable_at,
};
use uuid::Uuid;

use crate::random::Random;

/// One of the people who came.
struct Person {
    host: OrganisationId,
    satisfaction: f64,
    /// The scores before and after; none when they took no test.
    scores: Option<(f64, f64)>,
}

/// A session of two to four hosts, whose people anybody brought up to eight of.
struct Session {
    people: Vec<Person>,
    attendance: Attendance,
    hosts: Vec<OrganisationId>,
    evaluation: Evaluation,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

impl Session {
    fn of(random: &mut Random) -> Option<Self> {
        let hosts: Vec<_> = (0..2 + random.below(3)).map(|host| OrganisationId(Uuid::from_u128(host as u128))).collect();
        let mut people = Vec::new();
        for host in &hosts {
            for _ in 0..1 + random.below(8) {
                let score = |random: &mut Random| (20 + random.below(61)) as f64;
                let scores = random.percent(90).then(|| (score(random), score(random)));
                people.push(Person { host: *host, satisfaction: (1 + random.below(5)) as f64, scores });
            }
        }
        Self::evaluated(people, hosts)
    }

    /// The session of these people, unless the program keeps no evaluation of so few.
    fn evaluated(people: Vec<Person>, hosts: Vec<OrganisationId>) -> Option<Self> {
        let count = |person: &Person| CadreCount { host: person.host, cadre: Cadre::Staff, count: 1 };
        let attendance = Attendance::of(&people.iter().map(count).collect::<Vec<_>>());
        let (before, after): (Vec<f64>, Vec<f64>) = people.iter().filter_map(|person| person.scores).unzip();
        let tested = !before.is_empty();
        let draft = EvaluationDraft {
            satisfaction_mean: Some(mean(&people.iter().map(|person| person.satisfaction).collect::<Vec<_>>())),
            pre_score_mean: tested.then(|| mean(&before)),
            post_score_mean: tested.then(|| mean(&after)),
            pairs: before.len() as i32,
        };
        let evaluation = Evaluation::parse(draft, people.len() as i32).ok()?;
        Some(Self { people, attendance, hosts, evaluation })
    }
}

/// What a figure is about, its least and its greatest value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Figure {
    Satisfaction,
    Before,
    After,
}

impl Figure {
    const ALL: [Self; 3] = [Self::Satisfaction, Self::Before, Self::After];

    fn range(self) -> (f64, f64) {
        if self == Self::Satisfaction { (1.0, 5.0) } else { (0.0, 100.0) }
    }

    fn of(self, person: &Person) -> Option<f64> {
        match self {
            Self::Satisfaction => Some(person.satisfaction),
            Self::Before => person.scores.map(|(before, _)| before),
            Self::After => person.scores.map(|(_, after)| after),
        }
    }
}

/// What a host is told: each figure with the greatest error of what was rounded.
type Rule = fn(&Session, OrganisationId, Figure) -> Option<(f64, f64)>;

/// The program's rule.
fn as_told(session: &Session, host: OrganisationId, figure: Figure) -> Option<(f64, f64)> {
    let told = session.evaluation.for_host(host, &session.attendance)?;
    let mean = match figure {
        Figure::Satisfaction => told.satisfaction_mean,
        Figure::Before => told.score_means.map(|(before, _)| before),
        Figure::After => told.score_means.map(|(_, after)| after),
    };
    Some((mean?, 0.25))
}

/// Every host reads the exact mean.
fn without_rule(session: &Session, _host: OrganisationId, figure: Figure) -> Option<(f64, f64)> {
    let scores = session.evaluation.scores;
    let mean = match figure {
        Figure::Satisfaction => session.evaluation.satisfaction_mean,
        Figure::Before => scores.map(|scores| scores.pre_mean),
        Figure::After => scores.map(|scores| scores.post_mean),
    };
    Some((mean?, 0.0))
}

/// Rounded, to everybody.
fn only_rounded(session: &Session, host: OrganisationId, figure: Figure) -> Option<(f64, f64)> {
    without_rule(session, host, figure).map(|(mean, _)| ((mean * 2.0).round() / 2.0, 0.25))
}

/// Looks at each host alone, and never at two together.
fn each_alone(session: &Session, host: OrganisationId, figure: Figure) -> Option<(f64, f64)> {
    let counted = session.people.iter().filter(|person| figure.of(person).is_some());
    let others = counted.filter(|person| person.host != host).count();
    (others == 0 || others >= 5).then(|| only_rounded(session, host, figure)).flatten()
}

/// How wide, in shares of the range, the values are that one unknown person's score can have, for those who know everything of
/// their own people and how many others there are. None where they are told nothing, or nobody is unknown.
fn width_left(session: &Session, attackers: &BTreeSet<OrganisationId>, figure: Figure, rule: Rule) -> Option<f64> {
    let (mean, error) = attackers.iter().find_map(|host| rule(session, *host, figure))?;
    let (known, unknown): (Vec<&Person>, Vec<&Person>) =
        session.people.iter().filter(|person| figure.of(person).is_some()).partition(|person| attackers.contains(&person.host));
    if unknown.is_empty() {
        return None;
    }
    let all = (known.len() + unknown.len()) as f64;
    let own: f64 = known.iter().filter_map(|person| figure.of(person)).sum();
    let ((low, high), others) = (figure.range(), (unknown.len() - 1) as f64);
    let least = (mean - error) * all - own - others * high;
    let most = (mean + error) * all - own - others * low;
    let left = (low.max(least), high.min(most));
    for person in unknown {
        let true_value = figure.of(person).unwrap_or_default();
        assert!(left.0 - 1e-9 <= true_value && true_value <= left.1 + 1e-9, "the attack is wrong");
    }
    Some((left.1 - left.0).max(0.0) / (high - low))
}

/// The narrowest that is left of anybody, for each host and each two together, over many sessions; how often somebody could be
/// read to a tenth of the range; and how often somebody was told something.
fn attack(rule: Rule) -> (f64, usize, usize) {
    let random = &mut Random::of(10);
    let (mut narrowest, mut recovered, mut told) = (1.0_f64, 0, 0);
    for session in (0..3_000).filter_map(|_| Session::of(random)) {
        for (at, one) in session.hosts.iter().enumerate() {
            told += usize::from(rule(&session, *one, Figure::Before).is_some());
            for other in &session.hosts[at..] {
                for figure in Figure::ALL {
                    let Some(width) = width_left(&session, &BTreeSet::from([*one, *other]), figure, rule) else { continue };
                    narrowest = narrowest.min(width);
                    recovered += usize::from(width < 0.1);
                }
            }
        }
    }
    (narrowest, recovered, told)
}

#[test]
fn neither_a_host_nor_two_together_read_a_persons_score_from_an_evaluation() {
    let (narrowest, recovered, told) = attack(as_told);
    assert_eq!(recovered, 0);
    // The narrowest are of five people who all were at one end of the scale: their mean says so.
    assert!(narrowest > 0.25, "somebody is left with {narrowest} of the range");
    assert!(told > 1_000, "only {told} hosts were told anything: this proves nothing");
}

#[test]
fn without_the_rule_or_a_part_of_it_they_do() {
    for (name, rule) in
        [("no rule", without_rule as Rule), ("rounding alone", only_rounded as Rule), ("each host alone", each_alone as Rule)]
    {
        let (_, recovered, _) = attack(rule);
        assert!(recovered > 100, "{name}: {recovered} were recovered");
    }
}

#[test]
fn five_people_and_one_are_told_to_the_one_host_alone_and_five_and_five_to_both() {
    let of = |counts: &[i32]| -> Vec<bool> {
        let hosts: Vec<_> = (0..counts.len()).map(|host| OrganisationId(Uuid::from_u128(host as u128))).collect();
        let person = |host: &OrganisationId| Person { host: *host, satisfaction: 4.0, scores: Some((40.0, 61.3)) };
        let people = hosts.iter().zip(counts).flat_map(|(host, count)| (0..*count).map(move |_| person(host))).collect();
        let session = Session::evaluated(people, hosts).expect("enough people");
        session.hosts.iter().map(|host| session.evaluation.for_host(*host, &session.attendance).is_some()).collect()
    };
    assert_eq!(of(&[5, 1]), [false, true]);
    assert_eq!(of(&[5, 5]), [true, true]);
    assert_eq!(of(&[5, 4]), [false, true]);
    assert_eq!(of(&[6]), [true]);
    // The first two together would be left with one person.
    assert_eq!(of(&[5, 5, 1]), [false, false, true]);
    assert_eq!(of(&[5, 5, 5]), [true, true, true]);
}

#[test]
fn what_hosts_read_of_others_people_never_changes() {
    let random = &mut Random::of(11);
    let (mut twice, mut read) = (0, 0);
    for _ in 0..400 {
        let Some(session) = Session::of(random) else { continue };
        let recorded_at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(random.below(1_000_000) as i64);
        let readable_at = readable_at(recorded_at, &session.attendance);
        // Moments around the end of the time in which it can be put right.
        for _ in 0..50 {
            let at = recorded_at + TimeDelta::seconds(random.below(2 * EVALUATION_OPEN.num_seconds() as usize) as i64);
            let (is_read, can_change) = (at >= readable_at, check_not_settled(Some(recorded_at), at).is_ok());
            twice += usize::from(is_read && can_change);
            read += usize::from(is_read);
            assert!(is_read || can_change, "it neither is read nor can be put right");
        }
    }
    assert_eq!(twice, 0);
    assert!(read > 1_000);
}

#[test]
fn read_before_and_after_one_persons_answers_were_added_even_rounded_means_would_tell_them() {
    let random = &mut Random::of(12);
    let (mut tried, mut recovered) = (0, 0);
    for mut people in (0..2_000).filter_map(|_| Session::of(random)).map(|session| session.people) {
        let hosts: Vec<_> = people.iter().map(|person| person.host).collect::<BTreeSet<_>>().into_iter().collect();
        let Some(last) = people.last_mut() else { continue };
        let late = last.scores.take().unwrap_or((50.0, 50.0));
        let after = |people: &[Person]| {
            mean(&people.iter().filter_map(|person| person.scores).map(|(_, after)| after).collect::<Vec<_>>())
        };
        let before_it = (people.iter().filter(|person| person.scores.is_some()).count() as f64, after(&people));
        if let Some(last) = people.last_mut() {
            last.scores = Some(late);
        }
        let Some(session) = Session::evaluated(people, hosts) else { continue };
        if as_told(&session, session.hosts[0], Figure::After).is_none() {
            continue;
        }
        tried += 1;
        let halves = |mean: f64| (mean * 2.0).round() / 2.0;
        let (count, mean_before) = before_it;
        let guess = halves(after(&session.people)) * (count + 1.0) - halves(mean_before) * count;
        recovered += usize::from((guess - late.1).abs() < 10.0);
    }
    assert!(tried > 200 && recovered * 2 > tried, "{recovered} of {tried}");
}
