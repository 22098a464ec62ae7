//! The routes, a file a noun. A handler reads the request, calls the desk once and writes the
//! answer; what may be done is for the desk to decide.

pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod comments;
pub(crate) mod credentials;
pub(crate) mod events;
pub(crate) mod links;
pub(crate) mod organizations;
pub(crate) mod session;
pub(crate) mod system;
pub(crate) mod teams;
pub(crate) mod tickets;
pub(crate) mod timeline;
pub(crate) mod users;
pub(crate) mod watchers;

use crate::{App, page};
use axum::Router;
use axum::routing::{MethodRouter, delete, get, patch, post};
use std::sync::Arc;

/// Routes, and their paths for the metrics' labels.
pub(crate) struct Routes {
    pub(crate) router: Router<Arc<App>>,
    pub(crate) paths: Vec<&'static str>,
    /// Paths that a POST makes something under, and the path of what is made, with its own fields in braces.
    pub(crate) places: Vec<(&'static str, &'static str)>,
}

impl Routes {
    fn at(mut self, path: &'static str, methods: MethodRouter<Arc<App>>) -> Self {
        self.router = self.router.route(path, methods);
        self.paths.push(path);
        self
    }

    /// Says where a POST to this path puts what it makes, for answers that are told again.
    fn makes(mut self, path: &'static str, place: &'static str) -> Self {
        self.places.push((path, place));
        self
    }
}

/// Every route of the wire API.
pub(crate) fn all() -> Routes {
    Routes { router: Router::new(), paths: Vec::new(), places: Vec::new() }
        .at("/", get(page::show))
        .at("/healthz", get(system::alive))
        .at("/readyz", get(system::ready))
        .at("/metrics", get(system::metrics))
        .at("/api/auth/login", post(auth::login))
        .at("/api/auth/refresh", post(auth::refresh))
        .at("/api/auth/logout", post(auth::logout))
        .at("/api/auth/register", post(auth::register))
        .at("/api/auth/me", get(auth::me).patch(auth::update_me))
        .at("/api/users", get(users::list).post(users::create))
        .at("/api/users/{id}", get(users::show).patch(users::update))
        .at("/api/organizations", get(organizations::list).post(organizations::create))
        .at("/api/organizations/{id}", get(organizations::show).patch(organizations::update))
        .at("/api/teams", get(teams::list).post(teams::create))
        .at("/api/teams/{id}", get(teams::show).patch(teams::update).delete(teams::remove))
        .at("/api/teams/{id}/members", get(teams::members).post(teams::add_member))
        .at("/api/teams/{id}/members/{user_id}", patch(teams::update_member).delete(teams::remove_member))
        .at("/api/tickets", get(tickets::list).post(tickets::create))
        .at("/api/tickets/{ticket}", get(tickets::show).patch(tickets::update))
        .at("/api/tickets/{ticket}/assign", post(tickets::assign))
        .at("/api/tickets/{ticket}/escalate", post(tickets::escalate))
        .at("/api/tickets/bulk", post(links::bulk))
        .at("/api/tickets/{ticket}/merge", post(links::merge))
        .at("/api/tickets/{ticket}/unmerge", post(links::unmerge))
        .at("/api/tickets/{ticket}/split", post(links::split))
        .at("/api/tickets/{ticket}/links", get(links::list).post(links::create))
        .at("/api/tickets/{ticket}/links/{id}", delete(links::remove))
        .at("/api/tickets/{ticket}/comments", get(comments::list).post(comments::create))
        .at("/api/tickets/{ticket}/timeline", get(timeline::list))
        .at("/api/tickets/{ticket}/watchers", get(watchers::list).post(watchers::add))
        .at("/api/tickets/{ticket}/watchers/{user_id}", delete(watchers::remove))
        .at("/api/comments/{id}", patch(comments::update))
        .at("/api/events", get(events::list))
        .at("/api/audit", get(audit::list))
        .at("/api/api-keys", get(api_keys::list).post(api_keys::create))
        .at("/api/api-keys/{id}", delete(api_keys::revoke))
        .at("/api/auth/logout-all", post(auth::logout_all))
        .at("/api/auth/password/forgot", post(credentials::forgot))
        .at("/api/auth/password/reset", post(credentials::reset))
        .at("/api/auth/setup", post(credentials::set_up))
        .makes("/api/auth/register", "/api/users/{id}")
        .makes("/api/auth/setup", "/api/users/{id}")
        .makes("/api/users", "/api/users/{id}")
        .makes("/api/organizations", "/api/organizations/{id}")
        .makes("/api/teams", "/api/teams/{id}")
        .makes("/api/teams/{id}/members", "/api/teams/{team_id}/members/{user_id}")
        .makes("/api/tickets", "/api/tickets/{id}")
        .makes("/api/tickets/{ticket}/comments", "/api/comments/{id}")
        .makes("/api/tickets/{ticket}/split", "/api/tickets/{id}")
        .makes("/api/tickets/{ticket}/links", "/api/tickets/{ticket_id}/links/{id}")
        .makes("/api/tickets/{ticket}/watchers", "/api/tickets/{ticket_id}/watchers/{user_id}")
        .at("/api/audit/verify", get(audit::verify))
}
