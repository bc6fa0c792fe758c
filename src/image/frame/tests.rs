//! Frames are read as they were written, and nothing else is read at all. `fixtures/image/frames.json` is what `web/shared/frames.test.ts` reads, too;
//! `UPDATE=1 cargo test --lib image::frame` writes it.

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Area, Frame, Head, NoFrame, Paint, Patch, View};

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn frames() -> Vec<(&'static str, Frame)> {
    let view = View { left: 12.5, top: 0.0, width: 390.0, height: 844.0 };
    let head =
        Head { whole: false, sharp: false, number: 7, at: 1_764_000_000_123.25, width: 1170, height: 2532, view };
    let area = |x, y, width, height| Area { x, y, width, height };
    let file = || Bytes::from_static(b"\xff\xd8 a file");
    let all = vec![
        Patch { area: area(0, 64, 1170, 2000), paint: Paint::Move(0, 124) },
        Patch { area: area(0, 2064, 1170, 468), paint: Paint::Jpeg(file()) },
        Patch { area: area(64, 128, 64, 64), paint: Paint::Webp(file()) },
        Patch { area: area(1152, 0, 18, 64), paint: Paint::Fill([186, 191, 199]) },
    ];
    let whole = vec![Patch { area: area(0, 0, 1170, 2532), paint: Paint::Jpeg(file()) }];
    vec![
        ("every kind of patch", Frame { head, patches: all }),
        (
            "a whole picture",
            Frame { head: Head { whole: true, sharp: true, number: u32::MAX, ..head }, patches: whole },
        ),
        ("nothing changed", Frame { head: Head { sharp: true, ..head }, patches: vec![] }),
    ]
}

/// A frame as `web/shared/frames.ts` gives it, files in hexadecimal.
fn told(frame: &Frame) -> Value {
    let paint = |paint: &Paint| match paint {
        Paint::Jpeg(file) => json!({ "kind": "jpeg", "file": hex(file) }),
        Paint::Webp(file) => json!({ "kind": "webp", "file": hex(file) }),
        Paint::Move(x, y) => json!({ "kind": "move", "x": x, "y": y }),
        Paint::Fill(colour) => json!({ "kind": "fill", "colour": colour }),
    };
    let patch = |Patch { area: Area { x, y, width, height }, paint: p }: &Patch| json!({ "x": x, "y": y, "width": width, "height": height, "paint": paint(p) });
    let Head { whole, sharp, number, at, width, height, view: View { left, top, width: wide, height: high } } =
        frame.head;
    json!({
        "whole": whole, "sharp": sharp, "number": number, "at": at, "width": width, "height": height,
        "view": { "left": left, "top": top, "width": wide, "height": high },
        "patches": frame.patches.iter().map(patch).collect::<Vec<_>>(),
    })
}

/// What is no frame, and why.
fn wrong() -> Vec<(&'static str, Vec<u8>)> {
    let good = frames()[0].1.write().to_vec();
    let with = |at: usize, byte: u8| {
        let mut bad = good.clone();
        bad[at] = byte;
        bad
    };
    vec![
        ("nothing", vec![]),
        ("another version", with(0, 2)),
        ("an unknown flag", with(1, 4)),
        ("one patch too many", with(2, 5)),
        ("one patch too few", with(2, 3)),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("something after it", [&good[..], &[0]].concat()),
        ("a picture without width", [&good[..16], &[0, 0], &good[18..]].concat()),
        ("a time that is none", [&good[..8], &f64::NAN.to_le_bytes(), &good[16..]].concat()),
        ("an unknown kind", with(36, 9)),
        ("a byte that must be 0", with(37, 1)),
        ("a patch out of the picture", with(38, 1)),
        ("a patch without width", [&good[..42], &[0, 0], &good[44..]].concat()),
        ("a move from out of the picture", with(53, 0x10)),
        ("more bytes than there are", with(49, 1)),
    ]
}

#[test]
fn the_fixture_is_what_is_written() {
    let frames: Vec<Value> = frames()
        .iter()
        .map(|(name, frame)| json!({ "name": name, "bytes": hex(&frame.write()), "frame": told(frame) }))
        .collect();
    let wrong: Vec<Value> = wrong().iter().map(|(name, bytes)| json!({ "name": name, "bytes": hex(bytes) })).collect();
    let text = format!("{:#}\n", json!({ "frames": frames, "wrong": wrong }));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/image/frames.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == text, "stale: run `UPDATE=1 cargo test --lib image::frame`");
}

#[test]
fn frames_are_read_as_they_were_written() {
    for (name, frame) in frames() {
        assert_eq!(Frame::read(&frame.write()).as_ref(), Ok(&frame), "{name}");
    }
}

#[test]
fn nothing_else_is_read() {
    for (name, bytes) in wrong() {
        assert_eq!(Frame::read(&bytes.into()), Err(NoFrame), "{name}");
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_much(at in 0..200_usize, byte in any::<u8>(), cut in 0..200_usize) {
        let mut bytes = frames()[0].1.write().to_vec();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - cut % length.min(cut + 1));
        if let Ok(frame) = Frame::read(&bytes.clone().into()) {
            prop_assert!(frame.write() == bytes);
        }
    }
}
