//! Browser and system in plain words, from a User-Agent (RFC 9110, 10.1.5). Only words of our own come out, whatever a browser sends.

/// What a browser calls itself, the first that fits: others' names stand in the line, too.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chromium"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// What it runs on, the first that fits.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("Linux", "Linux"),
];

/// Longest line that is looked at, in bytes.
const LONGEST: usize = 1024;

/// Such as `Chrome on Windows`.
pub(super) fn device(user_agent: &[u8]) -> String {
    let line = String::from_utf8_lossy(user_agent.get(..LONGEST).unwrap_or(user_agent));
    let find =
        |words: &[(&str, &'static str)]| words.iter().find(|(word, _)| line.contains(word)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Another browser on {system}"),
        (None, None) => "An unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_by_their_names() {
        let cases = include_str!("../../fixtures/device/cases.txt").lines().filter(|line| !line.starts_with('#'));
        let mut seen = 0;
        for (expected, line) in cases.filter_map(|case| case.split_once(" | ")) {
            assert_eq!(device(line.as_bytes()), expected, "{line}");
            seen += 1;
        }
        assert!(seen > 15, "only {seen} cases");
    }

    #[test]
    fn nothing_of_it_comes_through() {
        assert_eq!(device(b"\xff<script>Firefox/1\n\0"), "Firefox");
        assert_eq!(device(&[b'x'; 100_000]), "An unknown browser");
        assert_eq!(device(b""), "An unknown browser");
    }
}
