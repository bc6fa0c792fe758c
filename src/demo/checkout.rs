//! The checkout: every kind of field, checked by the server, and shown again half filled.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;

use super::account::known;
use super::basket;
use super::files::price;
use super::shop::Site;
use super::wire::{Form, see_other};

const COUNTRIES: [&str; 4] = ["Great Britain", "Ireland", "Germany", "Norway"];

pub(super) fn routes() -> Router<Arc<Site>> {
    let thanks = |State(site): State<Arc<Site>>| async move { site.page(StatusCode::OK, "Thank you", "thanks", &[]) };
    Router::new().route("/checkout", get(show).post(place)).route("/checkout/thanks", get(thanks))
}

async fn show(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    if !known(&headers) {
        return see_other("/log-in?next=/checkout", &[]);
    }
    form(&site, &headers, StatusCode::OK, &Form::parse(b"delivery=post"), &[])
}

async fn place(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let posted = Form::parse(&body);
    let digits = |name: &str| posted.get(name).bytes().filter(u8::is_ascii_digit).count();
    let checks = [
        ("name_error", !posted.get("name").trim().is_empty(), "Please give your name."),
        ("national_id_error", digits("national_id") >= 6, "A national id has at least six digits."),
        ("date_error", !posted.get("date").is_empty(), "Please choose a day."),
        ("card_error", digits("card") == 16, "A card number has sixteen digits."),
        ("password_error", !posted.get("password").is_empty(), "Please give your password."),
        ("terms_error", posted.get("terms") == "yes", "Please read the terms."),
    ];
    let wrong: Vec<_> = checks.into_iter().filter(|(_, fine, _)| !fine).map(|(field, _, text)| (field, text)).collect();
    if wrong.is_empty() {
        return see_other("/checkout/thanks", &["basket=; Path=/; Max-Age=0; SameSite=Lax".to_owned()]);
    }
    form(&site, &headers, StatusCode::UNPROCESSABLE_ENTITY, &posted, &wrong)
}

fn form(site: &Site, headers: &HeaderMap, status: StatusCode, posted: &Form, wrong: &[(&str, &str)]) -> Response {
    let mut countries = String::new();
    for country in COUNTRIES {
        let selected = if posted.get("country") == country { " selected" } else { "" };
        let _ = write!(countries, "<option{selected}>{country}</option>");
    }
    let errors: Vec<_> =
        wrong.iter().map(|(field, text)| (*field, format!(r#"<span class="wrong">{text}</span>"#))).collect();
    let message = match errors.len() {
        0 => String::new(),
        1 => r#"<p class="wrong" role="alert">One field needs another look.</p>"#.to_owned(),
        n => format!(r#"<p class="wrong" role="alert">{n} fields need another look.</p>"#),
    };
    let checked = |yes: bool| if yes { " checked" } else { "" };
    let total = price(basket::total(&basket::lines(site, headers)));
    let mut values = vec![
        ("total", total.as_str()),
        ("message", &message),
        ("countries", &countries),
        ("post", checked(posted.get("delivery") != "courier")),
        ("courier", checked(posted.get("delivery") == "courier")),
        ("terms", checked(posted.get("terms") == "yes")),
    ];
    values.extend(["name", "national_id", "date", "notes", "card"].map(|name| (name, posted.get(name))));
    values.extend(errors.iter().map(|(field, markup)| (*field, markup.as_str())));
    site.page(status, "Checkout", "checkout", &values)
}
