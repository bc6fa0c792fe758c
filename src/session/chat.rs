//! What was written in a session's chat: in memory alone.

use std::collections::VecDeque;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::protocol::chat::ChatMessage;
use crate::protocol::people::PersonId;

/// Messages that are kept.
const MESSAGES: usize = 200;
/// Longest message, in characters.
const LENGTH: usize = 2_000;

/// The last messages.
#[derive(Default)]
pub(super) struct Chat {
    last: u32,
    messages: VecDeque<ChatMessage>,
}

impl Chat {
    /// Adds what somebody wrote. None: nothing is left of it.
    pub(super) fn add(&mut self, by: PersonId, name: &str, text: &str) -> Option<ChatMessage> {
        let text = clean(text)?;
        self.last += 1;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let message = ChatMessage { id: self.last, by, name: name.to_owned(), at, text };
        if self.messages.len() >= MESSAGES {
            self.messages.pop_front();
        }
        self.messages.push_back(message.clone());
        Some(message)
    }

    /// All that are kept, in order.
    pub(super) fn messages(&self) -> Vec<ChatMessage> {
        self.messages.iter().cloned().collect()
    }
}

/// A text without control characters but for line feeds, no longer than is kept. Marks that turn the direction of what stands around them go, too.
fn clean(text: &str) -> Option<String> {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter(|c| (*c == '\n' || !c.is_control()) && !turns(*c)).take(LENGTH);
    let kept: String = kept.collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cleaned_and_bounded() {
        let mut chat = Chat::default();
        for (text, kept) in [
            (" Hello\u{7}\r\nthere\u{202e} ", Some("Hello\nthere")),
            ("\u{0}\n \t", None),
            ("", None),
            ("<b>x</b>", Some("<b>x</b>")),
        ] {
            assert_eq!(chat.add(PersonId(1), "Ada", text).map(|message| message.text).as_deref(), kept, "{text:?}");
        }
        assert_eq!(chat.add(PersonId::VISITOR, "", &"é".repeat(3_000)).unwrap().text.chars().count(), LENGTH);
        (0..MESSAGES).for_each(|_| _ = chat.add(PersonId(1), "Ada", "more"));
        let ids: Vec<_> = chat.messages().iter().map(|message| message.id).collect();
        assert_eq!((ids.len(), ids[0], ids.is_sorted()), (MESSAGES, 4, true));
    }
}
