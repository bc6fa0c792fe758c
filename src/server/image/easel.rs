//! What becomes of a page's shots: pictures, covered ones for agents, and for each watcher the frames that its line bears. It computes, and so has a
//! thread of its own, which hears of everything by [`Easel::tell`].

use std::collections::VecDeque;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc as channel, oneshot};

use super::still::Covers;
use crate::image::frame::View;
use crate::image::guard::{self, Guard, Place, Verdict};
use crate::image::pace::Watcher;
use crate::image::picture::Picture;
use crate::image::tab::Shot;
use crate::session::{Feed, Judged, Side};

/// Pictures that wait for samples; of more, the oldest is left out.
const UNDECIDED: usize = 4;
/// How long after the last picture, if agents could not be shown it, another one is asked for.
const ANEW: Duration = Duration::from_millis(150);
/// How long a sample that was asked for may take before it is asked for once more: the page may not have been there to be asked.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long nothing may come before it is looked whether the other side is still there.
const IDLE: Duration = Duration::from_secs(60);

/// What the thread is told.
pub(super) enum Told {
    /// A new shot.
    Shot(Shot),
    /// A sample.
    Judged(Judged),
    /// Somebody looks on.
    Feed(Feed),
    /// They do not any more.
    FeedGone(u64),
    /// A frame was drawn.
    Drawn(u64, u32),
    /// A frame did not reach its watcher.
    Lost(u64),
    /// A still was taken from one moment to another: what agents may see of it.
    Judge {
        /// Milliseconds since 1970.
        from: f64,
        /// Milliseconds since 1970.
        to: f64,
        /// Told as soon as it can be said.
        answer: oneshot::Sender<Covers>,
    },
    /// The page is opened anew: what was known of it does not count.
    Anew,
}

/// What it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// A sample, for a picture that waits.
    Look,
    /// Another picture of what does not move any more: agents could not be shown the last one.
    Shot,
}

/// The handle on it.
pub(super) struct Easel {
    told: mpsc::Sender<Told>,
    wants: channel::UnboundedReceiver<Want>,
}

impl Easel {
    /// Starts it. It stops when this is dropped.
    pub(super) fn start() -> Self {
        let (told, hears) = mpsc::channel();
        let (wishes, wants) = channel::unbounded_channel();
        tokio::task::spawn_blocking(move || Hand::new(wishes).work(&hears));
        Self { told, wants }
    }

    /// For what tells it something later.
    pub(super) fn teller(&self) -> mpsc::Sender<Told> {
        self.told.clone()
    }

    pub(super) fn tell(&self, told: Told) {
        let _ = self.told.send(told);
    }

    /// What it wants next. May be dropped and called again.
    pub(super) async fn wants(&mut self) -> Want {
        match self.wants.recv().await {
            Some(want) => want,
            None => std::future::pending().await,
        }
    }
}

struct Seat {
    feed: Feed,
    watcher: Watcher,
}

/// The thread's own.
struct Hand {
    wishes: channel::UnboundedSender<Want>,
    seats: Vec<Seat>,
    guard: Guard,
    /// Edition of the newest sample.
    edition: u64,
    outside: bool,
    number: u32,
    /// The newest shot, not decoded: nobody could take it yet.
    shot: Option<Shot>,
    bare: Option<Picture>,
    covered: Option<(Picture, u64)>,
    undecided: VecDeque<Picture>,
    stills: Vec<(f64, f64, oneshot::Sender<Covers>)>,
    /// Until when a sample that was asked for is waited for.
    looking: Option<Instant>,
    /// When another picture is asked for, since agents could not be shown the last.
    anew: Option<Instant>,
}

impl Hand {
    fn new(wishes: channel::UnboundedSender<Want>) -> Self {
        Self {
            wishes,
            seats: Vec::new(),
            guard: Guard::new(),
            edition: 0,
            outside: false,
            number: 0,
            shot: None,
            bare: None,
            covered: None,
            undecided: VecDeque::new(),
            stills: Vec::new(),
            looking: None,
            anew: None,
        }
    }

    fn work(mut self, hears: &mpsc::Receiver<Told>) {
        loop {
            match hears.recv_timeout(self.patience(Instant::now())) {
                Ok(told) => self.hear(told),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
            // Whatever came meanwhile counts before anything is computed: of several shots, only the newest.
            while let Ok(told) = hears.try_recv() {
                self.hear(told);
            }
            self.develop();
            self.decide();
            self.judge_stills();
            self.ask();
            self.send();
        }
    }

    fn patience(&self, now: Instant) -> Duration {
        let deadlines = self.seats.iter().filter_map(|seat| seat.watcher.deadline());
        let deadlines = deadlines.chain(self.anew).chain(self.looking.filter(|_| self.waits()));
        deadlines.min().map_or(IDLE, |first| first.saturating_duration_since(now))
    }

    fn hear(&mut self, told: Told) {
        let now = Instant::now();
        match told {
            Told::Shot(shot) => (self.shot, self.anew) = (Some(shot), None),
            Told::Judged(judged) => self.sample(judged),
            Told::Feed(feed) => self.seat(feed, now),
            Told::FeedGone(id) => self.seats.retain(|seat| seat.feed.id != id),
            Told::Drawn(id, frame) => {
                if let Some(seat) = self.seats.iter_mut().find(|seat| seat.feed.id == id) {
                    seat.watcher.drawn(frame, now);
                }
            }
            Told::Lost(id) => {
                if let Some(at) = self.seats.iter().position(|seat| seat.feed.id == id) {
                    let Seat { feed, .. } = self.seats.swap_remove(at);
                    self.seat(feed, now);
                }
            }
            Told::Judge { from, to, answer } => self.stills.push((from, to, answer)),
            Told::Anew => {
                self.stills.clear();
                (self.guard, self.shot, self.anew, self.looking) = (Guard::new(), None, None, None);
                (self.bare, self.covered) = (None, None);
                self.undecided.clear();
            }
        }
    }

    /// A watcher comes, or has to begin anew.
    fn seat(&mut self, feed: Feed, now: Instant) {
        let mut watcher = Watcher::new();
        match feed.side {
            Side::Visitor => self.bare.iter().for_each(|picture| watcher.offer(picture, now)),
            Side::Agent => match &self.covered {
                Some((picture, edition)) if *edition == self.edition && !self.outside => watcher.offer(picture, now),
                _ => self.anew = self.anew.or(Some(now)),
            },
        }
        self.seats.push(Seat { feed, watcher });
    }

    fn has_agents(&self) -> bool {
        self.seats.iter().any(|seat| seat.feed.side == Side::Agent)
    }

    fn sample(&mut self, judged: Judged) {
        self.looking = self.looking.filter(|_| judged.look.is_none());
        let shown = !judged.outside;
        if self.edition != judged.edition || self.outside != judged.outside {
            (self.edition, self.outside) = (judged.edition, judged.outside);
            self.forget_covered();
            self.anew = Some(Instant::now() + ANEW).filter(|_| shown);
        }
        let places = judged.stands.iter().map(|stand| (stand.node.0, stand.boxes.iter().map(place).collect()));
        let places = places.collect();
        let complete = judged.complete && shown;
        self.guard.sample(guard::Judged {
            at: judged.at,
            page: judged.page,
            edition: judged.edition,
            complete,
            places,
        });
    }

    /// Nothing that was covered by other rules goes out by those of now, as little as what it would be compared with.
    fn forget_covered(&mut self) {
        self.covered = None;
        for seat in self.seats.iter_mut().filter(|seat| seat.feed.side == Side::Agent) {
            seat.watcher = Watcher::new();
        }
    }

    /// Decodes the newest shot, if somebody can take it.
    fn develop(&mut self) {
        let now = Instant::now();
        let wanted = self.seats.iter().any(|seat| seat.feed.side == Side::Agent || seat.watcher.free(now));
        if !wanted {
            return;
        }
        let Some(shot) = self.shot.take() else { return };
        self.number += 1;
        let (width, height) = shot.viewport;
        let view = View { left: 0.0, top: 0.0, width, height };
        let Ok(picture) = Picture::decode(self.number, shot.at, view, &shot.jpeg) else { return };
        for seat in self.seats.iter_mut().filter(|seat| seat.feed.side == Side::Visitor) {
            seat.watcher.offer(&picture, now);
        }
        self.bare = Some(picture.clone());
        if self.has_agents() {
            self.undecided.push_back(picture);
            if self.undecided.len() > UNDECIDED {
                self.undecided.pop_front();
            }
        }
    }

    /// Shows agents the newest picture that they may see. When in doubt, none.
    fn decide(&mut self) {
        let now = Instant::now();
        let mut at = self.undecided.len();
        while at > 0 {
            at -= 1;
            let picture = &self.undecided[at];
            match self.guard.may(picture.at(), self.edition) {
                Verdict::Wait => {}
                Verdict::Drop => {
                    self.undecided.remove(at);
                    if self.undecided.is_empty() && !self.outside {
                        self.anew = self.anew.or(Some(now + ANEW));
                    }
                }
                Verdict::Covers(places) => {
                    let covered = picture.cover(&places);
                    self.undecided.drain(..=at);
                    self.show(covered, now);
                    break;
                }
            }
        }
    }

    fn judge_stills(&mut self) {
        for (from, to, answer) in std::mem::take(&mut self.stills) {
            match self.guard.may_between(from, to, self.edition) {
                Verdict::Covers(places) => drop(answer.send(Some((places, self.edition)))),
                Verdict::Drop => drop(answer.send(None)),
                Verdict::Wait => self.stills.push((from, to, answer)),
            }
        }
    }

    /// Something is to be decided.
    fn waits(&self) -> bool {
        !(self.undecided.is_empty() && self.stills.is_empty())
    }

    /// Asks for what is missing.
    fn ask(&mut self) {
        let now = Instant::now();
        if self.waits() && self.looking.is_none_or(|until| until <= now) {
            self.looking = Some(now + PATIENCE);
            let _ = self.wishes.send(Want::Look);
        }
        if self.anew.is_some_and(|anew| anew <= now) {
            self.anew = None;
            if self.has_agents() && !self.outside {
                let _ = self.wishes.send(Want::Shot);
            }
        }
    }

    fn show(&mut self, covered: Picture, now: Instant) {
        self.anew = None;
        for seat in self.seats.iter_mut().filter(|seat| seat.feed.side == Side::Agent) {
            seat.watcher.offer(&covered, now);
        }
        self.covered = Some((covered, self.edition));
    }

    fn send(&mut self) {
        let now = Instant::now();
        for Seat { feed, watcher } in &mut self.seats {
            if let Some(message) = watcher.poll(now) {
                feed.put(message, self.edition);
            }
        }
    }
}

fn place(&(x, y, width, height): &(f64, f64, f64, f64)) -> Place {
    Place { x, y, width, height }
}
