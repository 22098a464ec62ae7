//! The description of the wire API (OpenAPI 3.1), made of the routes themselves.
//!
//! A route can't be registered without its own part (`#[utoipa::path]` on its handler). What bodies and
//! answers look like is told by types of this module, which tests hold against what is really read and
//! written. What follows from a route's kind (its failures, its headers) is added in one place.

pub(crate) mod body;
mod complete;
pub(crate) mod page;
pub(crate) mod parameter;
#[cfg(test)]
mod tests;
pub(crate) mod view;
mod word;

use serde_json::Value;
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ticketing",
        description = "The wire API of the desk. `docs/API.md` explains what holds for all routes: who sees what, \
            failures, paging, conditional and repeated requests, limits."
    ),
    servers((url = "/")),
    // Words of parameters alone are in no body that would bring them along.
    components(schemas(view::Problem, word::TimeGroupBy)),
    security(("bearer" = []))
)]
struct Frame;

/// What the routes' own parts are put into.
pub(crate) fn frame() -> Document {
    Frame::openapi()
}

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let document = crate::routes::all().router.into_openapi();
    // The document is made of our own strings and numbers; where it could not be written, the tests
    // that compare it would say so.
    let mut description = serde_json::to_value(document).unwrap_or_default();
    complete::complete(&mut description);
    description
});

/// The description of the wire API: every route, what it takes and what it answers.
pub fn openapi() -> &'static Value {
    &DESCRIPTION
}
