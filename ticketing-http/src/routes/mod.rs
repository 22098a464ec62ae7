//! The routes, a file a noun. A handler reads the request, calls the desk once and writes the
//! answer; what may be done is for the desk to decide.

pub(crate) mod analytics;
pub(crate) mod api_keys;
pub(crate) mod attachments;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod brand;
pub(crate) mod calendars;
pub(crate) mod canned_responses;
pub(crate) mod comments;
pub(crate) mod credentials;
pub(crate) mod custom_fields;
pub(crate) mod desk;
pub(crate) mod email_templates;
pub(crate) mod events;
pub(crate) mod imports;
pub(crate) mod inbound;
pub(crate) mod jobs;
pub(crate) mod links;
pub(crate) mod macros;
pub(crate) mod mailboxes;
pub(crate) mod notifications;
pub(crate) mod organizations;
pub(crate) mod preferences;
pub(crate) mod session;
pub(crate) mod sign_ins;
pub(crate) mod sla_policies;
pub(crate) mod system;
pub(crate) mod teams;
pub(crate) mod ticket_counts;
pub(crate) mod tickets;
pub(crate) mod time_entries;
pub(crate) mod time_tracking;
pub(crate) mod timeline;
pub(crate) mod timer;
pub(crate) mod users;
pub(crate) mod views;
pub(crate) mod watchers;
pub(crate) mod webhooks;
pub(crate) mod welcome;
pub(crate) mod workflow_runs;
pub(crate) mod workflow_trials;
pub(crate) mod workflows;

use crate::{App, openapi};
use axum::routing::get;
use std::sync::Arc;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

/// Routes, what describes them, and where they put what they make.
pub(crate) struct Routes {
    pub(crate) router: OpenApiRouter<Arc<App>>,
    /// Paths that a POST makes something under, and the path of what is made, with its own fields in braces.
    pub(crate) places: Vec<(&'static str, &'static str)>,
}

impl Routes {
    /// A path with its handlers. Each has its description by it, or it does not compile.
    fn at(mut self, routes: UtoipaMethodRouter<Arc<App>>) -> Self {
        self.router = self.router.routes(routes);
        self
    }

    /// Says where a POST to this path puts what it makes, for answers that are told again.
    fn makes(mut self, path: &'static str, place: &'static str) -> Self {
        self.places.push((path, place));
        self
    }

    /// Every path, for the metrics' labels.
    pub(crate) fn paths(&self) -> Vec<String> {
        let described = self.router.get_openapi().paths.paths.keys().cloned();
        UNDESCRIBED.iter().map(|path| (*path).to_owned()).chain(described).collect()
    }
}

/// Pages for people, which are no part of the wire API.
const UNDESCRIBED: &[&str] =
    &["/", "/docs", "/docs/", "/docs/{file}", "/api/openapi.json", "/socket.io", "/socket.io/"];

/// Every route of the wire API.
pub(crate) fn all() -> Routes {
    let router = OpenApiRouter::with_openapi(openapi::frame())
        .route("/", get(system::fallback))
        .route("/docs", get(openapi::page::enter))
        .route("/docs/", get(openapi::page::show))
        .route("/docs/{file}", get(openapi::page::file))
        .route("/api/openapi.json", get(openapi::page::document));
    Routes { router, places: Vec::new() }
        .at(routes!(auth::login))
        .at(routes!(auth::refresh))
        .at(routes!(auth::logout))
        .at(routes!(auth::logout_all))
        .at(routes!(auth::register))
        .at(routes!(auth::me, auth::update_me))
        .at(routes!(teams::mine))
        .at(routes!(credentials::forgot))
        .at(routes!(credentials::reset))
        .at(routes!(credentials::set_up))
        .at(routes!(api_keys::list, api_keys::create))
        .at(routes!(api_keys::revoke))
        .at(routes!(sign_ins::list))
        .at(routes!(sign_ins::end))
        .at(routes!(welcome::show))
        .at(routes!(users::list, users::create))
        .at(routes!(users::show, users::update))
        .at(routes!(organizations::list, organizations::create))
        .at(routes!(organizations::show, organizations::update))
        .at(routes!(teams::list, teams::create))
        .at(routes!(teams::show, teams::update, teams::remove))
        .at(routes!(teams::members, teams::add_member))
        .at(routes!(teams::update_member, teams::remove_member))
        .at(routes!(teams::load))
        .at(routes!(teams::analytics))
        .at(routes!(teams::routing))
        .at(routes!(teams::of_ticket))
        .at(routes!(calendars::list, calendars::create))
        .at(routes!(calendars::show, calendars::update, calendars::remove))
        .at(routes!(calendars::import))
        .at(routes!(custom_fields::list, custom_fields::create))
        .at(routes!(custom_fields::show, custom_fields::update, custom_fields::remove))
        .at(routes!(sla_policies::list, sla_policies::create))
        .at(routes!(sla_policies::what_if))
        .at(routes!(sla_policies::show, sla_policies::update, sla_policies::remove))
        .at(routes!(analytics::sla))
        .at(routes!(tickets::list, tickets::create))
        .at(routes!(tickets::show, tickets::update))
        .at(routes!(tickets::assign))
        .at(routes!(tickets::escalate))
        .at(routes!(tickets::deescalate))
        .at(routes!(tickets::close))
        .at(routes!(tickets::reopen))
        .at(routes!(ticket_counts::count))
        .at(routes!(views::list, views::create))
        .at(routes!(views::counts))
        .at(routes!(views::show, views::update, views::remove))
        .at(routes!(views::tickets))
        .at(routes!(links::bulk))
        .at(routes!(links::merge))
        .at(routes!(links::unmerge))
        .at(routes!(links::split))
        .at(routes!(links::list, links::create))
        .at(routes!(links::remove))
        .at(routes!(comments::list, comments::create))
        .at(routes!(comments::show, comments::update))
        .at(routes!(attachments::list))
        .at(routes!(attachments::download))
        .at(routes!(timeline::list))
        .at(routes!(time_entries::of_ticket, time_entries::create))
        .at(routes!(time_entries::list))
        .at(routes!(time_entries::summary))
        .at(routes!(time_entries::show, time_entries::update, time_entries::remove))
        .at(routes!(timer::show, timer::discard))
        .at(routes!(timer::start))
        .at(routes!(timer::pause))
        .at(routes!(timer::resume))
        .at(routes!(timer::stop))
        .at(routes!(time_tracking::show, time_tracking::update))
        .at(routes!(sla_policies::story))
        .at(routes!(watchers::list, watchers::add))
        .at(routes!(notifications::mentions))
        .at(routes!(watchers::remove))
        .at(routes!(events::list))
        .at(routes!(notifications::list))
        .at(routes!(notifications::unread))
        .at(routes!(notifications::read))
        .at(routes!(notifications::read_all))
        .at(routes!(preferences::show, preferences::replace))
        .at(routes!(webhooks::list, webhooks::create))
        .at(routes!(webhooks::show, webhooks::update, webhooks::remove))
        .at(routes!(webhooks::test))
        .at(routes!(webhooks::deliveries))
        .at(routes!(webhooks::replay))
        .at(routes!(webhooks::delivery))
        .at(routes!(webhooks::redeliver))
        .at(routes!(canned_responses::list, canned_responses::create))
        .at(routes!(canned_responses::categories))
        .at(routes!(canned_responses::export))
        .at(routes!(canned_responses::import))
        .at(routes!(canned_responses::show, canned_responses::replace, canned_responses::remove))
        .at(routes!(canned_responses::render))
        .at(routes!(macros::list, macros::create))
        .at(routes!(macros::show, macros::update, macros::remove))
        .at(routes!(macros::apply))
        .at(routes!(macros::preview))
        .at(routes!(workflows::list, workflows::create))
        .at(routes!(workflows::export))
        .at(routes!(workflows::import))
        .at(routes!(workflows::show, workflows::update, workflows::replace, workflows::remove))
        .at(routes!(workflows::versions))
        .at(routes!(workflows::version))
        .at(routes!(workflows::diff))
        .at(routes!(workflows::restore))
        .at(routes!(workflow_trials::of_draft))
        .at(routes!(workflow_trials::lint))
        .at(routes!(workflow_trials::of_workflow))
        .at(routes!(workflow_runs::of_workflow))
        .at(routes!(workflow_runs::of_ticket))
        .at(routes!(email_templates::list))
        .at(routes!(email_templates::show, email_templates::replace, email_templates::remove))
        .at(routes!(email_templates::preview))
        .at(routes!(brand::show, brand::update))
        .at(routes!(desk::show, desk::update))
        .at(routes!(imports::list, imports::create))
        .at(routes!(imports::show, imports::cancel))
        .at(routes!(imports::run))
        .at(routes!(inbound::take_in))
        .at(routes!(inbound::preview))
        .at(routes!(inbound::counts))
        .at(routes!(inbound::list))
        .at(routes!(inbound::show))
        .at(routes!(inbound::raw))
        .at(routes!(inbound::release))
        .at(routes!(inbound::drop_one))
        .at(routes!(inbound::of_ticket))
        .at(routes!(inbound::one_of_ticket))
        .at(routes!(mailboxes::list, mailboxes::create))
        .at(routes!(mailboxes::show, mailboxes::update, mailboxes::remove))
        .at(routes!(mailboxes::policy, mailboxes::update_policy))
        .at(routes!(jobs::list, jobs::purge))
        .at(routes!(jobs::show))
        .at(routes!(jobs::retry))
        .at(routes!(audit::list))
        .at(routes!(audit::verify))
        .at(routes!(system::alive))
        .at(routes!(system::ready))
        .at(routes!(system::metrics))
        .makes("/api/auth/register", "/api/users/{id}")
        .makes("/api/auth/setup", "/api/users/{id}")
        .makes("/api/users", "/api/users/{id}")
        .makes("/api/organizations", "/api/organizations/{id}")
        .makes("/api/teams", "/api/teams/{id}")
        .makes("/api/teams/{id}/members", "/api/teams/{team_id}/members/{user_id}")
        .makes("/api/calendars", "/api/calendars/{id}")
        .makes("/api/sla-policies", "/api/sla-policies/{id}")
        .makes("/api/custom-fields", "/api/custom-fields/{id}")
        .makes("/api/webhooks", "/api/webhooks/{id}")
        .makes("/api/webhooks/{id}/test", "/api/webhook-deliveries/{id}")
        .makes("/api/webhooks/{id}/replay", "/api/jobs/{id}")
        .makes("/api/imports", "/api/imports/{id}")
        .makes("/api/mailboxes", "/api/mailboxes/{id}")
        .makes("/api/canned-responses", "/api/canned-responses/{id}")
        .makes("/api/macros", "/api/macros/{id}")
        .makes("/api/workflows", "/api/workflows/{id}")
        .makes("/api/views", "/api/views/{id}")
        .makes("/api/tickets", "/api/tickets/{id}")
        .makes("/api/tickets/{ticket}/comments", "/api/comments/{id}")
        .makes("/api/tickets/{ticket}/split", "/api/tickets/{id}")
        .makes("/api/tickets/{ticket}/time-entries", "/api/time-entries/{id}")
        .makes("/api/timer/start", "/api/timer")
        .makes("/api/timer/stop", "/api/time-entries/{id}")
        .makes("/api/tickets/{ticket}/links", "/api/tickets/{ticket_id}/links/{id}")
        .makes("/api/tickets/{ticket}/watchers", "/api/tickets/{ticket_id}/watchers/{user_id}")
}
