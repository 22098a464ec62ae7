//! What is set: where values come from, and how a bad one names itself.

mod program;

use program::Place;

/// Strong enough for production.
const STRONG: &str = "Zq3vT8mN1xR5yW9kB4hJ7pL2dF6gS0cA";

#[test]
fn each_bad_value_stops_the_program_with_one_line_that_names_it() {
    let place = Place::new();
    let bad = [
        ("PORT", "abc"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("HOST", "http://desk"),
        ("APP_URL", "desk.example"),
        ("CORS_ORIGIN", "https://a.example/path"),
        ("JWT_EXPIRES_IN", "15"),
        ("JWT_EXPIRES_IN", "0s"),
        ("REFRESH_EXPIRES_IN", "a month"),
        ("DB_PORT", "0"),
        ("DB_HOST", "db example"),
        ("DB_POOL_SIZE", "0"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("RATE_LIMIT_ANONYMOUS", "100"),
        ("RATE_LIMIT_USER", "0/1h"),
        ("AGENT_VISIBILITY", "some"),
        ("REGISTRATION", "yes"),
        ("PASSWORD_HASH", "md5"),
        ("PASSWORD_HASH", "Argon2id"),
        ("SHUTDOWN_TIMEOUT", "-5s"),
        ("TICKETING_ENV", "prod"),
        ("ADMIN_EMAIL", "admin"),
        ("RUST_LOG", "ticketing=noise"),
        ("LOG_FORMAT", "xml"),
    ];
    for (name, value) in bad {
        let outcome = place.run_with(&[(name, value)], &["migrate"], "");
        outcome.failed_with(1, &format!("ticketing: {name}: {value:?} is not "));
    }
    assert!(!place.path("data").exists(), "a start that is refused leaves nothing behind");
}

#[test]
fn the_line_says_what_was_wanted() {
    let outcome = Place::new().run_with(&[("PORT", "abc")], &["serve"], "");
    assert_eq!(outcome.stderr, "ticketing: PORT: \"abc\" is not a port (1 to 65535)\n");
}

#[test]
fn a_bad_secret_is_named_and_not_shown() {
    let place = Place::new();
    for verb in [&["migrate"][..], &["doctor"], &["doctor", "--json"]] {
        let outcome = place.run_with(&[("DATABASE_URL", "mysql://root:canary@db/desk")], verb, "");
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(said.contains("DATABASE_URL: is not a PostgreSQL address"), "{said}");
        assert!(!said.contains("canary"), "{said}");
        let outcome = place.run_with(&[("REDIS_URL", "http://root:canary@db")], verb, "");
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(said.contains("REDIS_URL: is not a Redis address") && !said.contains("canary"), "{said}");
    }
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let place = Place::new();
    let made = |name: &str| place.path(name).join("ticketing.db").exists();
    place.run(&["migrate"]).done();
    assert!(made("data"));
    place.write("ticketing.toml", "data_dir = \"from-file\"\n");
    place.run(&["migrate"]).done();
    assert!(made("from-file") && !place.path("from-environment").exists());
    place.run_with(&[("DATA_DIR", "from-environment")], &["migrate"], "").done();
    assert!(made("from-environment") && !place.path("from-flag").exists());
    place.run_with(&[("DATA_DIR", "from-environment")], &["--data-dir", "from-flag", "migrate"], "").done();
    assert!(made("from-flag"));
    place.write("other.toml", "data_dir = \"from-other\"\n");
    place.run(&["migrate", "--config", "other.toml"]).done();
    assert!(made("from-other"));
}

#[test]
fn an_empty_value_counts_as_none() {
    let place = Place::new();
    place.write("ticketing.toml", "data_dir = \"from-file\"\n");
    place.run_with(&[("DATA_DIR", ""), ("PORT", ""), ("DATABASE_URL", ""), ("DB_HOST", "")], &["migrate"], "").done();
    assert!(place.path("from-file/ticketing.db").exists());
}

#[test]
fn the_file_names_what_is_wrong_in_it() {
    let place = Place::new();
    let refused = |text: &str, start: &str| {
        place.write("ticketing.toml", text);
        place.run(&["migrate"]).failed_with(1, start);
    };
    refused("prot = 5000\n", "ticketing: ticketing.toml: \"prot\" is not a setting");
    refused("PORT = 5000\n", "ticketing: ticketing.toml: \"PORT\" is not a setting");
    refused("smtp_hots = \"mail\"\n", "ticketing: ticketing.toml: \"smtp_hots\" is not a setting");
    refused("port = \"abc\"\n", "ticketing: PORT: \"abc\" is not a port (1 to 65535) (in ticketing.toml)");
    refused("port = true\n", "ticketing: PORT: is not a text or a number (in ticketing.toml)");
    refused("host = \"::1\"\nport = \n", "ticketing: ticketing.toml: line 2: ");
    refused("[server]\nport = 1\n", "ticketing: ticketing.toml: \"server\" is not a setting");
    place.write("ticketing.toml", "port = 5001\nrate_limit_user = \"off\"\ncors_origin = [\"https://a.example\"]\n");
    place.run(&["migrate"]).done();
    let missing = place.run(&["migrate", "--config", "missing.toml"]);
    missing.failed_with(1, "ticketing: missing.toml: can't be read: ");
}

#[test]
fn mail_is_set_whole_or_not_at_all() {
    let place = Place::new();
    let refused = |environment: &[(&str, &str)], start: &str| {
        place.run_with(environment, &["migrate"], "").failed_with(1, start);
    };
    let (host, from) = (("SMTP_HOST", "mail.example"), ("SMTP_FROM", "Desk <desk@mail.example>"));
    refused(&[host, from, ("SMTP_USER", "me")], "ticketing: SMTP_PASSWORD: is missing, SMTP_USER is set");
    refused(&[host, ("SMTP_FROM", "Desk")], "ticketing: SMTP_FROM: \"Desk\" is not a mail address");
    refused(&[("SMTP_TLS", "ssl")], "ticketing: SMTP_TLS: \"ssl\" is not none, starttls or tls");
    refused(&[("WEBHOOK_ALLOW_NETWORKS", "here")], "ticketing: WEBHOOK_ALLOW_NETWORKS: \"here\" is not a list");
    let plain = [host, from, ("SMTP_TLS", "none")];
    let served = place.run_with(&plain, &["serve", "--port", "0"], "");
    served.failed_with(1, "ticketing: SMTP_HOST, SMTP_TLS: mail can't be sent so: ");
    place.run_with(&[host, from], &["migrate"], "").done();
}

#[test]
fn names_of_other_programs_and_of_later_features_do_not_matter() {
    let place = Place::new();
    let environment = [("S3_BUCKET", "x"), ("RATE_LIMIT_USER", "off"), ("EDITOR", "vi"), ("MAX_FILE_SIZE", "x")];
    place.run_with(&environment, &["migrate"], "").done();
}

#[test]
fn a_secret_may_come_from_a_file() {
    let place = Place::new();
    let production = [("TICKETING_ENV", "production"), ("JWT_SECRET_FILE", "jwt")];
    place.run_with(&production, &["migrate"], "").failed_with(1, "ticketing: JWT_SECRET_FILE: \"jwt\" can't be read: ");
    place.write("jwt", "\n");
    place.run_with(&production, &["migrate"], "").failed_with(1, "ticketing: JWT_SECRET_FILE: \"jwt\" is empty");
    // The line end of an editor is no part of the secret: 31 bytes stay 31 bytes.
    place.write("jwt", &format!("{}\n", &STRONG[1..]));
    place.run_with(&production, &["migrate"], "").failed_with(1, "ticketing: JWT_SECRET: is too short");
    place.write("jwt", &format!("{STRONG}\r\n"));
    place.run_with(&production, &["migrate"], "").done();
    let both = [("JWT_SECRET", STRONG), ("JWT_SECRET_FILE", "jwt")];
    place.run_with(&both, &["migrate"], "").failed_with(1, "ticketing: JWT_SECRET: is set, and JWT_SECRET_FILE too");
    place.write("ticketing.toml", "jwt_secret_file = \"jwt\"\n");
    place.run_with(&[("TICKETING_ENV", "production")], &["migrate"], "").done();
    // Only secrets come from files: a port does not.
    place.write("ticketing.toml", "port_file = \"jwt\"\n");
    place.run(&["migrate"]).failed_with(1, "ticketing: ticketing.toml: \"port_file\" is not a setting");
}

#[test]
fn production_refuses_secrets_that_keep_nobody_out() {
    let place = Place::new().with("TICKETING_ENV", "production");
    place.run(&["serve"]).failed_with(1, "ticketing: JWT_SECRET: is missing");
    let weak = [
        "hunter2",
        &STRONG[1..],
        "<strong-secret-key>",
        "your-super-secret-jwt-key-change-this-in-production",
        &"x".repeat(40),
    ];
    for weak in weak {
        let outcome = place.run_with(&[("JWT_SECRET", weak)], &["serve"], "");
        outcome.failed_with(1, "ticketing: JWT_SECRET: is ");
        assert!(!outcome.stderr.contains(weak), "{outcome:?}");
    }
    let outcome = place.run_with(&[("JWT_SECRET", STRONG), ("AUDIT_KEY", "short")], &["serve"], "");
    outcome.failed_with(1, "ticketing: AUDIT_KEY: is too short");
    assert!(!place.path("data").exists(), "production makes nothing up");
    place.run_with(&[("JWT_SECRET", STRONG)], &["migrate"], "").done();
}

#[test]
fn settings_that_need_each_other_name_the_one_that_is_missing() {
    let place = Place::new();
    let refused = |given: &str, value: &str, start: &str| {
        place.run_with(&[(given, value)], &["migrate"], "").failed_with(1, start);
    };
    refused("ADMIN_EMAIL", "a@b.example", "ticketing: ADMIN_PASSWORD: is missing, ADMIN_EMAIL is set");
    refused("ADMIN_PASSWORD", "some-password", "ticketing: ADMIN_EMAIL: is missing, ADMIN_PASSWORD is set");
    refused("DB_NAME", "desk", "ticketing: DB_HOST: is missing, DB_NAME is set");
}

#[test]
fn a_database_that_is_away_is_one_line() {
    let place = Place::new();
    let away = [("DATABASE_URL", "postgres://desk:canary@127.0.0.1:1/desk")];
    for verb in ["serve", "migrate"] {
        let outcome = place.run_with(&away, &[verb], "");
        outcome.failed_with(1, "ticketing: DATABASE_URL: the database can't be used: ");
        assert!(!outcome.stderr.contains("canary"), "{outcome:?}");
    }
}

#[test]
fn of_a_mistyped_parameter_of_the_database_only_the_name_is_told() {
    let address = "postgres://desk@127.0.0.1:1/desk?pasword=canary&sslmode=disable";
    let outcome = Place::new().run_with(&[("DATABASE_URL", address)], &["migrate"], "");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("parameter=\"pasword\"") && !outcome.stderr.contains("canary"), "{outcome:?}");
    assert!(!outcome.stderr.contains("sslmode"), "{outcome:?}");
}
