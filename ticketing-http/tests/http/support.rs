//! A desk in memory with a few people, and a small client for its router.

use crate::letter::{PlainReader, SECRET};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use chrono::TimeDelta;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{DeskBuilder, DeskOptions, NewOrganization, NewUser, PasswordHash};
use ticketing_core::input::Patch;
use ticketing_core::memory::{MemoryBlobs, MemoryStore, SeededIds, TestClock};
use ticketing_core::model::{Organization, Role, User};
use ticketing_core::port::{Clock, Store};
use ticketing_core::{Actor, Desk};
use ticketing_http::HttpOptions;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse battery";

/// A desk, its router, and a token for each of its people.
pub struct World {
    pub desk: Desk,
    pub app: Router,
    pub clock: Arc<TestClock>,
    pub admin: Person,
    pub manager: Person,
    pub agent: Person,
    pub customer: Person,
    pub stranger: Person,
    pub organization: Organization,
}

pub struct Person {
    pub user: User,
    pub token: String,
}

impl Person {
    pub fn id(&self) -> String {
        self.user.id.to_string()
    }
}

pub fn options() -> HttpOptions {
    HttpOptions {
        jwt_secret: b"the tests' own secret, 32 bytes or more".to_vec(),
        inbound_secret: Some(SECRET.to_vec()),
        ..HttpOptions::default()
    }
}

pub async fn world() -> World {
    world_with("http://127.0.0.1:5000", options()).await
}

pub async fn world_with(app_url: &str, options: HttpOptions) -> World {
    world_on(Arc::new(MemoryStore::new()), app_url, options).await
}

pub async fn world_on(store: Arc<dyn Store>, app_url: &str, options: HttpOptions) -> World {
    world_of(store, app_url, options, |desk| desk).await
}

/// The same of a desk to which more is given.
pub async fn world_of(
    store: Arc<dyn Store>,
    app_url: &str,
    options: HttpOptions,
    more: impl FnOnce(DeskBuilder) -> DeskBuilder,
) -> World {
    let clock = Arc::new(TestClock::default());
    let settings = DeskOptions {
        app_url: app_url.to_owned(),
        password_hash: PasswordHash::Bcrypt { cost: 4 },
        ..DeskOptions::default()
    };
    let desk = Desk::builder().store(store).clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let desk = desk.blobs(Arc::new(MemoryBlobs::default())).mail_reader(Arc::new(PlainReader));
    let desk = more(desk.ids(Arc::new(SeededIds::new(7))).options(settings)).build().unwrap();
    let operator = &Actor::system(SystemReason::Operator);
    let company = NewOrganization { name: "Alba".to_owned(), domains: Vec::new(), shares_tickets: false };
    let organization = desk.create_organization(operator, company).await.unwrap();
    let app = ticketing_http::router(desk.clone(), options);
    let enter = async |email: &str, role: Role| {
        let new = NewUser { role, password: Some(PASSWORD.to_owned()), ..NewUser::new(email, email) };
        let organization_id = Patch::Set((role == Role::Customer).then_some(organization.id));
        let user = desk.create_user(operator, NewUser { organization_id, ..new }).await.unwrap();
        let answer = post("/api/auth/login", &json!({"email": email, "password": PASSWORD})).send(&app).await;
        let token = answer.json()["token"].as_str().unwrap_or_default().to_owned();
        Person { user, token }
    };
    World {
        admin: enter("ada@desk.example", Role::Admin).await,
        manager: enter("max@desk.example", Role::Manager).await,
        agent: enter("eve@desk.example", Role::Agent).await,
        customer: enter("kim@alba.example", Role::Customer).await,
        stranger: enter("lou@brix.example", Role::Customer).await,
        desk: desk.clone(),
        app: app.clone(),
        clock,
        organization: organization.clone(),
    }
}

impl World {
    pub async fn send(&self, call: Call) -> Answer {
        call.send(&self.app).await
    }

    /// Signs everybody of the desk and the customer in anew: what they held is over when much time has passed.
    pub async fn sign_in_again(&mut self) {
        for person in [&mut self.admin, &mut self.manager, &mut self.agent, &mut self.customer] {
            let body = json!({"email": person.user.email, "password": PASSWORD});
            let answer = post("/api/auth/login", &body).send(&self.app).await;
            answer.json()["token"].as_str().unwrap_or_default().clone_into(&mut person.token);
        }
    }

    pub fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// A ticket of the customer's.
    pub async fn ticket(&self, subject: &str) -> Value {
        self.ticket_with(json!({"subject": subject, "description": "It does not work."})).await
    }

    /// A ticket that the customer's desk agent makes for the customer.
    pub async fn ticket_with(&self, mut body: Value) -> Value {
        body["customer_id"] = json!(self.customer.user.id);
        let answer = self.send(post("/api/tickets", &body).by(&self.admin)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.json()
    }
}

/// A request that is being put together.
pub struct Call {
    method: Method,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

pub fn call(method: Method, path: impl Into<String>) -> Call {
    Call { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
}

pub fn get(path: impl Into<String>) -> Call {
    call(Method::GET, path)
}

pub fn post(path: impl Into<String>, body: &Value) -> Call {
    call(Method::POST, path).json(body)
}

pub fn put(path: impl Into<String>, body: &Value) -> Call {
    call(Method::PUT, path).json(body)
}

pub fn patch(path: impl Into<String>, body: &Value) -> Call {
    call(Method::PATCH, path).json(body)
}

pub fn delete(path: impl Into<String>) -> Call {
    call(Method::DELETE, path)
}

impl Call {
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn raw(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with(header::CONTENT_TYPE.as_str(), media_type)
    }

    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub fn by(self, person: &Person) -> Self {
        let value = format!("Bearer {}", person.token);
        self.with("authorization", value)
    }

    pub fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in &self.headers {
            request = request.header(name, &value[..]);
        }
        request.body(Body::from(self.body)).unwrap()
    }

    pub async fn send(self, app: &Router) -> Answer {
        let (parts, body) = app.clone().oneshot(self.request()).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("(not text)"))
    }

    /// Asserts the status and gives the JSON body.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts the status and gives the body, whatever it is.
    #[track_caller]
    pub fn ok_text(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.text()
    }

    /// Asserts that this is a whole problem document of this status and gives it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        for field in ["title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        problem
    }

    /// Asserts a 422 for exactly these fields.
    #[track_caller]
    pub fn fields(&self, expected: &[(&str, &str)]) {
        let problem = self.problem(422, "invalid");
        let mut found: Vec<(String, String)> = Vec::new();
        for error in problem["errors"].as_array().unwrap() {
            assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
            found.push((error["field"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned()));
        }
        found.sort();
        let mut wanted: Vec<_> = expected.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        wanted.sort();
        assert_eq!(found, wanted);
    }
}

/// The subjects of a page of tickets.
pub fn subjects(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|t| t["subject"].as_str().unwrap().to_owned()).collect()
}

/// A text of a JSON document.
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {value}"))
}

/// Serves the router on a real socket.
pub async fn serve(world: &World) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = world.app.clone().into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}
