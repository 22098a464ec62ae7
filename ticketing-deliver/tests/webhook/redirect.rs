//! What an endpoint answers does not choose where the desk calls next.

use crate::support::{Answer, Canary, Endpoint, Names, knowing, request};
use ticketing_core::port::WebhookSender;

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let canary = Canary::new();
    let names = Names::default();
    names.tell("inner.example.org", &[&["127.0.0.2"]]);
    let sender = knowing(&["127.0.0.2"], &names);
    for status in [301, 302, 303, 307, 308] {
        for host in ["127.0.0.1", "localhost", "inner.example.org"] {
            let answer = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: http://{host}:{}/\r\nRefresh: 0;url=http://{host}/\r\n\r\n",
                canary.port
            );
            let mut endpoint = Endpoint::start("127.0.0.2", Answer::Whole(answer.into_bytes())).await;
            let answer = sender.send(&request(endpoint.url())).await.unwrap();
            assert_eq!(answer.status, status);
            endpoint.call().await;
            assert_eq!(endpoint.more_calls(), 0);
            assert!(!canary.was_called(), "{status} to {host}");
        }
    }
}

#[tokio::test]
async fn a_redirect_to_the_endpoint_itself_is_not_followed_either() {
    let answer = b"HTTP/1.1 307 Again\r\nLocation: /hook\r\n\r\n".to_vec();
    let mut endpoint = Endpoint::start("127.0.0.2", Answer::Whole(answer)).await;
    let sender = knowing(&["127.0.0.2"], &Names::default());
    assert_eq!(sender.send(&request(endpoint.url())).await.unwrap().status, 307);
    endpoint.call().await;
    assert_eq!(endpoint.more_calls(), 0);
}
