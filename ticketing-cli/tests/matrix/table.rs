//! Who may do what: a row for each operation of the description. Whoever adds a route adds its row.

use super::cast::{Rank, Scope, Who};

/// What a request names, always of customer B's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// Nothing of anybody's.
    Nothing,
    /// B's ticket, of team X, in the hands of agent X.
    Ticket,
    /// The same ticket, which is B's alone to close and to open again.
    Asked,
    /// What B said there, which is B's alone to correct.
    Word,
    /// What agent X noted there.
    Note,
    /// The same note, which is agent X's alone to correct.
    NotedWord,
    /// B, or B's company.
    Person,
    /// An administrator.
    Administrator,
    /// What B was told.
    Told,
    /// A key of B's.
    Key,
    /// All keys of B's.
    Keys,
    /// A sign-in of B's.
    SignIn,
    /// A custom field that is for staff.
    Field,
    /// A webhook, and a call to it that was given up.
    Hook,
    /// A mail that was reworded.
    Mail,
    /// A rule with two versions.
    Rule,
    /// A calendar.
    Calendar,
    /// An SLA policy.
    Policy,
    /// A canned response and a macro that are shared with everybody who works here.
    Quick,
    /// A canned response and a macro of agent X's own.
    OwnQuick,
    /// A view that is shared with everybody who works here.
    View,
    /// A view that is shared with team X.
    TeamView,
    /// The same view, which managers alone change, since nobody leads the team.
    LedView,
    /// A view of agent X's own.
    OwnView,
    /// A mail of B's that went to the ticket, and the file that it brought.
    Letter,
    /// A mail that waits for an administrator.
    Held,
    /// A table that was brought.
    Import,
    /// A mailbox.
    Mailbox,
    /// Time that agent X has spent on the ticket.
    Time,
    /// The same, which is agent X's and managers' to correct.
    OwnTime,
    /// The stopwatch of whoever asks, which runs.
    Timer,
}

impl Thing {
    /// Whether it is there for them at all.
    fn is_seen_by(self, who: Who) -> bool {
        let is_staff = who.rank() >= Rank::Agent;
        match self {
            Self::Nothing | Self::Keys | Self::Timer => true,
            Self::Hook | Self::Mail | Self::Rule | Self::Held | Self::Mailbox | Self::Import => {
                who.rank() == Rank::Admin
            }
            Self::Ticket | Self::Asked | Self::Word | Self::Letter => !matches!(who, Who::CustomerA | Who::AgentY),
            Self::Note | Self::NotedWord | Self::TeamView | Self::LedView | Self::Time | Self::OwnTime => {
                is_staff && who != Who::AgentY
            }
            Self::Person => is_staff || who == Who::CustomerB,
            Self::Administrator | Self::Field | Self::Calendar | Self::Policy | Self::View | Self::Quick => is_staff,
            Self::OwnView | Self::OwnQuick => who == Who::AgentX,
            Self::Told | Self::SignIn => who == Who::CustomerB,
            Self::Key => who == Who::CustomerB || who.rank() == Rank::Admin,
        }
    }

    /// Whether they, who see it, may do to it what the operation does.
    fn is_for(self, who: Who) -> bool {
        match self {
            Self::Nothing
            | Self::Ticket
            | Self::Note
            | Self::Person
            | Self::Told
            | Self::Key
            | Self::SignIn
            | Self::Field
            | Self::Import
            | Self::Hook
            | Self::Mail
            | Self::Rule
            | Self::Calendar
            | Self::Policy
            | Self::Quick
            | Self::OwnQuick
            | Self::View
            | Self::TeamView
            | Self::OwnView
            | Self::Letter
            | Self::Held
            | Self::Mailbox
            | Self::Time
            | Self::Timer => true,
            Self::Asked | Self::Word => who == Who::CustomerB,
            Self::NotedWord => who == Who::AgentX,
            Self::OwnTime => who == Who::AgentX || who.rank() >= Rank::Manager,
            Self::Administrator => who.rank() == Rank::Admin,
            Self::LedView => who.rank() >= Rank::Manager,
            Self::Keys => who == Who::CustomerB || who.rank() == Rank::Admin,
        }
    }
}

/// What must come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, with any status from 200 to 299.
    Done,
    /// 401: nobody is signed in.
    Unknown,
    /// 403: not for this role, or not theirs to do.
    Forbidden,
    /// 403 of the type `scope`: the key does not open the route.
    Closed,
    /// 404: not there, as far as they may know.
    Absent,
    /// This status, the same for everybody: the route is open to all, and what was sent is what it is.
    Same(u16),
}

/// What is expected of one operation.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its `operationId`.
    pub operation: &'static str,
    /// What the request names.
    pub thing: Thing,
    least: Rank,
    scope: Scope,
    open: Option<u16>,
}

impl Row {
    /// What must come of it when they ask.
    pub fn outcome(&self, who: Who) -> Outcome {
        if !who.opens(self.scope) {
            Outcome::Closed
        } else if let Some(status) = self.open {
            Outcome::Same(status)
        } else if who == Who::Nobody {
            Outcome::Unknown
        } else if who.rank() < self.least {
            Outcome::Forbidden
        } else if !self.thing.is_seen_by(who) {
            Outcome::Absent
        } else if self.thing.is_for(who) {
            Outcome::Done
        } else {
            Outcome::Forbidden
        }
    }

    /// Whether they get what they ask for, and may change something by it.
    pub fn admits(&self, who: Who) -> bool {
        matches!(self.outcome(who), Outcome::Done | Outcome::Same(_))
    }
}

/// A route that is closed below a role.
const fn row(operation: &'static str, least: Rank, thing: Thing, scope: Scope) -> Row {
    Row { operation, thing, least, scope, open: None }
}

/// A route for everybody, signed in or not, and what it answers to what is sent here.
const fn open(operation: &'static str, status: u16) -> Row {
    Row { operation, thing: Thing::Nothing, least: Rank::Nobody, scope: Scope::Any, open: Some(status) }
}

use Rank::{Admin, Agent, Customer, Manager};
use Scope::{Any, Reads, Reports, Whole, Writes};
use Thing::{
    Administrator, Asked, Calendar, Field, Held, Hook, Import, Key, Keys, LedView, Letter, Mail, Mailbox, Note,
    NotedWord, Nothing, OwnQuick, OwnTime, OwnView, Person, Policy, Quick, Rule, SignIn, TeamView, Ticket, Time, Timer,
    Told, View, Word,
};

/// An operation may have several rows, one for each thing that it can name. Only the role, the thing and
/// the scope of a key that opens the route stand here; the paths and bodies are the scene's.
pub const TABLE: &[Row] = &[
    open("is_alive", 200),
    open("is_ready", 200),
    open("show_metrics", 200),
    open("show_welcome", 200),
    open("sign_in", 200),
    open("refresh_session", 401),
    // A key that does not open everything ends no sign-in.
    Row { scope: Whole, ..open("sign_out", 204) },
    open("register", 201),
    open("forgot_password", 202),
    open("reset_password", 422),
    open("set_up", 422),
    row("show_me", Customer, Nothing, Any),
    row("update_me", Customer, Nothing, Whole),
    row("list_sessions", Customer, Nothing, Whole),
    row("end_session", Customer, SignIn, Whole),
    row("list_api_keys", Customer, Nothing, Whole),
    row("list_api_keys", Customer, Keys, Whole),
    row("create_api_key", Customer, Nothing, Whole),
    row("revoke_api_key", Customer, Key, Whole),
    row("list_users", Agent, Nothing, Reads),
    row("create_user", Manager, Nothing, Whole),
    row("create_user", Manager, Administrator, Whole),
    row("show_user", Customer, Person, Reads),
    row("update_user", Manager, Person, Whole),
    row("update_user", Manager, Administrator, Whole),
    row("list_organizations", Agent, Nothing, Reads),
    row("create_organization", Manager, Nothing, Whole),
    row("show_organization", Customer, Person, Reads),
    row("update_organization", Manager, Person, Whole),
    row("list_teams", Agent, Nothing, Reads),
    row("list_my_teams", Agent, Nothing, Any),
    row("create_team", Manager, Nothing, Whole),
    row("show_team", Agent, Person, Reads),
    row("update_team", Manager, Person, Whole),
    row("delete_team", Manager, Person, Whole),
    row("list_members", Agent, Person, Reads),
    row("add_member", Manager, Person, Whole),
    row("update_member", Manager, Person, Whole),
    row("remove_member", Manager, Person, Whole),
    row("show_team_load", Agent, Person, Reads),
    row("report_team", Manager, Person, Reports),
    row("list_team_routing", Agent, Person, Reads),
    row("list_ticket_routing", Agent, Ticket, Reads),
    row("list_calendars", Agent, Nothing, Reads),
    row("create_calendar", Admin, Nothing, Whole),
    row("show_calendar", Agent, Calendar, Reads),
    row("update_calendar", Admin, Calendar, Whole),
    row("delete_calendar", Admin, Calendar, Whole),
    row("import_holidays", Admin, Calendar, Whole),
    row("list_sla_policies", Agent, Nothing, Reads),
    row("create_sla_policy", Admin, Nothing, Whole),
    row("show_sla_policy", Agent, Policy, Reads),
    row("update_sla_policy", Admin, Policy, Whole),
    row("delete_sla_policy", Admin, Policy, Whole),
    row("try_sla", Admin, Nothing, Whole),
    row("explain_ticket_sla", Agent, Ticket, Reads),
    row("report_sla", Manager, Nothing, Reports),
    row("list_canned_responses", Agent, Nothing, Reads),
    row("list_canned_categories", Agent, Nothing, Reads),
    row("create_canned_response", Agent, Nothing, Whole),
    row("show_canned_response", Agent, Quick, Reads),
    row("show_canned_response", Agent, OwnQuick, Reads),
    row("replace_canned_response", Manager, Quick, Whole),
    row("replace_canned_response", Agent, OwnQuick, Whole),
    row("delete_canned_response", Manager, Quick, Whole),
    row("delete_canned_response", Agent, OwnQuick, Whole),
    row("render_canned_response", Agent, Ticket, Reads),
    row("export_canned_responses", Agent, Nothing, Reads),
    row("import_canned_responses", Agent, Nothing, Whole),
    row("list_macros", Agent, Nothing, Reads),
    row("create_macro", Agent, Nothing, Whole),
    row("show_macro", Agent, Quick, Reads),
    row("show_macro", Agent, OwnQuick, Reads),
    row("update_macro", Manager, Quick, Whole),
    row("update_macro", Agent, OwnQuick, Whole),
    row("delete_macro", Manager, Quick, Whole),
    row("delete_macro", Agent, OwnQuick, Whole),
    row("apply_macro", Agent, Ticket, Writes),
    row("preview_macro", Agent, Ticket, Writes),
    row("list_views", Agent, Nothing, Reads),
    row("count_views", Agent, Nothing, Reads),
    row("create_view", Agent, Nothing, Whole),
    row("create_view", Manager, LedView, Whole),
    row("show_view", Agent, View, Reads),
    row("show_view", Agent, TeamView, Reads),
    row("show_view", Agent, OwnView, Reads),
    row("list_view_tickets", Agent, View, Reads),
    row("list_view_tickets", Agent, TeamView, Reads),
    row("list_view_tickets", Agent, OwnView, Reads),
    row("update_view", Manager, View, Whole),
    row("update_view", Agent, LedView, Whole),
    row("update_view", Agent, OwnView, Whole),
    row("delete_view", Manager, View, Whole),
    row("delete_view", Agent, LedView, Whole),
    row("delete_view", Agent, OwnView, Whole),
    row("list_custom_fields", Customer, Nothing, Reads),
    row("create_custom_field", Admin, Nothing, Whole),
    row("show_custom_field", Customer, Field, Reads),
    row("update_custom_field", Admin, Field, Whole),
    row("delete_custom_field", Admin, Field, Whole),
    row("list_notifications", Customer, Nothing, Reads),
    row("count_unread_notifications", Customer, Nothing, Reads),
    row("read_notification", Customer, Told, Writes),
    row("read_all_notifications", Customer, Nothing, Writes),
    row("suggest_mentions", Customer, Ticket, Reads),
    row("show_notification_preferences", Customer, Nothing, Any),
    row("replace_notification_preferences", Customer, Nothing, Whole),
    row("list_webhooks", Admin, Nothing, Whole),
    row("create_webhook", Admin, Nothing, Whole),
    row("show_webhook", Admin, Hook, Whole),
    row("update_webhook", Admin, Hook, Whole),
    row("delete_webhook", Admin, Hook, Whole),
    row("test_webhook", Admin, Hook, Whole),
    row("replay_webhook", Admin, Hook, Whole),
    row("list_webhook_deliveries", Admin, Hook, Whole),
    row("show_webhook_delivery", Admin, Hook, Whole),
    row("redeliver_webhook", Admin, Hook, Whole),
    row("list_workflows", Admin, Nothing, Whole),
    row("create_workflow", Admin, Nothing, Whole),
    row("show_workflow", Admin, Rule, Whole),
    row("update_workflow", Admin, Rule, Whole),
    row("replace_workflow", Admin, Rule, Whole),
    row("delete_workflow", Admin, Rule, Whole),
    row("list_workflow_versions", Admin, Rule, Whole),
    row("show_workflow_version", Admin, Rule, Whole),
    row("compare_workflow_versions", Admin, Rule, Whole),
    row("restore_workflow", Admin, Rule, Whole),
    row("export_workflows", Admin, Nothing, Whole),
    row("import_workflows", Admin, Nothing, Whole),
    row("dry_run_workflow", Admin, Rule, Whole),
    row("dry_run_draft", Admin, Nothing, Whole),
    row("lint_workflows", Admin, Nothing, Whole),
    row("list_workflow_runs", Admin, Rule, Whole),
    row("list_ticket_workflow_runs", Agent, Ticket, Reads),
    row("list_jobs", Admin, Nothing, Whole),
    row("show_job", Admin, Hook, Whole),
    row("retry_job", Admin, Hook, Whole),
    row("purge_jobs", Admin, Nothing, Whole),
    row("list_email_templates", Admin, Nothing, Whole),
    row("show_email_template", Admin, Mail, Whole),
    row("replace_email_template", Admin, Mail, Whole),
    row("delete_email_template", Admin, Mail, Whole),
    row("preview_email_template", Admin, Mail, Whole),
    // Nothing is signed here.
    open("take_in_mail", 401),
    row("preview_inbound_mail", Admin, Nothing, Whole),
    row("list_inbound_mails", Admin, Nothing, Whole),
    row("count_inbound_mails", Admin, Nothing, Whole),
    row("show_inbound_mail", Admin, Letter, Whole),
    row("download_inbound_mail", Admin, Letter, Whole),
    row("release_inbound_mail", Admin, Held, Whole),
    row("drop_inbound_mail", Admin, Held, Whole),
    row("list_imports", Admin, Nothing, Whole),
    row("create_import", Admin, Nothing, Whole),
    row("show_import", Admin, Import, Whole),
    row("run_import", Admin, Import, Whole),
    row("cancel_import", Admin, Import, Whole),
    row("list_ticket_mails", Agent, Ticket, Reads),
    row("show_ticket_mail", Agent, Letter, Reads),
    row("list_attachments", Customer, Ticket, Reads),
    row("download_attachment", Customer, Letter, Reads),
    row("list_mailboxes", Admin, Nothing, Whole),
    row("create_mailbox", Admin, Nothing, Whole),
    row("show_mailbox", Admin, Mailbox, Whole),
    row("update_mailbox", Admin, Mailbox, Whole),
    row("delete_mailbox", Admin, Mailbox, Whole),
    row("show_inbound_policy", Admin, Nothing, Whole),
    row("update_inbound_policy", Admin, Nothing, Whole),
    row("show_brand", Admin, Nothing, Whole),
    row("update_brand", Admin, Nothing, Whole),
    row("show_desk", Admin, Nothing, Whole),
    row("update_desk", Admin, Nothing, Whole),
    row("list_tickets", Customer, Nothing, Reads),
    row("count_tickets", Customer, Nothing, Reads),
    row("create_ticket", Customer, Nothing, Writes),
    row("show_ticket", Customer, Ticket, Reads),
    row("update_ticket", Agent, Ticket, Writes),
    row("update_tickets", Agent, Ticket, Writes),
    row("assign_ticket", Agent, Ticket, Writes),
    row("escalate_ticket", Agent, Ticket, Writes),
    row("deescalate_ticket", Agent, Ticket, Writes),
    row("close_ticket", Customer, Asked, Writes),
    row("reopen_ticket", Customer, Asked, Writes),
    row("merge_ticket", Agent, Ticket, Writes),
    row("unmerge_ticket", Agent, Ticket, Writes),
    row("split_ticket", Agent, Ticket, Writes),
    row("list_links", Customer, Ticket, Reads),
    row("link_tickets", Agent, Ticket, Writes),
    row("unlink_tickets", Agent, Ticket, Writes),
    row("list_comments", Customer, Ticket, Reads),
    row("add_comment", Customer, Ticket, Writes),
    row("show_comment", Customer, Ticket, Reads),
    row("show_comment", Customer, Note, Reads),
    row("edit_comment", Customer, Word, Writes),
    row("edit_comment", Customer, NotedWord, Writes),
    row("show_timeline", Customer, Ticket, Reads),
    row("list_ticket_time_entries", Agent, Ticket, Reads),
    row("log_time", Agent, Ticket, Writes),
    row("list_time_entries", Agent, Nothing, Reads),
    row("summarize_time", Agent, Nothing, Reports),
    row("show_time_entry", Agent, Time, Reads),
    row("update_time_entry", Agent, OwnTime, Writes),
    row("delete_time_entry", Agent, OwnTime, Writes),
    row("show_timer", Agent, Nothing, Reads),
    row("start_timer", Agent, Ticket, Writes),
    row("pause_timer", Agent, Timer, Writes),
    row("resume_timer", Agent, Timer, Writes),
    row("stop_timer", Agent, Timer, Writes),
    row("discard_timer", Agent, Timer, Writes),
    row("show_time_tracking", Agent, Nothing, Reads),
    row("update_time_tracking", Admin, Nothing, Whole),
    row("list_watchers", Agent, Ticket, Reads),
    row("watch_ticket", Agent, Ticket, Writes),
    row("unwatch_ticket", Agent, Ticket, Writes),
    row("list_events", Customer, Nothing, Reads),
    row("list_audit", Admin, Nothing, Whole),
    row("verify_audit", Admin, Nothing, Whole),
    // The last one: it ends the sign-ins of those who ask.
    row("sign_out_everywhere", Customer, Nothing, Whole),
];
