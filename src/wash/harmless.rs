//! What must not be in a washed page, for the tests of whatever writes one.

use super::document;

/// No script, no handler, no address of the web in an attribute or a style.
pub(crate) fn harmless(washed: &str, what: &str) {
    let document = document::parse(washed, &"https://shop.example/dir/page.html?q=1".parse().unwrap()).unwrap();
    document.check(|name, attrs, css| {
        assert_ne!(name, "script", "{what}");
        for (name, value) in attrs {
            assert!(!name.to_ascii_lowercase().starts_with("on"), "{what}: {name}");
            let told = ["title", "alt", "placeholder", "value"].contains(&name.as_str()) || name.starts_with("data-");
            let address = value.to_ascii_lowercase().replace(|c: char| c <= ' ', "");
            assert!(told || !address.contains("javascript:") && !address.contains("://"), "{what}: {name}={value}");
        }
        for address in addresses(&mut cssparser::Parser::new(css)) {
            let ok = ["a/", "#", "data:image/", "about:invalid"].iter().any(|start| address.starts_with(start));
            assert!(ok, "{what}: {address} in {css}");
        }
    });
}

/// What a browser would take for addresses: `url()`, and strings after `@import` or right in a function that loads them.
fn addresses(parser: &mut cssparser::Parser<'_>) -> Vec<String> {
    use cssparser::{ParseError, Token};
    let (mut found, mut import) = (Vec::new(), false);
    while let Ok(token) = parser.next().cloned() {
        match &token {
            Token::UnquotedUrl(address) => found.push(address.to_string()),
            Token::QuotedString(address) if import => found.push(address.to_string()),
            Token::Function(name) if ["url", "src", "image-set"].contains(&&*name.to_ascii_lowercase()) => {
                let inner: Result<_, ParseError<()>> = parser.parse_nested_block(|inner| {
                    let mut strings = Vec::new();
                    while let Ok(token) = inner.next().cloned() {
                        match token {
                            Token::QuotedString(address) | Token::UnquotedUrl(address) => {
                                strings.push(address.to_string())
                            }
                            _ => {}
                        }
                    }
                    Ok(strings)
                });
                found.extend(inner.unwrap());
            }
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                let inner: Result<_, ParseError<()>> = parser.parse_nested_block(|inner| Ok(addresses(inner)));
                found.extend(inner.unwrap());
            }
            _ => {}
        }
        import = matches!(&token, Token::AtKeyword(name) if name.eq_ignore_ascii_case("import"));
    }
    found
}
