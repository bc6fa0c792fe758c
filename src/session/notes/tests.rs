//! Notes on pages that change.

use super::*;
use crate::protocol::page::PageEvent;
use crate::session::sample::Page;

const AGENT: PersonId = PersonId(1);
const COLLEAGUE: PersonId = PersonId(2);
const URL: &str = "https://shop.example/basket?x=1#top";
const BASKET: &str = "<h1>Basket</h1><p mark>Three apples, two pears</p><p>Sum</p>";

fn label(node: NodeId) -> NewNote {
    NewNote { node, shape: Shape::Label { text: "Look here".to_owned(), at: (0.5, 0.5) } }
}

fn basket() -> (Page, NodeId, Notes) {
    let page = Page::new(BASKET, 1);
    let node = page.mark.unwrap();
    (page, node, Notes::default())
}

/// The text of an element with its node.
fn text(page: &Page, element: NodeId) -> NodeId {
    page.mirror.look(element).unwrap().children().next().unwrap().id
}

#[test]
fn who_takes_what_away() {
    let (page, node, mut notes) = basket();
    let add = |by, notes: &mut Notes| notes.add(by, label(node), &page.mirror, URL).unwrap().id;
    let ids = [AGENT, COLLEAGUE, PersonId::VISITOR].map(|by| add(by, &mut notes));
    assert_eq!(ids, [NoteId(1), NoteId(2), NoteId(3)]);
    for (id, by, leads, expected) in [
        (ids[0], COLLEAGUE, false, Err(Denial::Role)),
        (ids[2], AGENT, true, Err(Denial::Role)),
        (ids[1], AGENT, true, Ok(())),
        (ids[1], AGENT, true, Err(Denial::Gone)),
        (ids[0], PersonId::VISITOR, false, Ok(())),
        (ids[2], PersonId::VISITOR, false, Ok(())),
    ] {
        assert_eq!(notes.remove(id, by, leads), expected, "{id:?} by {by:?}");
    }
    let ids = [AGENT, COLLEAGUE, PersonId::VISITOR].map(|by| add(by, &mut notes));
    assert_eq!(ids[0], NoteId(4), "numbers are not used again");
    assert_eq!(notes.clear(COLLEAGUE, false), [ids[1]]);
    assert_eq!(notes.clear(AGENT, true), [ids[0]]);
    assert_eq!(notes.list().iter().map(|note| note.id).collect::<Vec<_>>(), [ids[2]]);
}

#[test]
fn freehand_marks_are_bounded_together() {
    let (page, node, mut notes) = basket();
    let long = || NewNote { node, shape: Shape::Freehand { points: vec![(0.1, 0.2); 2_000] } };
    let ids: Vec<_> = (0..20).map(|_| notes.add(AGENT, long(), &page.mirror, URL).unwrap().id).collect();
    assert_eq!(notes.add(COLLEAGUE, long(), &page.mirror, URL), Err(Denial::TooMuch));
    assert!(notes.add(PersonId::VISITOR, label(node), &page.mirror, URL).is_ok(), "what has no points goes on");
    notes.remove(ids[0], AGENT, false).unwrap();
    assert!(notes.add(COLLEAGUE, long(), &page.mirror, URL).is_ok());
}

#[test]
fn what_cannot_be_is_refused() {
    let page = Page::new("<script mark>x</script><p>y</p>", 1);
    let mut notes = Notes::default();
    let mut add = |note| notes.add(AGENT, note, &page.mirror, URL).map(|note| note.id);
    assert_eq!(add(label(page.mark.unwrap())), Err(Denial::Gone), "not shown to watchers");
    assert_eq!(add(label(NodeId(999))), Err(Denial::Gone));
    assert_eq!(add(label(NodeId(1))), Err(Denial::Unfit), "a document");
    let (page, node, mut notes) = basket();
    let mut fill =
        |by| (0..NOTES).take_while(|_| notes.add(PersonId(by), label(node), &page.mirror, URL).is_ok()).count();
    assert_eq!([1, 2, 3, 4, 5].map(&mut fill), [OF_ONE, OF_ONE, OF_ONE, OF_ONE, 0], "of one person, and of all");
    assert_eq!(notes.add(AGENT, label(node), &page.mirror, URL).map(|note| note.id), Err(Denial::TooMuch));
}

#[test]
fn a_note_follows_its_element_and_its_page() {
    let (page, node, mut notes) = basket();
    let id = notes.add(AGENT, label(node), &page.mirror, URL).unwrap().id;
    assert!(notes.rebind(&page.mirror, URL, Since::Nothing).is_empty());

    let again = Page::new(&format!("<div>{BASKET}</div>"), 1_000);
    let moved = notes.rebind(&again.mirror, URL, Since::Snapshot);
    assert_eq!(moved.iter().map(|note| (note.id, note.node)).collect::<Vec<_>>(), [(id, again.mark)]);

    let elsewhere = notes.rebind(&again.mirror, "https://shop.example/checkout", Since::Nothing);
    assert_eq!(elsewhere.iter().map(|note| note.node).collect::<Vec<_>>(), [None], "another page is shown");
    assert!(notes.rebind(&again.mirror, "https://shop.example/checkout", Since::Change).is_empty());
    wait(&mut notes);
    let back = notes.rebind(&again.mirror, "https://shop.example/basket?x=1#sum", Since::Nothing);
    assert_eq!(back.iter().map(|note| note.node).collect::<Vec<_>>(), [again.mark]);
}

/// What was spent on looking counts no more.
fn wait(notes: &mut Notes) {
    notes.looked = None;
}

#[test]
fn a_note_waits_for_its_element() {
    let (mut page, node, mut notes) = basket();
    notes.add(AGENT, label(node), &page.mirror, URL).unwrap();
    page.apply(PageEvent::Remove { node });
    assert_eq!(notes.rebind(&page.mirror, URL, Since::Change)[0].node, None);
    let back = Page::new(BASKET, 500);
    notes.looked = Some((Instant::now(), Duration::from_secs(10)));
    assert!(notes.rebind(&back.mirror, URL, Since::Change).is_empty(), "not before its time");
    let due = notes.due().unwrap() - Instant::now();
    assert!(due > Duration::from_secs(29) && due <= Duration::from_secs(30), "{due:?}");
    wait(&mut notes);
    assert_eq!(notes.rebind(&back.mirror, URL, Since::Nothing)[0].node, back.mark, "though nothing happened since");
    assert_eq!(notes.due(), None);
}

#[test]
fn a_snapshot_with_the_same_numbers_is_another_page() {
    let (page, node, mut notes) = basket();
    notes.add(AGENT, label(node), &page.mirror, URL).unwrap();
    let other = Page::new("<h2>Thanks</h2><em>Bye</em><i>now</i><b>Done</b>", 1);
    assert!(other.mirror.look(node).is_some());
    assert_eq!(notes.rebind(&other.mirror, URL, Since::Snapshot)[0].node, None);
}

#[test]
fn a_text_is_the_same_text_in_other_nodes() {
    let (page, node, mut notes) = basket();
    let text_node = text(&page, node);
    let range = Range { start: text_node, start_offset: 6, end: text_node, end_offset: 12 };
    notes.add(AGENT, NewNote { node, shape: Shape::Text { range } }, &page.mirror, URL).unwrap();

    let split = Page::new("<h1>Basket</h1><p mark>Three <b>apples,</b> two pears</p><p>Sum</p>", 1_000);
    let bound = notes.rebind(&split.mirror, URL, Since::Snapshot);
    let Some(Note { node: Some(found), shape: Shape::Text { range }, .. }) = bound.first().cloned() else {
        panic!("{bound:?}")
    };
    assert_eq!(Some(found), split.mark);
    let children: Vec<_> = split.mirror.look(found).unwrap().children().map(|child| child.id).collect();
    let bold = text(&split, children[1]);
    assert_eq!(range, Range { start: bold, start_offset: 0, end: bold, end_offset: 6 });

    wait(&mut notes);
    let changed = Page::new("<h1>Basket</h1><p mark>Seven oranges</p><p>Sum</p>", 2_000);
    assert_eq!(notes.rebind(&changed.mirror, URL, Since::Snapshot)[0].node, None, "another text is not what was meant");
}

#[test]
fn ranges_are_within_their_element() {
    let page = Page::new("<p mark>Grüße <b>an</b> alle 🎉!</p><p>Sum</p>", 1);
    let node = page.mark.unwrap();
    let children: Vec<_> = page.mirror.look(node).unwrap().children().map(|child| child.id).collect();
    let body = page.mirror.look(node).unwrap().parent().unwrap();
    let outside = text(&page, body.children().last().unwrap().id);
    for (start, start_offset, end, end_offset, fits) in [
        (node, 0, node, 3, true),
        (node, 1, node, 2, true),
        (children[0], 99, children[2], 99, true),
        (children[2], 3, children[0], 1, false),
        (children[0], 1, children[0], 1, false),
        (children[0], 1, outside, 1, false),
        (outside, 0, outside, 1, false),
        (NodeId(999), 0, children[0], 1, false),
    ] {
        let range = Range { start, start_offset, end, end_offset };
        let note = NewNote { node, shape: Shape::Text { range } };
        let added = Notes::default().add(AGENT, note, &page.mirror, URL);
        assert_eq!(added.is_ok(), fits, "{range:?}: {added:?}");
    }
}

#[test]
fn stored_notes_are_found_in_the_next_process() {
    let (page, node, mut notes) = basket();
    notes.add(AGENT, label(node), &page.mirror, URL).unwrap();
    let stored = serde_json::to_string(&notes).unwrap();
    assert!(!stored.contains("basket") && !stored.contains("apples"), "{stored}");
    let mut later: Notes = serde_json::from_str(&stored).unwrap();
    assert_eq!(later.list()[0].node, None);
    let again = Page::new(BASKET, 700);
    assert_eq!(later.rebind(&again.mirror, URL, Since::Snapshot)[0].node, again.mark);
    assert_eq!(later.add(AGENT, label(again.mark.unwrap()), &again.mirror, URL).unwrap().id, NoteId(2));
}

#[test]
fn a_text_that_agents_do_not_see_is_marked_as_a_whole() {
    let html = "<p mark>Card 4111 1111 1111 1111 <b>and more</b></p>";
    let (page, plain) = (Page::scrubbed(html, 1), Page::new(html, 1));
    let node = page.mark.unwrap();
    let first = text(&page, node);
    let bold = text(&page, page.mirror.look(node).unwrap().children().nth(1).unwrap().id);
    let range = Range { start: first, start_offset: 3, end: first, end_offset: 9 };
    let told = |page: &Page, range: Range| {
        let mut notes = Notes::default();
        let note = notes.add(AGENT, NewNote { node, shape: Shape::Text { range } }, &page.mirror, URL).unwrap();
        let Shape::Text { range } = note.shape else { panic!() };
        let again = notes.rebind(&page.mirror, URL, Since::Change);
        let same = again.iter().all(|note| note.shape == Shape::Text { range });
        assert!(same, "{again:?}");
        range
    };
    assert_eq!(told(&plain, range), range);
    assert_eq!(told(&page, range), Range { start_offset: 0, end_offset: Range::WHOLE, ..range });
    let over = Range { end: bold, end_offset: 3, ..range };
    assert_eq!(told(&page, over), Range { start_offset: 0, ..over });
}
