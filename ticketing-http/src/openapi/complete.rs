//! What follows from a route's kind: how it can fail, and the headers that go with it.

use crate::inbound;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// What a status means, for those answers that a route's own part says nothing of.
const MEANINGS: &[(&str, &str, &str)] = &[
    ("200", "Ok", "What was asked for."),
    ("201", "Created", "It was made; `Location` says where it is."),
    ("202", "Accepted", "It was taken."),
    ("204", "Done", "It was done; there is nothing to say."),
    ("304", "NotModified", "The client holds this version already."),
    ("400", "Malformed", "The address, the body or a header can't be read."),
    ("401", "Unauthenticated", "No token, or one that is no good."),
    ("403", "Forbidden", "Seen, but not to be done; or closed to the role or the key as a whole."),
    ("404", "NotFound", "Not there, or not for you."),
    ("409", "Conflict", "What is stored does not allow it, or has another version than the body names."),
    ("412", "PreconditionFailed", "The stored version is not the one that `If-Match` names."),
    ("413", "TooLarge", "The body is too large."),
    ("415", "UnsupportedMediaType", "The body is not of the type that is taken, in UTF-8 and not compressed."),
    ("422", "Invalid", "Fields or parameters can't be accepted; `errors` names all of them."),
    ("429", "TooManyRequests", "Too many requests; `Retry-After` says when to come back."),
    ("503", "Unavailable", "The desk can't answer now; what was asked for may be tried again."),
];

/// Makes the description whole.
pub(super) fn complete(description: &mut Value) {
    let mut bodies = Vec::new();
    let schemas = description["components"]["schemas"].as_object().into_iter().flatten();
    let versioned: HashSet<String> = schemas
        .filter(|(_, schema)| schema["properties"]["version"].is_object())
        .map(|(name, _)| format!("#/components/schemas/{name}"))
        .collect();
    if let Some(paths) = description["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete_operation(path, method, operation, &versioned, &mut bodies);
            }
        }
    }
    let components = &mut description["components"];
    close(&mut components["schemas"], bodies);
    components["headers"] = headers();
    components["parameters"] = json!({ "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Makes the request repeatable for 24 hours: the same key with the same body is answered \
            by the first answer again, with another body by a 422. In double quotes it is the same key.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~][!-~]*$" },
    }});
    components["responses"] = MEANINGS.iter().filter(|(status, ..)| *status >= "3").map(failure).collect();
    components["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer",
            "description": "The access token of a sign-in, or an API key (`tk_…`)." },
        "cookie": { "type": "apiKey", "in": "cookie", "name": "ticketing_refresh",
            "description": "The refresh token of a sign-in with `cookie: true`." },
    });
}

fn complete_operation(
    path: &str,
    method: &str,
    operation: &mut Value,
    versioned: &HashSet<String>,
    bodies: &mut Vec<String>,
) {
    let is_api = path.starts_with("/api/");
    let area = path.trim_start_matches("/api/").split('/').next().unwrap_or_default();
    operation["tags"] = json!([if is_api { area } else { "system" }]);
    let has_header = |name: &str| {
        operation["parameters"].as_array().is_some_and(|all| all.iter().any(|parameter| parameter["name"] == name))
    };
    let has = |place: &str| {
        operation["parameters"].as_array().is_some_and(|all| all.iter().any(|parameter| parameter["in"] == place))
    };
    // A filter that names a person is refused like the person's page.
    let names_person = path == "/api/api-keys" && method == "get";
    // One has one timer, which needs no name, and may have none; what is tried may take the place of what is not there.
    let may_miss =
        ["/api/timer/pause", "/api/timer/resume", "/api/timer/stop", "/api/sla-policies/what-if"].contains(&path);
    let has_body = operation["requestBody"].is_object();
    let is_public = operation["security"] == json!([{}]);
    let (is_post, if_match, if_none_match) = (method == "post", has_header("If-Match"), has_header("If-None-Match"));
    let may_be = |status: &str| match status {
        "304" => if_none_match,
        "400" | "422" | "429" => is_api,
        "401" if path == inbound::ROUTE => true,
        "401" | "403" => is_api && (!is_public || path == "/api/auth/login" || path == "/api/auth/register"),
        "404" => has("path") || names_person || may_miss,
        "409" => is_api && (has_body || if_match || is_post),
        "412" => if_match,
        "413" | "415" => has_body,
        "503" => path != "/healthz" && path != "/metrics",
        _ => false,
    };
    let failures: Vec<_> = MEANINGS.iter().filter(|(status, ..)| may_be(status)).collect();
    if is_post && is_api {
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
    if let Some(schema) = operation["requestBody"]["content"]["application/json"].get("schema") {
        bodies.extend(names(schema));
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, answer) in responses.iter_mut() {
        let meaning = MEANINGS.iter().find(|(known, ..)| known == status);
        answer["description"] = meaning.map_or("", |(_, _, text)| text).into();
        let mut names = vec!["X-Request-Id"];
        if is_api {
            names.extend(["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]);
        }
        if is_post && is_api {
            names.push("Idempotency-Replayed");
        }
        if status == "201" {
            names.push("Location");
        }
        let schema = answer["content"]["application/json"]["schema"]["$ref"].as_str().unwrap_or_default();
        if versioned.contains(schema) {
            names.push("ETag");
        }
        if schema.contains("Page_") || schema.ends_with("/TicketTime") {
            names.push("Link");
        }
        answer["headers"] = references(&names);
    }
    for (status, name, _) in failures {
        responses.insert((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
}

fn references(names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))).collect()
}

fn failure((status, name, meaning): &(&str, &str, &str)) -> (String, Value) {
    let mut headers = vec!["X-Request-Id"];
    headers.extend(match *status {
        "304" => Some("ETag"),
        "401" => Some("WWW-Authenticate"),
        "429" | "503" => Some("Retry-After"),
        _ => None,
    });
    let mut answer = json!({ "description": meaning, "headers": references(&headers) });
    if *status != "304" {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        answer["content"] = json!({ "application/problem+json": { "schema": schema } });
    }
    ((*name).to_owned(), answer)
}

fn headers() -> Value {
    let text = |about: &str| json!({ "description": about, "schema": { "type": "string" } });
    let number = |about: &str| json!({ "description": about, "schema": { "type": "integer", "minimum": 0 } });
    json!({
        "X-Request-Id": text("The name of the request in the desk's logs."),
        "RateLimit-Limit": number("How many requests the caller may send in its window."),
        "RateLimit-Remaining": number("How many of them are left."),
        "RateLimit-Reset": number("In how many seconds all are there again."),
        "Retry-After": number("In how many seconds to try again."),
        "Idempotency-Replayed": text("`true` where this is the answer of an earlier request with the same key."),
        "Location": text("Where what was made is found."),
        "ETag": text("The version, for `If-Match` and `If-None-Match`."),
        "Link": text("The address of the next page, with `rel=\"next\"`; absent on the last one."),
        "WWW-Authenticate": text("How to sign in (RFC 6750)."),
    })
}

/// The names of the components that a schema refers to.
fn names(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(reference) if key == "$ref" => {
                    reference.rsplit('/').next().map(str::to_owned).into_iter().collect()
                }
                _ => names(value),
            })
            .collect(),
        Value::Array(all) => all.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// Says of all bodies, and of what they are made of, that unknown fields are refused.
fn close(schemas: &mut Value, mut bodies: Vec<String>) {
    let mut closed = Map::new();
    while let Some(name) = bodies.pop() {
        if closed.insert(name.clone(), Value::Null).is_some() {
            continue;
        }
        let schema = &mut schemas[&name];
        bodies.extend(names(schema));
        if schema["type"] == "object" {
            schema["additionalProperties"] = false.into();
        }
    }
}
