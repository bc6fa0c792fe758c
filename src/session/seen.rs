//! What an agent had seen when they asked for something: from the number of a message to views to the batch of the visitor's page.

use std::collections::VecDeque;

use crate::protocol::act::Denial;

/// Messages that are remembered.
const MESSAGES: usize = 4096;

/// The batches behind the last messages to views.
#[derive(Default)]
pub(super) struct Seen(VecDeque<Entry>);

#[derive(Clone, Copy)]
struct Entry {
    /// The message's number.
    seq: u64,
    /// The load of a page.
    page: u64,
    /// The last batch of which the message, or nothing at all, told.
    batch: u32,
}

impl Seen {
    /// A batch was applied; `seq` is the number of the last message after it.
    pub(super) fn note(&mut self, seq: u64, page: u64, batch: u32) {
        match self.0.back_mut() {
            // Views were told nothing of it: who saw the message before has seen all there was.
            Some(last) if last.seq == seq && last.page == page => last.batch = batch,
            _ => {
                if self.0.len() >= MESSAGES {
                    self.0.pop_front();
                }
                self.0.push_back(Entry { seq, page, batch });
            }
        }
    }

    /// The batch that somebody had seen who had seen a message; what is beyond the last counts as the last.
    ///
    /// # Errors
    /// [`Denial::Gone`] for a message about another load than `page`, [`Denial::Conflict`] for one too long ago to be known.
    pub(super) fn batch(&self, seq: u64, page: u64) -> Result<u32, Denial> {
        let after = self.0.partition_point(|entry| entry.seq <= seq);
        let entry = after.checked_sub(1).and_then(|at| self.0.get(at)).ok_or(Denial::Conflict)?;
        if entry.page == page { Ok(entry.batch) } else { Err(Denial::Gone) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stand_for_batches() {
        let mut seen = Seen::default();
        assert_eq!(seen.batch(1, 7), Err(Denial::Conflict));
        for (seq, page, batch) in [(1, 7, 0), (2, 7, 1), (2, 7, 2), (3, 7, 3), (4, 8, 0)] {
            seen.note(seq, page, batch);
        }
        assert_eq!([seen.batch(1, 7), seen.batch(2, 7), seen.batch(3, 7)], [Ok(0), Ok(2), Ok(3)]);
        assert_eq!(seen.batch(3, 8), Err(Denial::Gone), "an earlier load");
        assert_eq!(seen.batch(4, 8), Ok(0));
        assert_eq!(seen.batch(99, 8), Ok(0), "nobody has seen what is to come");
    }

    #[test]
    fn only_the_last_are_remembered() {
        let mut seen = Seen::default();
        (1..=5000u32).for_each(|n| seen.note(u64::from(n), 7, n));
        assert_eq!(seen.0.len(), MESSAGES);
        assert_eq!(seen.batch(904, 7), Err(Denial::Conflict));
        assert_eq!(seen.batch(905, 7), Ok(905));
    }
}
