//! Servers to test with.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long anything may take in a test.
const DEADLINE: Duration = Duration::from_secs(20);

/// The result of something that must not take forever.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("it takes too long")
}

/// A server that stops when it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn new<F>(address: SocketAddr, serve: impl FnOnce(BoxedShutdown) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown: BoxedShutdown = Box::pin(async move {
            let _ = stopped.await;
        });
        Self { address, stop: Some(stop), task: tokio::spawn(serve(shutdown)) }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        within(&mut self.task).await.unwrap();
    }
}

pub(crate) type BoxedShutdown = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Title and bytes of each case of a file of raw requests (`fixtures/front`).
pub(crate) fn raw_cases(file: &str) -> Vec<(String, Vec<u8>)> {
    let mut cases: Vec<(String, Vec<u8>)> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("== ") {
            Some(title) => cases.push((title.to_owned(), Vec::new())),
            None => cases.last_mut().expect("a title comes first").1.extend(unescape(line)),
        }
    }
    cases
}

fn unescape(line: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = line.bytes();
    while let Some(byte) = bytes.next() {
        let escaped = if byte == b'\\' { bytes.next() } else { None };
        out.push(match escaped {
            None => byte,
            Some(b'r') => b'\r',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'0') => 0,
            Some(b'x') => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            Some(other) => panic!("an unknown escape: {}", char::from(other)),
        });
    }
    out
}
