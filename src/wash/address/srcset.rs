//! The `srcset` attribute (HTML Standard, "parse a srcset attribute").

/// An image candidate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidate<'a> {
    pub(super) address: &'a str,
    /// Widths, heights and densities as written.
    pub(super) descriptors: Vec<&'a str>,
}

/// Reads the candidates; those with descriptors that are none are left out.
pub(super) fn parse(input: &str) -> Vec<Candidate<'_>> {
    let space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let mut candidates = Vec::new();
    let mut rest = input;
    loop {
        rest = rest.trim_start_matches(|c| space(c) || c == ',');
        if rest.is_empty() {
            return candidates;
        }
        let end = rest.find(space).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let address = word.trim_end_matches(',');
        if address.len() < word.len() {
            rest = after;
            candidates.push(Candidate { address, descriptors: Vec::new() });
            continue;
        }
        let (descriptors, after) = descriptors(after);
        rest = after;
        let descriptors: Vec<&str> = descriptors.split(space).filter(|word| !word.is_empty()).collect();
        if descriptors.iter().all(|word| is_descriptor(word)) {
            candidates.push(Candidate { address, descriptors });
        }
    }
}

/// Up to the comma that ends a candidate (commas in parentheses do not), and what comes after it.
fn descriptors(text: &str) -> (&str, &str) {
    let mut parens = false;
    for (at, c) in text.char_indices() {
        match c {
            '(' => parens = true,
            ')' => parens = false,
            ',' if !parens => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    (text, "")
}

fn is_descriptor(word: &str) -> bool {
    word.strip_suffix(['w', 'h', 'x']).is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: &[(&str, &[&str])]) {
        let found = parse(input);
        let found: Vec<(&str, &[&str])> = found.iter().map(|c| (c.address, c.descriptors.as_slice())).collect();
        assert_eq!(found, expect, "{input}");
    }

    #[test]
    fn candidates() {
        check("", &[]);
        check(" , ,", &[]);
        check("a.png", &[("a.png", &[])]);
        check("a.png 2x, b.png 100w 50h", &[("a.png", &["2x"]), ("b.png", &["100w", "50h"])]);
        check("a,b.png,c.png 2x", &[("a,b.png,c.png", &["2x"])]);
        check("a.png, b.png", &[("a.png", &[]), ("b.png", &[])]);
        check("a.png,,, b.png 1.5e1x", &[("a.png", &[]), ("b.png", &["1.5e1x"])]);
        check("data:image/png;base64,AA== 1x,b 2x", &[("data:image/png;base64,AA==", &["1x"]), ("b", &["2x"])]);
        check("a (1,2) , b 2x", &[("b", &["2x"])]);
        check("a 1x y, b\t2x\n", &[("b", &["2x"])]);
    }
}
