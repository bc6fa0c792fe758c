//! What moves by itself: stock over a WebSocket, orders as server-sent events. The only pages with a clock.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{SinkExt, StreamExt, stream};
use yawc::{Frame, OpCode, WebSocket};

use super::shop::Site;

/// Time between two messages.
const BEAT: Duration = Duration::from_secs(1);

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/live/stock", get(stock)).route("/live/orders", get(orders))
}

async fn stock(State(site): State<Arc<Site>>, mut request: Request) -> Response {
    let Ok((response, upgrade)) = WebSocket::upgrade(&mut request) else {
        return (StatusCode::UPGRADE_REQUIRED, "this address speaks WebSocket").into_response();
    };
    tokio::spawn(async move {
        if let Ok(socket) = upgrade.await {
            tick(&site, socket).await;
        }
    });
    response.map(Body::new)
}

/// Tells the stock of one product at each beat, round the catalogue; echoes texts; ends when the other side does.
async fn tick(site: &Site, mut socket: yawc::HttpWebSocket) {
    let mut beat = tokio::time::interval(BEAT);
    let mut n = 0;
    loop {
        let frame = tokio::select! {
            _ = beat.tick() => {
                let product = &site.products[n % 4];
                let stock = product.stock + u32::try_from(n / 4 % 10).unwrap_or_default();
                n += 1;
                Frame::text(serde_json::json!({ "name": product.name, "stock": stock }).to_string())
            }
            message = socket.next() => match message {
                Some(frame) if frame.opcode() == OpCode::Text => frame,
                Some(frame) if frame.opcode() != OpCode::Close => continue,
                _ => return,
            },
        };
        if socket.send(frame).await.is_err() {
            return;
        }
    }
}

async fn orders() -> Response {
    let events = stream::unfold(2043_u32, |n| async move {
        tokio::time::sleep(BEAT).await;
        let event = format!("event: order\nid: {n}\ndata: KF-{n} is packed\n\n");
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(event)), n + 1))
    });
    let first = stream::once(async { Ok(Bytes::from_static(b"retry: 1000\n\n")) });
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(first.chain(events))).into_response()
}
