//! Whatever moves between samples is covered, and what is not certain is dropped.

use proptest::prelude::*;

use super::{Guard, Judged, Limits, Place, Verdict};

/// What is tested with bare frames bears its exact time.
const EXACT: Limits = Limits { before: 0.0, after: 0.0, gap: 2_000.0 };

fn place(x: f64, y: f64, width: f64, height: f64) -> Place {
    Place { x, y, width, height }
}

fn sample(at: f64, places: Vec<(u64, Vec<Place>)>) -> Judged {
    Judged { at, page: 1, edition: 1, complete: true, places }
}

fn guard(limits: Limits, samples: impl IntoIterator<Item = Judged>) -> Guard {
    let mut guard = Guard::with(limits);
    samples.into_iter().for_each(|sample| guard.sample(sample));
    guard
}

/// Whether all of a box is under covers; boxes in tests lie under one at least.
fn covered(verdict: &Verdict, place: &Place) -> bool {
    matches!(verdict, Verdict::Covers(covers) if covers.iter().any(|cover| cover.contains(place)))
}

#[test]
fn a_frame_waits_for_the_sample_after_it() {
    let stand = || vec![(7, vec![place(10.0, 10.0, 50.0, 20.0)])];
    let mut guard = guard(Limits::default(), [sample(1000.0, stand())]);
    assert_eq!(guard.may(1150.0, 1), Verdict::Wait);
    guard.sample(sample(1100.0, stand()));
    assert_eq!(guard.may(1150.0, 1), Verdict::Wait, "from before it");
    guard.sample(sample(1160.0, stand()));
    assert!(covered(&guard.may(1150.0, 1), &place(10.0, 10.0, 50.0, 20.0)));
}

#[test]
fn a_frame_without_a_sample_that_is_old_enough_is_dropped() {
    assert_eq!(Guard::new().may(1000.0, 1), Verdict::Wait, "they may be on their way");
    let guard = guard(Limits::default(), [sample(950.0, vec![]), sample(1050.0, vec![])]);
    assert_eq!(guard.may(1000.0, 1), Verdict::Drop);
    assert_eq!(guard.may(f64::NAN, 1), Verdict::Drop);
    assert_eq!(guard.may(f64::INFINITY, 1), Verdict::Drop);
}

#[test]
fn nothing_to_cover_is_nothing_covered() {
    let guard = guard(Limits::default(), [sample(800.0, vec![]), sample(1050.0, vec![(3, vec![])])]);
    assert_eq!(guard.may(1000.0, 1), Verdict::Covers(vec![]));
}

#[test]
fn an_incomplete_sample_hides_all_between_its_neighbours() {
    let incomplete = Judged { complete: false, ..sample(1100.0, vec![]) };
    let guard = guard(EXACT, [sample(1000.0, vec![]), incomplete, sample(1200.0, vec![]), sample(1300.0, vec![])]);
    assert_eq!(guard.may(1000.0, 1), Verdict::Covers(vec![]));
    for at in [1000.1, 1050.0, 1100.0, 1150.0, 1199.9] {
        assert_eq!(guard.may(at, 1), Verdict::Drop, "{at}");
    }
    assert_eq!(guard.may(1200.0, 1), Verdict::Covers(vec![]));
    assert_eq!(guard.may(1250.0, 1), Verdict::Covers(vec![]));
}

#[test]
fn numbers_that_are_none_are_incomplete() {
    for wrong in [place(f64::NAN, 0.0, 1.0, 1.0), place(0.0, 0.0, -1.0, 1.0), place(0.0, f64::INFINITY, 1.0, 1.0)] {
        let guard = guard(EXACT, [sample(1000.0, vec![(1, vec![wrong])]), sample(1100.0, vec![])]);
        assert_eq!(guard.may(1050.0, 1), Verdict::Drop);
    }
}

#[test]
fn another_page_or_other_rules_or_a_clock_that_went_back_begin_anew() {
    let page = |at, page| Judged { page, ..sample(at, vec![]) };
    let guard_of = |samples: Vec<Judged>| guard(EXACT, samples);
    assert_eq!(guard_of(vec![page(1000.0, 1), page(1100.0, 2)]).may(1050.0, 1), Verdict::Drop);
    assert_eq!(guard_of(vec![page(1000.0, 1), page(1100.0, 1), page(1200.0, 2)]).may(1050.0, 1), Verdict::Drop);
    let edition = |at, edition| Judged { edition, ..sample(at, vec![]) };
    assert_eq!(guard_of(vec![edition(1000.0, 1), edition(1100.0, 2)]).may(1050.0, 1), Verdict::Drop);
    assert_eq!(guard_of(vec![edition(1000.0, 1), edition(1100.0, 2)]).may(1050.0, 2), Verdict::Drop);
    assert_eq!(
        guard_of(vec![sample(1000.0, vec![]), sample(990.0, vec![]), sample(1100.0, vec![])]).may(995.0, 1),
        Verdict::Covers(vec![])
    );
    assert_eq!(guard_of(vec![sample(1000.0, vec![]), sample(990.0, vec![])]).may(985.0, 1), Verdict::Drop);
}

#[test]
fn what_moved_while_nobody_looked_is_not_known() {
    let at = |time, x| sample(time, vec![(1, vec![place(x, 0.0, 10.0, 10.0)])]);
    assert_eq!(guard(EXACT, [at(1000.0, 0.0), at(3500.0, 50.0)]).may(2000.0, 1), Verdict::Drop);
    assert!(covered(&guard(EXACT, [at(1000.0, 5.0), at(9000.0, 5.0)]).may(2000.0, 1), &place(5.0, 0.0, 10.0, 10.0)));
}

#[test]
fn what_is_made_bit_by_bit_is_covered_at_all_times() {
    let at = |n: u32| sample(f64::from(n) * 100.0, vec![(1, vec![place(f64::from(n % 5) * 100.0, 0.0, 10.0, 10.0)])]);
    let guard = guard(Limits::default(), (0..10).map(at));
    let verdict = guard.may_between(250.0, 850.0, 1);
    (1..10).for_each(|n| assert!(covered(&verdict, &place(f64::from(n % 5) * 100.0, 0.0, 10.0, 10.0))));
    assert_eq!(guard.may_between(250.0, 1000.0, 1), Verdict::Wait);
    assert_eq!(guard.may_between(850.0, 250.0, 1), Verdict::Drop);
}

#[test]
fn what_is_put_in_the_same_place_is_no_motion() {
    let at = |time, node| sample(time, vec![(node, vec![place(100.0, 100.0, 40.0, 20.0)])]);
    let Verdict::Covers(covers) = guard(EXACT, [at(1000.0, 1), at(1016.0, 2)]).may(1010.0, 1) else {
        panic!("dropped")
    };
    assert_eq!(covers, [place(98.0, 98.0, 44.0, 24.0)]);
}

#[test]
fn one_sample_at_the_very_moment_is_enough() {
    let stand = place(10.0, 10.0, 50.0, 20.0);
    let guard = guard(EXACT, [sample(1000.0, vec![(1, vec![stand])]), sample(1100.0, vec![])]);
    assert!(covered(&guard.may(1000.0, 1), &stand));
}

#[test]
fn what_came_in_may_have_come_from_afar() {
    let guard = guard(EXACT, [sample(1000.0, vec![]), sample(1016.0, vec![(1, vec![place(0.0, 700.0, 90.0, 20.0)])])]);
    assert!(covered(&guard.may(1010.0, 1), &place(0.0, 750.0, 90.0, 20.0)));
}

#[test]
fn samples_are_few() {
    let still = (0..100_000_u32).map(|n| sample(f64::from(n), vec![]));
    let guard = guard(EXACT, still);
    assert!(guard.samples.len() <= super::KEPT);
    let seldom = (0..100_u32).map(|n| sample(f64::from(n) * 10_000.0, vec![]));
    assert_eq!(self::guard(EXACT, seldom).samples.len(), 2, "the last and the one before");
}

/// A box, how it moves in each of several steps, and whether it jumps there.
fn motion() -> impl Strategy<Value = (Vec<Place>, Vec<bool>)> {
    let one = (-500.0..1500.0, -500.0..1500.0, 0.0..400.0, 0.0..200.0).prop_map(|(x, y, w, h)| place(x, y, w, h));
    (prop::collection::vec(one, 8), prop::collection::vec(any::<bool>(), 8))
}

fn between(a: &Place, b: &Place, part: f64) -> Place {
    let at = |from: f64, to: f64| from + (to - from) * part;
    place(at(a.x, b.x), at(a.y, b.y), at(a.width, b.width), at(a.height, b.height))
}

proptest! {
    #[test]
    fn whatever_moves_is_covered((places, jumps) in motion(), gap in 1.0..400.0_f64, when in 0.0..1.0_f64, late in 0.0..100.0_f64) {
        let at = |n: usize| -> f64 { 10_000.0 + gap * n as f64 };
        let samples = places.iter().enumerate().map(|(n, place)| sample(at(n), vec![(9, vec![*place])]));
        let guard = guard(Limits::default(), samples);
        let frame = at(0) + when * (at(7) - at(0));
        let shown = frame - late;
        let verdict = guard.may(frame, 1);
        if let Verdict::Covers(_) = verdict {
            let step = f64::floor((shown - at(0)) / gap) as usize;
            let part = f64::clamp((shown - at(step)) / gap, 0.0, 1.0);
            let (old, new) = (&places[step], &places[(step + 1).min(7)]);
            let stood = if jumps[step] { if part < 0.5 { *old } else { *new } } else { between(old, new, part) };
            prop_assert!(covered(&verdict, &stood), "{stood:?} of {old:?} to {new:?} is bare in {verdict:?}");
        } else {
            prop_assert!(frame - 100.0 < at(0) || frame + 5.0 > at(7));
        }
    }

    #[test]
    fn nothing_is_shown_across_doubt(kinds in prop::collection::vec(0..8_u8, 2..40), frame in 0.0..1_000.0_f64, edition in 1..3_u64) {
        let mut samples = Vec::new();
        let (mut page, mut rules) = (1, 1);
        for (n, kind) in kinds.iter().enumerate() {
            page += u64::from(*kind == 1);
            rules += u64::from(*kind == 2);
            samples.push(Judged { at: n as f64 * 25.0, page, edition: rules, complete: *kind != 0, places: vec![] });
        }
        let limits = Limits::default();
        if let Verdict::Covers(_) = guard(limits, samples.clone()).may(frame, edition) {
            let first = samples.iter().rposition(|s| s.at <= frame - limits.before).unwrap();
            let last = samples.iter().position(|s| s.at >= frame + limits.after).unwrap();
            let all = &samples[first..=last];
            prop_assert!(all.iter().all(|s| s.complete && s.edition == edition && s.page == samples.last().unwrap().page));
        }
    }

    #[test]
    fn more_samples_never_turn_a_drop_into_pixels(kinds in prop::collection::vec(0..8_u8, 2..40), frame in 100.0..900.0_f64) {
        let mut guard = Guard::new();
        let mut dropped = false;
        for (n, kind) in kinds.iter().enumerate() {
            guard.sample(Judged { at: n as f64 * 25.0, page: 1, edition: 1, complete: *kind != 0, places: vec![] });
            let verdict = guard.may(frame, 1);
            prop_assert!(!(dropped && matches!(verdict, Verdict::Covers(_))));
            dropped |= verdict == Verdict::Drop;
        }
    }
}
