//! Asking, taking, expiring, and bounds.

use super::*;
use crate::policy::Use;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

fn page() -> Permit<Url> {
    let sites = "[[site]]\nname = 'Shop'\nstart = 'https://shop.example/'\npages = ['https://shop.example']\n";
    let config = crate::config::Config::parse(sites, "test", []).unwrap();
    config.policy().permit(&"https://shop.example/cart".parse().unwrap(), Use::Page).unwrap()
}

fn code(help: &Help, join: &Secret) -> Option<String> {
    match help.stands(join.expose()) {
        Stands::Waiting { code, .. } => Some(code.expose().to_owned()),
        Stands::Expired => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_is_taken_once() {
    let help = Help::new().unwrap();
    let asked = help.ask(page(), HERE).unwrap();
    assert!(asked.code.expose().len() == 8 && asked.code.expose().bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(code(&help, &asked.join).as_deref(), Some(asked.code.expose()), "its holder reads it again");
    assert_eq!(help.take("00000000", 1).err(), Some(HelpError::WrongCode));
    let spaced = format!(" {} {} ", &asked.code.expose()[..4], &asked.code.expose()[4..]);
    let request = help.take(&spaced, 1).unwrap();
    assert_eq!(request.start.get().path(), "/cart");
    assert!(request.join.is(asked.join.expose()));
    assert_eq!(help.take(asked.code.expose(), 2).err(), Some(HelpError::WrongCode));
    help.put_back(request);
    assert!(help.take(asked.code.expose(), 2).is_ok());
    assert_eq!(code(&help, &asked.join), None);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_or_waits_too_long_is_not_found() {
    let help = Help::new().unwrap();
    let (left, waits) = (help.ask(page(), HERE).unwrap(), help.ask(page(), HERE).unwrap());
    help.withdraw(left.join.expose());
    assert_eq!(help.take(left.code.expose(), 1).err(), Some(HelpError::WrongCode));
    tokio::time::advance(LIFETIME).await;
    assert_eq!(help.take(waits.code.expose(), 1).err(), Some(HelpError::WrongCode));
    assert_eq!(code(&help, &waits.join), None);
}

#[tokio::test(start_paused = true)]
async fn a_source_asks_so_often_and_no_more() {
    let help = Help::new().unwrap();
    let open: Vec<_> = (0..OPEN).map(|_| help.ask(page(), HERE).unwrap()).collect();
    assert_eq!(help.ask(page(), HERE).err(), Some(HelpError::TooMany));
    assert!(help.ask(page(), ELSEWHERE).is_ok());
    for asked in open {
        help.withdraw(asked.join.expose());
    }
    for _ in OPEN..PER_SOURCE {
        let asked = help.ask(page(), HERE).unwrap();
        help.withdraw(asked.join.expose());
    }
    assert_eq!(help.ask(page(), HERE).err(), Some(HelpError::TooMany), "{PER_SOURCE} an hour");
    tokio::time::advance(WINDOW).await;
    assert!(help.ask(page(), HERE).is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_agent_who_guesses_is_paused_and_no_other() {
    let help = Help::new().unwrap();
    let asked = help.ask(page(), HERE).unwrap();
    for _ in 0..10 {
        assert_eq!(help.take("00000000", 1).err(), Some(HelpError::WrongCode));
    }
    assert_eq!(help.take(asked.code.expose(), 1).err(), Some(HelpError::Paused));
    assert!(help.take(asked.code.expose(), 2).is_ok());
}
