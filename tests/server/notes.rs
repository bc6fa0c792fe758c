//! Notes over real sockets: both sides get them, they follow their elements, and who may takes them away.

use alongside::protocol::act::{Denial, Outcome};
use alongside::protocol::agent::{FromViewer, ToViewer};
use alongside::protocol::note::{NewNote, Note, NoteId, Shape};
use alongside::protocol::page::{NodeId, PageEvent};
use alongside::protocol::people::{Mode, PersonId};
use alongside::protocol::visitor::{FromVisitor, ToVisitor};

use crate::client::World;
use crate::together::*;

const JUSTIN: PersonId = PersonId(1);

fn label(node: NodeId) -> NewNote {
    NewNote { node, shape: Shape::Label { text: "Look\u{202e} here".to_owned(), at: (0.5, 9.0) } }
}

fn note(id: u32, by: PersonId, node: Option<NodeId>, shape: Shape) -> Note {
    Note { id: NoteId(id), by, node, shape }
}

/// Asks, and says what became of it.
async fn ask(view: &mut View, n: u32, message: FromViewer) -> Outcome {
    view.tell(message).await;
    view.outcome(n).await
}

/// A page loaded again, with other numbers for the same elements.
fn renumbered(url: &str) -> PageEvent {
    let PageEvent::Snapshot(mut page) = snapshot(url, "Cart") else { unreachable!() };
    for record in &mut page.nodes {
        record.id.0 += 100;
        record.parent = record.parent.map(|parent| NodeId(parent.0 + 100));
    }
    PageEvent::Snapshot(page)
}

#[tokio::test]
async fn a_note_is_drawn_on_both_sides_and_goes_on_both() {
    let world = World::start().await;
    let Together { mut page, mut view, mut justin, session, .. } = Together::new(&world, Mode::ViewOnly).await;
    view.tell(FromViewer::Note { n: 1, note: label(FIELD) }).await;
    let clean = Shape::Label { text: "Look here".to_owned(), at: (0.5, 6.0) };
    let made = note(1, JUSTIN, Some(FIELD), clean);
    page.until(|m| *m == ToVisitor::Note { note: made.clone() }).await;
    view.until(|m| *m == ToViewer::Note { note: made.clone() }).await;
    assert_eq!(view.outcome(1).await, Outcome::Done);

    let mut late = View::open(&world, &mut justin, &session).await;
    late.until(|m| *m == ToViewer::Notes { notes: vec![made.clone()] }).await;

    page.tell(FromVisitor::Dismiss { note: NoteId(1) }).await;
    page.until(|m| *m == ToVisitor::NoteGone { id: NoteId(1) }).await;
    let gone = ToViewer::NoteGone { id: NoteId(1), by: PersonId::VISITOR };
    view.until(|m| *m == gone).await;
    late.until(|m| *m == gone).await;
    assert_eq!(ask(&mut view, 2, FromViewer::Unnote { n: 2, id: NoteId(1) }).await, denied(Denial::Gone));
}

#[tokio::test]
async fn a_note_that_cannot_be_is_denied() {
    let world = World::start().await;
    let Together { page: _page, mut view, .. } = Together::new(&world, Mode::ViewOnly).await;
    let long = NewNote { node: FIELD, shape: Shape::Label { text: "x".repeat(301), at: (0.0, 0.0) } };
    let stroke = NewNote { node: FIELD, shape: Shape::Freehand { points: vec![(0.0, 0.0)] } };
    for (n, note, reason) in [
        (1, label(SCRIPT), Denial::Gone),
        (2, label(NOWHERE), Denial::Gone),
        (3, label(TEXT), Denial::Unfit),
        (4, long, Denial::Unfit),
        (5, stroke, Denial::Unfit),
    ] {
        assert_eq!(ask(&mut view, n, FromViewer::Note { n, note }).await, denied(reason), "{n}");
    }
}

#[tokio::test]
async fn the_rules_say_who_puts_what() {
    let world = World::with("[site.agent]\ntools = ['label']\n[site.visitor]\ntools = ['highlight']\n").await;
    let Together { mut page, mut view, .. } = Together::new(&world, Mode::Shared).await;
    let highlight = NewNote { node: FIELD, shape: Shape::Element };
    let refused = ask(&mut view, 1, FromViewer::Note { n: 1, note: highlight.clone() }).await;
    assert_eq!(refused, denied(Denial::Rule));
    page.tell(FromVisitor::Note { note: label(FIELD) }).await;
    page.tell(FromVisitor::Note { note: highlight }).await;
    let shown = note(1, PersonId::VISITOR, Some(FIELD), Shape::Element);
    let first = view.until(|m| matches!(m, ToViewer::Note { .. })).await;
    assert_eq!(first, ToViewer::Note { note: shown }, "the visitor's label is not allowed");
    let unnote = FromViewer::Unnote { n: 2, id: NoteId(1) };
    assert_eq!(ask(&mut view, 2, unnote).await, denied(Denial::Role), "the visitor's is the visitor's");
}

#[tokio::test]
async fn who_leads_takes_all_of_the_agents_away() {
    let world = World::start().await;
    let mut all = Together::new(&world, Mode::Shared).await;
    let mut ada = all.invite("Ada").await;
    let mut view = View::open(&world, &mut ada, &all.session).await;
    let noted = FromViewer::Note { n: 1, note: label(FIELD) };
    assert_eq!(ask(&mut all.view, 1, noted.clone()).await, Outcome::Done);
    assert_eq!(ask(&mut view, 1, noted).await, Outcome::Done);
    let unnote = |n, id| FromViewer::Unnote { n, id: NoteId(id) };
    assert_eq!(ask(&mut view, 2, unnote(2, 1)).await, denied(Denial::Role));
    assert_eq!(ask(&mut view, 3, FromViewer::Clear { n: 3 }).await, Outcome::Done, "her own");
    all.page.until(|m| *m == ToVisitor::NoteGone { id: NoteId(2) }).await;
    assert_eq!(ask(&mut all.view, 2, FromViewer::Clear { n: 2 }).await, Outcome::Done);
    all.page.until(|m| *m == ToVisitor::NoteGone { id: NoteId(1) }).await;
}

#[tokio::test]
async fn a_note_follows_its_element_through_changes_reloads_and_pages() {
    let world = World::start().await;
    let Together { mut page, mut view, visitor, .. } = Together::new(&world, Mode::Shared).await;
    let url = format!("http://{}/cart", visitor.host);
    assert_eq!(ask(&mut view, 1, FromViewer::Note { n: 1, note: label(BOX) }).await, Outcome::Done);

    // The page goes, and comes back with other numbers.
    let batch = |page, seq, events| FromVisitor::Events { page, seq, events };
    page.tell(batch(PAGE, 1, vec![PageEvent::Remove { node: BOX }])).await;
    view.until(|m| matches!(m, ToViewer::Note { note } if note.node.is_none())).await;
    page.tell(batch(8, 0, vec![renumbered(&url)])).await;
    let found = NodeId(BOX.0 + 100);
    let bound = |notes: &[Note], node| matches!(notes, [note] if note.node == node);
    view.until(|m| matches!(m, ToViewer::Notes { notes } if bound(notes, Some(found)))).await;
    page.until(|m| matches!(m, ToVisitor::Notes { notes } if bound(notes, Some(found)))).await;

    let elsewhere = format!("http://{}/checkout", visitor.host);
    page.tell(batch(8, 1, vec![PageEvent::Url { url: elsewhere }])).await;
    page.until(|m| matches!(m, ToVisitor::Note { note } if note.node.is_none())).await;
    page.tell(batch(8, 2, vec![PageEvent::Url { url: format!("{url}#end") }])).await;
    page.until(|m| matches!(m, ToVisitor::Note { note } if note.node == Some(found))).await;
    view.until(|m| matches!(m, ToViewer::Note { note } if note.node == Some(found))).await;
}

#[tokio::test]
async fn only_the_page_that_is_shown_has_notes() {
    let world = World::start().await;
    let Together { mut page, mut view, visitor, .. } = Together::new(&world, Mode::Shared).await;
    assert_eq!(ask(&mut view, 1, FromViewer::Note { n: 1, note: label(FIELD) }).await, Outcome::Done);
    let mut other = Page::open(&visitor).await;
    page.until(|m| matches!(m, ToVisitor::Notes { notes } if notes.is_empty())).await;
    page.tell(FromVisitor::Note { note: NewNote { node: FIELD, shape: Shape::Element } }).await;
    let events = vec![snapshot(&format!("http://{}/cart", visitor.host), "Cart")];
    other.tell(FromVisitor::Events { page: 9, seq: 0, events }).await;
    let told = other.until(|m| matches!(m, ToVisitor::Notes { .. })).await;
    assert!(matches!(&told, ToVisitor::Notes { notes } if notes.len() == 1), "{told:?}");
}
