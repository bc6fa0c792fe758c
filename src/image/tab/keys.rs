//! A visitor's key as the browser is told of it.

use headless_chrome::protocol::cdp::Input;
use serde_json::{Value, json};

use crate::protocol::image::Held;

const ALT: Held = 1;
const CTRL: Held = 2;
const META: Held = 4;
const SHIFT: Held = 8;

/// A key that went down or up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub(super) down: bool,
    pub(super) key: &'a str,
    pub(super) code: &'a str,
    pub(super) location: u8,
    pub(super) repeat: bool,
    pub(super) held: Held,
}

/// The name of the method that [`Key::event`] is for.
pub(super) type Dispatch = Input::DispatchKeyEvent;

impl Key<'_> {
    /// What the browser is told; none: it is not for the browser. Its clipboard is one for all sessions, so that no key may lead there; the screen asks for copies and sends what is
    /// pasted as text.
    pub(super) fn event(&self) -> Option<Value> {
        if self.is_clipboard() || self.key.is_empty() || self.key.len() > 32 {
            return None;
        }
        let text = self.text().filter(|_| self.down);
        let mut held = self.held & 15;
        if text.is_some() && !self.key.is_ascii() {
            held &= !(ALT | CTRL);
        }
        let code = code_of(self.key, self.code);
        let kind = match (self.down, &text) {
            (true, Some(_)) => "keyDown",
            (true, None) => "rawKeyDown",
            (false, _) => "keyUp",
        };
        let mut event = json!({
            "type": kind, "modifiers": held, "key": self.key, "code": self.code, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code,
            "autoRepeat": self.repeat, "isKeypad": self.location == 3, "location": if self.location == 3 { 0 } else { self.location },
        });
        if let Some(text) = text {
            event["text"] = text.into();
            event["unmodifiedText"] = event["text"].clone();
        }
        if let Some(command) = self.command().filter(|_| self.down) {
            event["commands"] = json!([command]);
        }
        Some(event)
    }

    /// What it types.
    fn text(&self) -> Option<String> {
        let mut characters = self.key.chars();
        let one = characters.next().filter(|_| characters.next().is_none());
        let graph = self.held & CTRL != 0 && self.held & ALT != 0;
        let commands = self.held & META != 0 || (self.held & CTRL != 0 && !graph);
        let menu = self.held & ALT != 0 && self.key.is_ascii() && !graph;
        match one {
            Some(character) if !commands && !menu => Some(character.to_string()),
            None if self.key == "Enter" && self.held & (CTRL | META | ALT) == 0 => Some("\r".to_owned()),
            _ => None,
        }
    }

    fn is_clipboard(&self) -> bool {
        let ctrl = self.held & (CTRL | META) != 0 && self.held & ALT == 0;
        let letter = self.key.len() == 1 && "cxv".contains(&self.key.to_ascii_lowercase());
        let insert = self.key == "Insert" && self.held & (CTRL | SHIFT) != 0;
        let delete = self.key == "Delete" && self.held & SHIFT != 0;
        (ctrl && letter) || insert || delete || matches!(self.key, "Copy" | "Cut" | "Paste")
    }

    /// What a Mac's keys do in a field; the browser on the server is on Linux and does not know.
    fn command(&self) -> Option<&'static str> {
        if self.held & META == 0 {
            return None;
        }
        let shift = self.held & SHIFT != 0;
        Some(match (self.key, shift) {
            ("a" | "A", false) => "selectAll",
            ("z" | "Z", false) => "undo",
            ("z" | "Z", true) => "redo",
            ("ArrowLeft", false) => "moveToBeginningOfLine",
            ("ArrowLeft", true) => "moveToBeginningOfLineAndModifySelection",
            ("ArrowRight", false) => "moveToEndOfLine",
            ("ArrowRight", true) => "moveToEndOfLineAndModifySelection",
            ("ArrowUp", false) => "moveToBeginningOfDocument",
            ("ArrowUp", true) => "moveToBeginningOfDocumentAndModifySelection",
            ("ArrowDown", false) => "moveToEndOfDocument",
            ("ArrowDown", true) => "moveToEndOfDocumentAndModifySelection",
            ("Backspace", false) => "deleteToBeginningOfLine",
            _ => return None,
        })
    }
}

/// The key's number as `KeyboardEvent.keyCode` has it: by what it types where that is a letter or a digit, else by where it is (US layout), else by its name.
fn code_of(key: &str, code: &str) -> u32 {
    let numpad = code.strip_prefix("Numpad");
    if let (Some(byte), None) = (key.bytes().next().filter(|b| key.len() == 1 && b.is_ascii_alphanumeric()), numpad) {
        return byte.to_ascii_uppercase().into();
    }
    if let Some(digit) = numpad.and_then(|rest| rest.parse::<u8>().ok()).filter(|digit| *digit < 10) {
        return if key.len() == 1 { 96 + u32::from(digit) } else { named(key) };
    }
    if let Some(letter) = code.strip_prefix("Key").or(code.strip_prefix("Digit")).filter(|rest| rest.len() == 1) {
        return letter.bytes().next().unwrap_or_default().into();
    }
    if let Some(number) = code.strip_prefix('F').and_then(|n| n.parse::<u32>().ok()).filter(|n| (1..=24).contains(n)) {
        return 111 + number;
    }
    match code {
        "Semicolon" => 186,
        "Equal" => 187,
        "Comma" => 188,
        "Minus" => 189,
        "Period" => 190,
        "Slash" => 191,
        "Backquote" => 192,
        "BracketLeft" => 219,
        "Backslash" => 220,
        "BracketRight" => 221,
        "Quote" => 222,
        "IntlBackslash" => 226,
        "NumpadMultiply" => 106,
        "NumpadAdd" => 107,
        "NumpadSubtract" => 109,
        "NumpadDecimal" if key.len() == 1 => 110,
        "NumpadDivide" => 111,
        _ => named(key),
    }
}

fn named(key: &str) -> u32 {
    match key {
        "Backspace" => 8,
        "Tab" => 9,
        "Clear" => 12,
        "Enter" => 13,
        "Shift" => 16,
        "Control" => 17,
        "Alt" | "AltGraph" => 18,
        "Pause" => 19,
        "CapsLock" => 20,
        "Escape" => 27,
        " " => 32,
        "PageUp" => 33,
        "PageDown" => 34,
        "End" => 35,
        "Home" => 36,
        "ArrowLeft" => 37,
        "ArrowUp" => 38,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        "PrintScreen" => 44,
        "Insert" => 45,
        "Delete" => 46,
        "Meta" => 91,
        "ContextMenu" => 93,
        "NumLock" => 144,
        "ScrollLock" => 145,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(key: &str, code: &str, held: Held) -> Option<Value> {
        Key { down: true, key, code, location: 0, repeat: false, held }.event()
    }

    /// Key, code, held -> kind, number, text, modifiers.
    #[test]
    fn keys_are_told_as_a_keyboard_would() {
        for (key, code, held, kind, number, text, modifiers) in [
            ("a", "KeyA", 0, "keyDown", 65, Some("a"), 0),
            ("A", "KeyA", SHIFT, "keyDown", 65, Some("A"), SHIFT),
            ("z", "KeyY", 0, "keyDown", 90, Some("z"), 0),
            ("ä", "Quote", 0, "keyDown", 222, Some("ä"), 0),
            ("!", "Digit1", SHIFT, "keyDown", 49, Some("!"), SHIFT),
            ("5", "Numpad5", 0, "keyDown", 101, Some("5"), 0),
            ("ArrowLeft", "Numpad4", 0, "rawKeyDown", 37, None, 0),
            ("Enter", "Enter", 0, "keyDown", 13, Some("\r"), 0),
            ("Enter", "Enter", CTRL, "rawKeyDown", 13, None, CTRL),
            ("Tab", "Tab", SHIFT, "rawKeyDown", 9, None, SHIFT),
            ("F5", "F5", 0, "rawKeyDown", 116, None, 0),
            (" ", "Space", 0, "keyDown", 32, Some(" "), 0),
            ("a", "KeyA", CTRL, "rawKeyDown", 65, None, CTRL),
            ("f", "KeyF", ALT, "rawKeyDown", 70, None, ALT),
            ("@", "KeyQ", CTRL | ALT, "keyDown", 81, Some("@"), CTRL | ALT),
            ("€", "KeyE", CTRL | ALT, "keyDown", 69, Some("€"), 0),
            ("å", "KeyA", ALT, "keyDown", 65, Some("å"), 0),
            ("Backspace", "", 0, "rawKeyDown", 8, None, 0),
            ("Dead", "BracketRight", 0, "rawKeyDown", 221, None, 0),
        ] {
            let event = event(key, code, held).unwrap();
            assert_eq!(event["type"], kind, "{key}");
            assert_eq!(event["windowsVirtualKeyCode"], number, "{key}");
            assert_eq!(event.get("text").and_then(Value::as_str), text, "{key}");
            assert_eq!(event["modifiers"], modifiers, "{key}");
            assert!(serde_json::from_value::<Dispatch>(event).is_ok(), "{key}");
        }
    }

    #[test]
    fn no_key_leads_to_the_clipboard_that_sessions_share() {
        for (key, held) in [
            ("c", CTRL),
            ("V", CTRL | SHIFT),
            ("v", META),
            ("x", CTRL),
            ("Insert", SHIFT),
            ("Insert", CTRL),
            ("Delete", SHIFT),
            ("Paste", 0),
        ] {
            assert!(event(key, "", held).is_none(), "{key} {held}");
        }
        assert!(event("v", "KeyV", 0).is_some() && event("Delete", "Delete", 0).is_some());
    }

    #[test]
    fn a_mac_selects_all_with_its_own_key() {
        assert_eq!(event("a", "KeyA", META).unwrap()["commands"], json!(["selectAll"]));
        assert!(event("a", "KeyA", CTRL).unwrap().get("commands").is_none());
    }
}
