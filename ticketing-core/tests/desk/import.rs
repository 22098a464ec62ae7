//! People, companies and tickets out of tables.

use crate::house::{House, fields, key};
use serde_json::json;
use std::io::{BufRead, Cursor, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use ticketing_core::Error;
use ticketing_core::access::Scope;
use ticketing_core::condition::Condition;
use ticketing_core::desk::import::{CsvFormat, CsvImport, CsvReport, ImportKind};
use ticketing_core::desk::transfer::TransferError;
use ticketing_core::desk::{NewComment, NewCustomField, TicketList};
use ticketing_core::ids::TicketKey;
use ticketing_core::input::Input;
use ticketing_core::model::{Channel, Priority, Status, Subject, Ticket};
use ticketing_core::query::{AuditQuery, OrganizationQuery, Sort, TicketQuery, UserQuery};

fn named(name: &str) -> CsvImport {
    CsvImport { name: name.to_owned(), ..CsvImport::default() }
}

async fn attempt(house: &House, options: &CsvImport, text: &[u8]) -> Result<(CsvReport, String), TransferError> {
    let open = || Ok(Box::new(Cursor::new(text.to_vec())) as Box<dyn BufRead + Send>);
    let mut rejected = Vec::new();
    let out: &mut (dyn Write + Send) = &mut rejected;
    let report = house.desk.import_csv(&house.admin, options, &open, Some(out), &mut |_| ()).await?;
    Ok((report, String::from_utf8(rejected).unwrap()))
}

async fn import(house: &House, options: &CsvImport, text: &str) -> CsvReport {
    attempt(house, options, text.as_bytes()).await.unwrap().0
}

/// What is wrong, line by line.
fn wrong(report: &CsvReport) -> Vec<(u64, &str, &str)> {
    report.wrong.iter().map(|wrong| (wrong.line, wrong.error.field.as_str(), wrong.error.code)).collect()
}

async fn tickets(house: &House) -> Vec<Ticket> {
    let (filter, now) = (Condition::always(), house.desk.now());
    let query = TicketQuery { filter, sort: Sort::default(), after: None, limit: 100, now };
    house.desk.store().tickets(&Scope::UPKEEP, &query).await.unwrap()
}

/// Columns that any table of tickets has.
const HEADER: &str = "subject,description,customer_email";

#[tokio::test]
async fn tickets_go_in_with_all_that_is_said_of_them() {
    let house = House::new().await;
    house.pass(60 * 24 * 60);
    let text = "external_id,subject,description,status,priority,category,tags,customer_email,customer_name,\
                assigned_agent_email,team,channel,created_at,resolved_at,closed_at\r\n\
                A-1,\"Printer, broken\",\"Two\nlines\",Closed,HIGH,Hardware,\"b; a,b\",new@acme.example,Nia New,\
                amy@house.example,billing,email,2026-01-20T10:00:00+01:00,2026-01-21 10:00,2026-01-22\r\n\
                A-2,Login,Please,in progress,,,,CLEO@house.example,,,,,,,\r\n";
    let report = import(&house, &named("a.csv"), text).await;
    assert_eq!(wrong(&report), []);
    assert_eq!((report.kind, report.rows, report.made, report.known), (ImportKind::Tickets, 2, 2, 0));
    assert_eq!(report.new_customers, 1);
    let all = tickets(&house).await;
    let first = all.iter().find(|ticket| ticket.subject == "Printer, broken").unwrap();
    assert_eq!((first.status, first.priority, first.channel), (Status::Closed, Priority::High, Channel::Email));
    assert_eq!(first.description, "Two\nlines");
    assert_eq!(first.tags, ["a", "b"]);
    assert_eq!(first.category.as_deref(), Some("Hardware"));
    assert_eq!(first.created_at, "2026-01-20T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert_eq!(first.resolved_at, "2026-01-21T10:00:00Z".parse().ok());
    assert_eq!(first.closed_at, "2026-01-22T00:00:00Z".parse().ok());
    assert_eq!((first.team_id, first.assigned_agent_id), (Some(house.billing), house.agent.user_id()));
    // Whoever is new is of the company with the mail domain.
    assert_eq!(first.organization_id, Some(house.acme));
    let second = all.iter().find(|ticket| ticket.subject == "Login").unwrap();
    assert_eq!((Some(second.customer_id), second.organization_id), (house.customer.user_id(), Some(house.acme)));
    assert_eq!((second.status, second.channel), (Status::InProgress, Channel::Api));
    // Its history begins when it was made, and the log of audit has one line of all.
    let told = house.desk.timeline(&house.admin, &TicketKey::Id(first.id), None, 10).await.unwrap();
    assert_eq!((told.items.len(), told.items[0].kind, told.items[0].at), (1, "ticket.created", first.created_at));
    let query = AuditQuery { limit: 3, ..AuditQuery::default() };
    let lines = house.desk.store().audit(&Scope::UPKEEP, &query).await.unwrap();
    assert_eq!(lines[0].action, "rows.imported");
    assert_eq!(lines[0].detail.changes["made"], json!([null, 2]));
    assert_ne!(lines[1].action, "rows.imported");
}

#[tokio::test]
async fn nothing_is_made_twice_and_what_stopped_goes_on() {
    let house = House::new().await;
    let line = |number: usize| format!("Subject {},Text,c{}@mail.example\n", number / 2, number % 50);
    let text = format!("{HEADER}\n{}", (0..1_000).map(line).collect::<String>());
    let opened = AtomicUsize::new(0);
    let open = || {
        // The second time it is read, it ends in the midst of a line.
        let most = if opened.fetch_add(1, Ordering::Relaxed) == 3 { text.len() / 2 } else { text.len() };
        let mut bytes = text.as_bytes()[..most].to_vec();
        if most < text.len() {
            bytes.extend(b"\n\"");
            bytes.resize(3 * 1024 * 1024, b'x');
        }
        Ok(Box::new(Cursor::new(bytes)) as Box<dyn BufRead + Send>)
    };
    let stopped = house.desk.import_csv(&house.admin, &named("a.csv"), &open, None, &mut |_| ()).await;
    assert!(matches!(stopped, Err(TransferError::File { .. })), "{stopped:?}");
    let again = import(&house, &named("a.csv"), &text).await;
    assert_eq!((again.rows, again.made + again.known), (1_000, 1_000));
    assert!(again.known >= 400 && again.made >= 400, "{again:?}");
    let third = import(&house, &named("a.csv"), &text).await;
    assert_eq!((third.made, third.known, third.new_customers), (0, 1_000, 0));
    // Under another name they are others, unless they have an id from elsewhere.
    let few = format!("{HEADER},external_id\nA,B,c@mail.example,7\nA,B,c@mail.example,8\n");
    assert_eq!(import(&house, &named("b.csv"), &few).await.made, 2);
    let more = few.replace("A,B", "Other,Text");
    let report = import(&house, &named("c.csv"), &more).await;
    assert_eq!((report.made, report.known), (0, 2));
    let same = format!("{HEADER}\nA,B,c@mail.example\nA,B,c@mail.example\n");
    assert_eq!(import(&house, &named("d.csv"), &same).await.made, 2);
    assert_eq!(import(&house, &named("e.csv"), &same).await.made, 2);
}

#[tokio::test]
async fn every_wrong_line_is_told_and_none_goes_in() {
    let house = House::new().await;
    let text = "subject,description,customer_email,status,priority,team,assigned_agent_email,created_at,closed_at,external_id\n\
                ,B,c@mail.example,,,,,,,\n\
                A,,c@mail.example,,,,,,,\n\
                A,B,nobody,,,,,,,\n\
                A,B,c@mail.example,done,,,,,,\n\
                A,B,c@mail.example,,urgent,,,,,\n\
                A,B,c@mail.example,,,Sales,,,,\n\
                A,B,c@mail.example,,,,cleo@house.example,,,\n\
                A,B,c@mail.example,,,,,yesterday,,\n\
                A,B,c@mail.example,,,,,2030-01-01,,\n\
                A,B,c@mail.example,open,,,,2026-01-01,2026-01-02,\n\
                A,B,c@mail.example,,,,,2026-01-02,2026-01-01,\n\
                A,B\n\
                A,B,c@mail.example,,,,,,,X\n\
                A,B,c@mail.example,,,,,,,X\n";
    let looked = import(&house, &CsvImport { dry_run: true, ..named("a.csv") }, text).await;
    let wanted = [
        (2, "subject", "required"),
        (3, "description", "required"),
        (4, "customer_email", "not_an_address"),
        (5, "status", "unknown_value"),
        (6, "priority", "unknown_value"),
        (7, "team", "unknown"),
        (8, "assigned_agent_email", "unknown"),
        (9, "created_at", "not_a_time"),
        (10, "created_at", "future"),
        (11, "closed_at", "contradiction"),
        (12, "closed_at", "contradiction"),
        (13, "line", "length"),
        (15, "external_id", "repeated"),
    ];
    assert_eq!(wrong(&looked), wanted);
    assert!(looked.dry_run && !looked.is_accepted);
    assert_eq!((looked.rows, looked.made, looked.wrong_rows, looked.wrong_by_code["unknown"]), (14, 1, 13, 2));
    let refused = import(&house, &named("a.csv"), text).await;
    assert!(!refused.is_accepted && tickets(&house).await.is_empty());
    // Passed over, they are kept to be mended.
    let options = CsvImport { skip_bad: true, ..named("a.csv") };
    let (report, rejected) = attempt(&house, &options, text.as_bytes()).await.unwrap();
    assert_eq!((report.made, report.wrong_rows, report.is_accepted), (1, 13, true));
    assert_eq!(rejected.lines().count(), 14);
    assert_eq!(rejected.lines().next(), text.lines().next());
    assert_eq!(tickets(&house).await.len(), 1);
}

#[tokio::test]
async fn of_many_wrong_lines_the_first_are_told_in_full() {
    let house = House::new().await;
    let text = format!("{HEADER}\n{}", "A,B,nobody\n".repeat(1_500));
    let report = import(&house, &named("a.csv"), &text).await;
    assert_eq!((report.wrong.len(), report.wrong_rows, report.wrong_by_code["not_an_address"]), (1_000, 1_500, 1_500));
}

#[tokio::test]
async fn tables_are_read_as_programs_write_them() {
    let house = House::new().await;
    let tables: [(&str, Vec<u8>); 5] = [
        ("a byte order mark", format!("\u{feff}{HEADER}\nA,B,c@mail.example\n").into_bytes()),
        ("semicolons", b"subject;description;customer_email\nA;\"B;\"\"B\"\"\";c@mail.example".to_vec()),
        ("tabs", b"Subject\tDescription\tCustomer Email\r\nA\tB\tc@mail.example\r\n".to_vec()),
        ("blank lines", format!("{HEADER}\n\nA,B,c@mail.example\n\n").into_bytes()),
        ("a comma in a header", b"\"subject\";description;\"customer_email\"\nA;B,C;c@mail.example\n".to_vec()),
    ];
    for (what, table) in tables {
        let (report, _) = attempt(&house, &named(what), &table).await.unwrap();
        assert_eq!((report.made, wrong(&report)), (1, vec![]), "{what}");
    }
    let theirs = "ID,Titel,Text,Kunde,Egal\n7,A,B,c@mail.example,x\n";
    let columns = [("Titel", "subject"), ("Text", "description"), ("Kunde", "customer_email"), ("ID", "external_id")];
    let columns = columns.into_iter().chain([("ID", "category"), ("Egal", "")]);
    let columns = columns.map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
    let format = CsvFormat { columns, delimiter: None };
    let report = import(&house, &CsvImport { format, ..named("theirs") }, theirs).await;
    assert_eq!((report.made, wrong(&report)), (1, vec![]));
    assert!(tickets(&house).await.iter().any(|ticket| ticket.category.as_deref() == Some("7")));
    let (report, _) =
        attempt(&house, &named("latin"), b"subject,description,customer_email\n\xe4,B,c@mail.example\n").await.unwrap();
    assert_eq!(wrong(&report), [(2, "line", "malformed")]);
}

#[tokio::test]
async fn a_header_that_is_not_understood_is_refused() {
    let house = House::new().await;
    let refused = async |options: CsvImport, text: &str| match attempt(&house, &options, text.as_bytes()).await {
        Err(TransferError::Desk(error)) => fields::<()>(Err(error)),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(named("a"), "").await, ["header"]);
    assert_eq!(refused(named("a"), "colour,size\n1,2\n").await, ["kind"]);
    assert_eq!(refused(named("a"), "subject,colour\n1,2\n").await, ["description", "customer_email", "colour"]);
    assert_eq!(refused(named("a"), &format!("{HEADER},custom_fields.size\n")).await, ["custom_fields.size"]);
    assert_eq!(refused(named("a"), "name,name\n").await, ["name"]);
    let users = CsvImport { kind: Some(ImportKind::Users), ..named("a") };
    assert_eq!(refused(users, "name\n").await, ["email"]);
    let columns = vec![("Nix".to_owned(), "name".to_owned())];
    let mapped = CsvImport { format: CsvFormat { columns, delimiter: None }, ..named("a") };
    assert_eq!(refused(mapped, "name\n").await, ["Nix"]);
    let open = || Ok(Box::new(Cursor::new("name\nA\n")) as Box<dyn BufRead + Send>);
    let by_manager = house.desk.import_csv(&house.manager, &named("a"), &open, None, &mut |_| ()).await;
    assert!(matches!(by_manager, Err(TransferError::Desk(Error::Forbidden(_)))));
}

#[tokio::test]
async fn companies_and_people_go_in() {
    let house = House::new().await;
    let text = "name,domains,shares_tickets\nBrass,brass.example; brass2.example,yes\nACME,,\nOther,acme.example,\n\
                Wood,wood,perhaps\nbrass,,\n";
    let report = import(&house, &named("a"), text).await;
    let wanted = [
        (4, "domains", "duplicate"),
        (5, "domains[0]", "not_a_domain"),
        (5, "shares_tickets", "type"),
        (6, "name", "repeated"),
    ];
    let mut found = wrong(&report);
    found.sort_unstable();
    assert_eq!(found, wanted);
    let text: String = text.split_inclusive('\n').take(3).collect();
    let report = import(&house, &named("a"), &text).await;
    assert_eq!((report.kind, report.made, report.known), (ImportKind::Organizations, 1, 1));
    let query = OrganizationQuery { text: Some("brass".into()), limit: 5, ..OrganizationQuery::default() };
    let brass = house.desk.organizations(&house.admin, query).await.unwrap().items.remove(0);
    assert_eq!((brass.domains.len(), brass.shares_tickets), (2, true));

    let text = "Email,Name,Role,Organization,Time Zone,Locale\nb@brass.example,Bea,,,Europe/Berlin,de\n\
                o@mail.example,Otto,,brass,,\ng@house.example,Gil,agent,,,\nADA@house.example,Ada,admin,,,\n";
    let report = import(&house, &named("a"), text).await;
    assert_eq!((wrong(&report), report.kind, report.made, report.known), (vec![], ImportKind::Users, 3, 1));
    let users = house.desk.users(&house.admin, UserQuery { limit: 50, ..UserQuery::default() }).await.unwrap().items;
    let user = |name: &str| users.iter().find(|user| user.name == name).unwrap();
    assert_eq!(user("Bea").organization_id, Some(brass.id));
    assert_eq!(user("Otto").organization_id, Some(brass.id));
    assert_eq!((user("Bea").time_zone.as_deref(), user("Bea").locale.as_deref()), (Some("Europe/Berlin"), Some("de")));
    assert!(user("Gil").role.is_staff());
    // Who may do more than ask has a line of the audit log.
    let query = AuditQuery { action: Some("user.created".to_owned()), limit: 50, ..AuditQuery::default() };
    let lines = house.desk.audit(&house.admin, query).await.unwrap().items;
    let gil = Subject::User(user("Gil").id);
    assert!(lines.iter().any(|line| line.subject == gil && line.actor.id == house.admin.user_id()));
    assert!(!lines.iter().any(|line| line.subject == Subject::User(user("Bea").id)));
    let bad = "email,name,role,organization,time_zone\nx@mail.example,,boss,Nowhere,Mars\n\
               g2@house.example,G,agent,Brass,\ny@mail.example,Y,,,\nY@mail.example,Y,,,\n";
    let mut found = import(&house, &named("a"), bad).await;
    found.wrong.sort_by(|a, b| (a.line, &a.error.field).cmp(&(b.line, &b.error.field)));
    let wanted = [
        (2, "name", "required"),
        (2, "organization", "unknown"),
        (2, "role", "unknown_value"),
        (2, "time_zone", "unknown_value"),
        (3, "organization", "not_for_staff"),
        (5, "email", "repeated"),
    ];
    assert_eq!(wrong(&found), wanted);
    // Staff who came so can be given work at once.
    let text = format!("{HEADER},assigned_agent_email\nA,B,b@brass.example,g@house.example\n");
    assert_eq!(import(&house, &named("a"), &text).await.made, 1);
}

#[tokio::test]
async fn values_of_the_desks_own_fields_are_read_by_their_types() {
    let house = House::new().await;
    let add = async |key: &str, field_type: &str, options: &[&str]| {
        let body = json!({"key": key, "label": key, "field_type": field_type, "options": options});
        house.desk.create_custom_field(&house.admin, NewCustomField::from_json(body).unwrap()).await.unwrap();
    };
    add("line", "text", &[]).await;
    add("count", "number", &[]).await;
    add("day", "date", &[]).await;
    add("colour", "select", &["Red", "Dark blue"]).await;
    add("parts", "multiselect", &["Wheel", "Bell"]).await;
    add("paid", "checkbox", &[]).await;
    let keys = ["line", "count", "day", "colour", "parts", "paid"].map(|key| format!("custom_fields.{key}")).join(",");
    let text = format!(
        "{HEADER},{keys}\nA,B,c@mail.example, as it is ,12.5,2026-01-15,red,\"bell; Wheel\",yes\n\
         A,B,c@mail.example,,,,,,\n"
    );
    let report = import(&house, &named("a"), &text).await;
    assert_eq!((wrong(&report), report.made), (vec![], 2));
    let all = tickets(&house).await;
    let full = all.iter().find(|ticket| !ticket.custom_fields.is_empty()).unwrap();
    let wanted = json!({"line": " as it is ", "count": 12.5, "day": "2026-01-15", "colour": "Red",
        "parts": ["Wheel", "Bell"], "paid": true});
    assert_eq!(json!(full.custom_fields), wanted);
    let bad = format!("{HEADER},{keys}\nA,B,c@mail.example,x,\"12,5\",15.01.2026,green,Horn,perhaps\n");
    let report = import(&house, &named("a"), &bad).await;
    let wanted = [
        ("custom_fields.colour", "unknown_value"),
        ("custom_fields.count", "type"),
        ("custom_fields.day", "invalid_value"),
        ("custom_fields.paid", "type"),
        ("custom_fields.parts[0]", "unknown_value"),
    ];
    let mut found: Vec<_> = wrong(&report).into_iter().map(|(_, field, code)| (field, code)).collect();
    found.sort_unstable();
    assert_eq!(found, wanted);
    // What a ticket has to have it has to have here, too.
    let body = json!({"key": "must", "label": "must", "field_type": "text", "is_required": true});
    house.desk.create_custom_field(&house.admin, NewCustomField::from_json(body).unwrap()).await.unwrap();
    let report = import(&house, &named("a"), &format!("{HEADER}\nA,B,c@mail.example\n")).await;
    assert_eq!(wrong(&report), [(2, "custom_fields.must", "required")]);
}

#[tokio::test]
async fn a_ticket_that_came_so_is_one_like_any_other() {
    let house = House::new().await;
    let text = format!("{HEADER},created_at\nA,B,cleo@house.example,2026-01-01\n");
    assert_eq!(import(&house, &named("a"), &text).await.made, 1);
    let seen = house.desk.tickets(&house.customer, TicketList { limit: 5, ..TicketList::default() }).await.unwrap();
    let ticket = &seen.items[0];
    let comment = NewComment::public("Any news?");
    house.desk.add_comment(&house.customer, &key(ticket), comment).await.unwrap();
    assert_eq!(house.told(&house.admin, ticket).await, ["ticket.created", "comment.added"]);
}
