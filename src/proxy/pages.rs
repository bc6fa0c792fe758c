//! Pages for a person to read where the site's page cannot be shown.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use url::Url;

use crate::protocol::agent::EndedBy;
use crate::upstream::{Body, UpstreamError, body};

/// What a page is about.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The allowlist does not cover the address.
    NotAllowed {
        /// Which.
        url: Url,
        /// Where the session began, as its visitor opens it, while that may be opened.
        back: Option<Box<Url>>,
    },
    /// The address cannot be read or sent.
    BadAddress,
    /// The request carries no credential of the session, or there is no such session. The page tells nothing about it.
    NoSession,
    /// The session is over.
    Ended {
        /// Who or what ended it.
        by: EndedBy,
        /// The agent's name.
        agent: String,
        /// The same page on the real site.
        real: Option<Url>,
        /// Where help can be asked for on that page.
        help: Option<Box<Url>>,
    },
    /// The site did not give an answer.
    Upstream(UpstreamError, Url),
    /// Nothing of ours has this address.
    NotFound,
    /// The browser asks for a script that would outlive the session (a service worker).
    NotInSession,
}

/// What the page says.
struct Text {
    status: StatusCode,
    title: &'static str,
    body: String,
    links: Vec<Link>,
}

/// What one can do about it.
struct Link {
    /// On the real web; empty: the same page again.
    address: String,
    words: &'static str,
    /// What most people would want to do.
    main: bool,
}

/// The answer to a request that asked for a document (a page) or for anything else (a line of text).
#[must_use]
pub fn reply(problem: &Problem, document: bool) -> Response<Body> {
    let text = text_of(problem);
    let (kind, content) = if document {
        ("text/html; charset=utf-8", page(&text))
    } else {
        ("text/plain; charset=utf-8", format!("{}. {}\n", text.title, text.body))
    };
    let mut response = Response::new(body::full(content));
    *response.status_mut() = text.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"),
    );
    response
}

/// Whether a request asks for a document: a navigation of a tab or a frame, or, from a client that does not tell, one that prefers HTML.
#[must_use]
pub fn wants_document(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-dest").map(HeaderValue::as_bytes) {
        Some(dest) => matches!(dest, b"document" | b"iframe" | b"frame" | b"object" | b"embed" | b"fencedframe"),
        None => headers
            .get(http::header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html")),
    }
}

/// Whether a request asks for a tab's document, and no script reads the answer. Where a browser does not say, a document that a person may have asked for.
#[must_use]
pub fn is_for_tab(headers: &HeaderMap) -> bool {
    let field = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    match (field("sec-fetch-dest"), field("sec-fetch-mode")) {
        (None, None) => wants_document(headers),
        (dest, mode) => dest == Some(b"document") && mode == Some(b"navigate"),
    }
}

fn text_of(problem: &Problem) -> Text {
    match problem {
        Problem::NotAllowed { url, back } => Text {
            status: StatusCode::FORBIDDEN,
            title: "This page is not part of the session",
            body: format!(
                "{} is not among the pages that can be shared here. You can go back, or open it outside the session, where nobody watches.",
                url.host_str().unwrap_or("The address")
            ),
            links: [
                back.as_ref().and_then(|back| leaving(back, "Back to where the session began", true)),
                leaving(url, "Leave and open the real page", false),
            ]
            .into_iter()
            .flatten()
            .collect(),
        },
        Problem::BadAddress => Text {
            status: StatusCode::BAD_REQUEST,
            title: "This address cannot be opened",
            body: "The address is not one that a site could have. You can go back and try another link.".to_owned(),
            links: Vec::new(),
        },
        Problem::NoSession => Text {
            status: StatusCode::FORBIDDEN,
            title: "There is nothing here for this browser",
            body: "This address works only in the browser that joined a session, while the session lasts. To join one, ask the person who helps you for a new link or PIN.".to_owned(),
            links: Vec::new(),
        },
        Problem::Ended { by, agent, real, help } => Text {
            status: StatusCode::GONE,
            title: "The session has ended",
            body: ended(*by, agent),
            links: [
                real.as_ref().and_then(|url| leaving(url, "Go on at the real site", true)),
                help.as_ref().and_then(|url| leaving(url, "Need help again?", false)),
            ]
            .into_iter()
            .flatten()
            .collect(),
        },
        Problem::Upstream(error, url) => upstream(error, url),
        Problem::NotFound => Text {
            status: StatusCode::NOT_FOUND,
            title: "There is no such page",
            body: "The address is not one of ours.".to_owned(),
            links: Vec::new(),
        },
        Problem::NotInSession => Text {
            status: StatusCode::FORBIDDEN,
            title: "Not in a session",
            body: "What would stay in the browser after the session cannot be installed during it.".to_owned(),
            links: Vec::new(),
        },
    }
}

fn ended(by: EndedBy, agent: &str) -> String {
    let who = match by {
        EndedBy::Visitor => "You ended it.".to_owned(),
        EndedBy::Agent => format!("{agent} ended it."),
        EndedBy::Denied => "You chose not to share.".to_owned(),
        EndedBy::Expired => "Its time ran out.".to_owned(),
        EndedBy::Shutdown => "The server was shut down.".to_owned(),
    };
    format!("{who} Nobody sees what you do any more, and what the session kept for you has been deleted.")
}

fn upstream(error: &UpstreamError, url: &Url) -> Text {
    let host = url.host_str().unwrap_or("The site");
    let text = |status, title, body| Text { status, title, body, links: Vec::new() };
    let again = |status, title, body| Text {
        status,
        title,
        body,
        links: vec![Link { address: String::new(), words: "Try again", main: true }],
    };
    match error {
        UpstreamError::NotAllowedAddress => text(
            StatusCode::FORBIDDEN,
            "This address cannot be opened",
            format!(
                "{host} leads to a private network. It can be opened only if the administrator allows that network."
            ),
        ),
        UpstreamError::NoSuchHost => text(
            StatusCode::BAD_GATEWAY,
            "There is no such site",
            format!("No site answers to the name {host}. The address may be misspelt."),
        ),
        UpstreamError::Refused => again(
            StatusCode::BAD_GATEWAY,
            "The site is not answering",
            format!("{host} does not accept connections just now. Try again in a moment."),
        ),
        UpstreamError::TimedOut => again(
            StatusCode::GATEWAY_TIMEOUT,
            "The site is taking too long",
            format!("{host} has not answered in time. Try again in a moment."),
        ),
        UpstreamError::Tls(_) => text(
            StatusCode::BAD_GATEWAY,
            "The connection to the site is not secure",
            format!("{host} could not prove that it is the real site, so nothing was sent to it."),
        ),
        UpstreamError::Protocol => again(
            StatusCode::BAD_GATEWAY,
            "The site's answer cannot be read",
            format!("{host} sent something that is not a proper answer. Try again in a moment."),
        ),
        UpstreamError::TooLarge => text(
            StatusCode::BAD_GATEWAY,
            "The page is too large",
            format!("What {host} sent is too large to be shown here."),
        ),
    }
}

/// A link to the real web; only ever to a web address.
fn leaving(url: &Url, words: &'static str, main: bool) -> Option<Link> {
    matches!(url.scheme(), "http" | "https").then(|| Link { address: url.as_str().to_owned(), words, main })
}

fn page(text: &Text) -> String {
    let title = escape(text.title);
    let links = text.links.iter().map(|Link { address, words, main }| {
        let class = if *main { " class=\"main\"" } else { "" };
        format!("<a href=\"{}\"{class} rel=\"noreferrer\">{words}</a>\n", escape(address))
    });
    let acts = if text.links.is_empty() {
        String::new()
    } else {
        format!("<p class=\"acts\">\n{}</p>\n", links.collect::<String>())
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{TOKENS}{STYLE}</style>\n<body>\n<header>{LOGO}Alongside</header>\n\
         <main>\n<h1>{title}</h1>\n<p>{}</p>\n{acts}</main>\n<footer>This page is from Alongside, not from the website.</footer>\n</body>\n</html>\n",
        escape(&text.body)
    )
}

/// Text as it stands in HTML, attribute values too.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

const TOKENS: &str = include_str!("../../web/shared/ui/tokens.css");
const STYLE: &str = include_str!("pages/page.css");
const LOGO: &str = include_str!("../../web/shared/ui/logo.svg");

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn text(problem: &Problem, document: bool) -> (StatusCode, String) {
        let response = reply(problem, document);
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_hostile_address_stays_text() {
        let url = Url::parse("http://a.test/?\"><script>alert(1)</script>&x='y").unwrap();
        let back = Url::parse("http://abc-sa--test.view.localhost/?\"<b>").ok();
        let (status, html) = text(&Problem::NotAllowed { url, back: back.map(Box::new) }, true).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert_eq!(html.matches("rel=\"noreferrer\"").count(), 2, "{html}");
    }

    #[tokio::test]
    async fn what_may_pass_can_be_tried_again() {
        let url: Url = "https://shop.test/".parse().unwrap();
        for (error, again) in [
            (UpstreamError::Refused, true),
            (UpstreamError::TimedOut, true),
            (UpstreamError::Protocol, true),
            (UpstreamError::NoSuchHost, false),
            (UpstreamError::TooLarge, false),
        ] {
            let (_, html) = text(&Problem::Upstream(error.clone(), url.clone()), true).await;
            assert_eq!(html.contains(r#"<a href="" class="main" rel="noreferrer">Try again</a>"#), again, "{error:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_document_gets_a_line() {
        let url = Url::parse("https://down.test/a.js").unwrap();
        let (status, line) = text(&Problem::Upstream(UpstreamError::TimedOut, url), false).await;
        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
        assert!(!line.contains('<') && line.lines().count() == 1, "{line}");
    }

    #[tokio::test]
    async fn the_ended_page_names_who_and_links_to_the_same_page() {
        let real = Url::parse("https://shop.test/cart?a=1&b=2").unwrap();
        let help = Url::parse("https://alongside.test/help?url=x").unwrap();
        let (status, html) = text(
            &Problem::Ended {
                by: EndedBy::Agent,
                agent: "Ada <b>".to_owned(),
                real: Some(real),
                help: Some(Box::new(help)),
            },
            true,
        )
        .await;
        assert_eq!(status, StatusCode::GONE);
        assert!(html.contains("Ada &lt;b&gt; ended it"), "{html}");
        assert!(html.contains("https://shop.test/cart?a=1&amp;b=2"), "{html}");
        assert!(
            html.contains(r#"<a href="https://alongside.test/help?url=x" rel="noreferrer">Need help again?</a>"#),
            "{html}"
        );
    }
}
