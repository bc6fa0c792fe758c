//! What was written in a session's chat: in memory alone. Agents read what the visitor wrote as the rules of the page have it; the visitor reads it as
//! it was written.

use std::collections::VecDeque;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::privacy::Scrubber;
use crate::protocol::chat::ChatMessage;
use crate::protocol::people::PersonId;

/// Messages that are kept.
const MESSAGES: usize = 200;
/// Longest message, in characters.
const LENGTH: usize = 2_000;
/// Lines of the visitor's that follow each other within so many milliseconds are looked through as one: what one says in two lines is said.
const PAUSE: u64 = 60_000;
/// Lines that are looked through as one, at most.
const RUN: usize = 16;
/// Stands for a line of which nothing is left.
const NOTHING: &str = "***";

/// The last messages.
#[derive(Default)]
pub(super) struct Chat {
    last: u32,
    lines: VecDeque<Line>,
}

struct Line {
    /// As it was written.
    message: ChatMessage,
    /// As agents read it.
    told: String,
}

impl Line {
    fn told(&self) -> ChatMessage {
        ChatMessage { text: self.told.clone(), ..self.message.clone() }
    }
}

/// A new line.
pub(super) struct Added {
    /// For the visitor.
    pub(super) written: ChatMessage,
    /// For agents.
    pub(super) told: ChatMessage,
    /// With it, lines before it mean what agents may not read: all are to be told anew.
    pub(super) changed: bool,
}

impl Chat {
    /// Adds what somebody wrote; `scrubber`: that of the page. None: nothing is left of it.
    pub(super) fn add(&mut self, by: PersonId, name: &str, text: &str, scrubber: &Scrubber) -> Option<Added> {
        let text = clean(text)?;
        self.last += 1;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let message = ChatMessage { id: self.last, by, name: name.to_owned(), at, text };
        if self.lines.len() >= MESSAGES {
            self.lines.pop_front();
        }
        let told = message.text.clone();
        self.lines.push_back(Line { message: message.clone(), told });
        let changed = self.scrub(self.lines.len() - 1, scrubber);
        let told = self.lines.back().map(Line::told)?;
        Some(Added { written: message, told, changed })
    }

    /// All that are kept, in order, as they were written.
    pub(super) fn written(&self) -> Vec<ChatMessage> {
        self.lines.iter().map(|line| line.message.clone()).collect()
    }

    /// All that are kept, in order, as agents read them.
    pub(super) fn told(&self) -> Vec<ChatMessage> {
        self.lines.iter().map(Line::told).collect()
    }

    /// Other rules hold.
    pub(super) fn scrub_anew(&mut self, scrubber: &Scrubber) {
        self.lines.iter_mut().for_each(|line| line.told.clone_from(&line.message.text));
        (0..self.lines.len()).for_each(|at| _ = self.scrub(at, scrubber));
    }

    /// Scrubs a line of the visitor's, together with those before it. True: one of those changed.
    fn scrub(&mut self, at: usize, scrubber: &Scrubber) -> bool {
        let run = self.run(at);
        let Some((newest, before)) = run.split_last().filter(|_| !scrubber.is_empty()) else { return false };
        let mut texts: Vec<String> = run.iter().filter_map(|i| self.lines.get(*i)).map(|l| l.told.clone()).collect();
        for text in &mut texts {
            *text = scrubber.scrub(text).into_owned();
        }
        for between in ["", " "] {
            texts = joined(&texts, between, scrubber).unwrap_or(texts);
        }
        let mut changed = false;
        for (i, text) in run.iter().zip(texts) {
            let text = if text.trim().is_empty() { NOTHING.to_owned() } else { text };
            let Some(line) = self.lines.get_mut(*i) else { continue };
            changed |= i != newest && before.contains(i) && line.told != text;
            line.told = text;
        }
        changed
    }

    /// The lines of the visitor's that end with one, whatever others wrote in between. None: it is another's.
    fn run(&self, at: usize) -> Vec<usize> {
        let mut run = Vec::new();
        let mut next = None;
        for i in (0..=at).rev() {
            let Some(Line { message, .. }) = self.lines.get(i) else { break };
            let follows = next.is_none_or(|next: u64| next.saturating_sub(message.at) <= PAUSE);
            if !follows || run.len() >= RUN || message.by != PersonId::VISITOR && i == at {
                break;
            }
            if message.by == PersonId::VISITOR {
                run.push(i);
                next = Some(message.at);
            }
        }
        run.reverse();
        run
    }
}

/// Texts scrubbed as the one that they are with something between them. None: nothing changes.
fn joined(texts: &[String], between: &str, scrubber: &Scrubber) -> Option<Vec<String>> {
    let mut pieces: Vec<&str> = texts.iter().flat_map(|text| [text.as_str(), between]).collect();
    pieces.pop();
    let scrubbed = scrubber.scrub_run(&pieces)?;
    Some(scrubbed.into_iter().step_by(2).collect())
}

/// A text without control characters but for line feeds, no longer than is kept. Marks that turn the direction of what stands around them go, too.
fn clean(text: &str) -> Option<String> {
    let turns =
        |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter(|c| (*c == '\n' || !c.is_control()) && !turns(*c)).take(LENGTH);
    let kept: String = kept.collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::Privacy;
    use crate::protocol::rules::{PrivacyDraft, ScrubDraft};

    #[test]
    fn messages_are_cleaned_and_bounded() {
        let (mut chat, none) = (Chat::default(), Scrubber::default());
        for (text, kept) in [
            (" Hello\u{7}\r\nthere\u{202e} ", Some("Hello\nthere")),
            ("\u{0}\n \t", None),
            ("", None),
            ("<b>x</b>", Some("<b>x</b>")),
        ] {
            let added = chat.add(PersonId(1), "Ada", text, &none);
            assert_eq!(added.map(|added| added.written.text).as_deref(), kept, "{text:?}");
        }
        let long = chat.add(PersonId::VISITOR, "", &"é".repeat(3_000), &none).unwrap();
        assert_eq!(long.written.text.chars().count(), LENGTH);
        (0..MESSAGES).for_each(|_| _ = chat.add(PersonId(1), "Ada", "more", &none));
        let ids: Vec<_> = chat.told().iter().map(|message| message.id).collect();
        assert_eq!((ids.len(), ids[0], ids.is_sorted()), (MESSAGES, 4, true));
    }

    fn scrubber() -> Scrubber {
        let pattern = r"\b\d{4} ?\d{4} ?\d{4} ?\d{4}\b".to_owned();
        let rule =
            ScrubDraft { pattern: Some(pattern), replacement: Some("[card]".to_owned()), ..ScrubDraft::default() };
        let draft = PrivacyDraft { scrub: vec![rule], ..PrivacyDraft::default() };
        Privacy::check(&draft, "").unwrap().scrubber(&"https://shop.example/".parse().unwrap())
    }

    fn says(chat: &mut Chat, by: u32, text: &str) -> Added {
        chat.add(PersonId(by), "", text, &scrubber()).unwrap()
    }

    #[test]
    fn agents_do_not_read_what_the_visitor_says_in_one_line_or_in_two() {
        let mut chat = Chat::default();
        let one = says(&mut chat, 0, "It is 4111 1111 1111 1111, I think");
        assert_eq!((&*one.told.text, one.changed), ("It is [card], I think", false));
        assert_eq!(one.written.text, "It is 4111 1111 1111 1111, I think", "the visitor reads what they wrote");
        assert_eq!(
            says(&mut chat, 1, "4111 1111 1111 1111?").told.text,
            "4111 1111 1111 1111?",
            "an agent's own words"
        );
        assert_eq!(says(&mut chat, 0, "thanks").told.text, "thanks");
        for (first, second) in
            [("4111 1111", "1111 1111"), ("the first half: 41111111", "11111111"), ("x 4", "111 1111 1111 1111 y")]
        {
            let mut chat = Chat::default();
            says(&mut chat, 0, first);
            says(&mut chat, 1, "go on");
            let second = says(&mut chat, 0, second);
            assert!(second.changed, "{first}");
            let told: Vec<_> = chat.told().into_iter().map(|message| message.text).collect();
            assert!(!told.iter().any(|text| text.contains("1111")), "{told:?}");
            assert!(chat.written()[0].text == first);
        }
    }

    #[test]
    fn what_was_said_long_before_is_another_matter() {
        let mut chat = Chat::default();
        says(&mut chat, 0, "4111 1111");
        chat.lines[0].message.at -= PAUSE + 1_000;
        let second = says(&mut chat, 0, "1111 1111");
        assert_eq!((&*second.told.text, second.changed), ("1111 1111", false));
    }

    #[test]
    fn other_rules_hold_for_what_was_said_before() {
        let mut chat = Chat::default();
        for text in ["4111 1111", "1111 1111"] {
            chat.add(PersonId::VISITOR, "", text, &Scrubber::default());
        }
        let told = |chat: &Chat| chat.told().iter().any(|message| message.text.contains("1111"));
        assert!(told(&chat));
        chat.scrub_anew(&scrubber());
        assert!(!told(&chat));
        chat.scrub_anew(&Scrubber::default());
        assert!(told(&chat));
    }
}
