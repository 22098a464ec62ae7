//! What can be typed behind `ticketing`.

use crate::config::SETTINGS;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use ticketing_core::JobId;
use ticketing_core::desk::import::ImportKind;
use ticketing_core::ids::TicketKey;
use ticketing_core::model::{JobKind, JobState, Role, UnknownWord};
use ticketing_core::time::{BadDuration, Time, parse_duration, to_micros};

/// A help desk in one program.
#[derive(Parser)]
#[command(name = "ticketing", version, subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage.")]
pub struct Arguments {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Subcommand)]
pub enum Verb {
    /// Run the desk: brings the store up to date, then listens.
    Serve {
        /// Fill an empty store with a believable desk and print its sign-ins.
        #[arg(long)]
        demo: bool,
        /// Until when that desk has lived; until now unless given. For pictures that are to be the same each time.
        #[arg(long, value_name = "MOMENT", value_parser = moment, requires = "demo", hide = true)]
        demo_until: Option<Time>,
    },
    /// Do what was promised, without listening: mails, calls to webhooks. Any number of them share the work.
    Worker,
    /// Bring the store up to date and stop.
    Migrate {
        #[command(flatten)]
        output: Output,
    },
    /// Write the whole desk down as one file, a line of JSON for each row, to be taken in elsewhere.
    Export(ExportVerb),
    /// Make a new desk the one of a file that was exported, or take people, companies or tickets in from a table (CSV).
    Import(ImportVerb),
    /// People who sign in.
    #[command(subcommand, arg_required_else_help = true)]
    User(UserVerb),
    /// What the workers have to do, had to do and could not do.
    #[command(subcommand, arg_required_else_help = true)]
    Jobs(JobsVerb),
    /// The log of who did what.
    #[command(subcommand, arg_required_else_help = true)]
    Audit(AuditVerb),
    /// Mail that comes in.
    #[command(subcommand, arg_required_else_help = true)]
    Mail(MailVerb),
    /// Rules: looked through, tried, and carried from desk to desk.
    #[command(subcommand, arg_required_else_help = true)]
    Workflow(WorkflowVerb),
    /// Promised times.
    #[command(subcommand, arg_required_else_help = true)]
    Sla(SlaVerb),
    /// Check configuration, store, secrets and clock, and say what to do.
    Doctor {
        #[command(flatten)]
        output: Output,
    },
    /// Print the OpenAPI description of the wire API.
    Openapi,
    /// Print the completion script of a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// How to write a desk down.
#[derive(Args)]
pub struct ExportVerb {
    /// Where to; `-` for standard output.
    pub file: PathBuf,
    /// Also copy the bytes of files, into the folder FILE.files.
    #[arg(long)]
    pub files: bool,
    /// Also write hashes of passwords, and webhooks and mailboxes with their secrets, which stay sealed with the desk's key.
    #[arg(long)]
    pub with_secrets: bool,
    #[command(flatten)]
    pub output: Output,
}

/// How to take a desk or a table in.
#[derive(Args)]
pub struct ImportVerb {
    /// A desk that was exported, or a table: CSV in UTF-8 with a header.
    pub file: PathBuf,
    /// Only look all of it through and say what is wrong and what would be made; exit code 1 where anything is wrong.
    #[arg(long)]
    pub dry_run: bool,
    /// What the lines of a table are: users, organizations or tickets; seen from its columns unless given.
    #[arg(long, value_parser = word::<ImportKind>)]
    pub kind: Option<ImportKind>,
    /// What parts the cells of a table: one character, or `tab`; seen from its header unless given.
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// A column and the field that it is, as `Their column=our_field`; nothing behind the sign passes the column over. May be given
    /// several times, for one column, too.
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = column)]
    pub columns: Vec<(String, String)>,
    /// Take the right lines in though others are wrong; these are written to FILE.rejected.csv.
    #[arg(long, conflicts_with = "dry_run")]
    pub skip_bad: bool,
    /// What a table is called; its file's name unless given. The same lines under another name are other tickets, unless they
    /// have an `external_id`.
    #[arg(long)]
    pub name: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab", _) => Ok(b'\t'),
        (_, [byte]) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err("it is one character such as ; or the word tab".to_owned()),
    }
}

fn column(text: &str) -> Result<(String, String), String> {
    let (theirs, ours) = text.rsplit_once('=').ok_or("it has the form COLUMN=FIELD")?;
    Ok((theirs.to_owned(), ours.to_owned()))
}

/// What to ask about promised times.
#[derive(Subcommand)]
pub enum SlaVerb {
    /// Say how a ticket came to stand where it stands to what was promised: each stretch of time, counted or not, and why.
    Explain {
        /// The ticket, by id or number.
        ticket: TicketKey,
        #[command(flatten)]
        output: Output,
    },
}

/// What to do about rules. A FILE is YAML or, where its name ends in `.json`, JSON: one rule, a list of them, or
/// `workflows` with such a list.
#[derive(Subcommand)]
pub enum WorkflowVerb {
    /// Say what is likely to be wrong with rules, among those that are switched on; exit code 1 where anything is.
    Lint {
        /// The rules.
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Say what rules would do about a ticket, and why. Nothing is done.
    DryRun {
        /// The rules.
        file: PathBuf,
        /// The ticket, by id or number.
        #[arg(long)]
        ticket: TicketKey,
        #[command(flatten)]
        output: Output,
    },
    /// Say what rules would have done about all that happened in a stretch of time. Nothing is done.
    Backtest {
        /// The rules.
        file: PathBuf,
        /// The beginning: a day, or a moment such as 2026-01-15T10:00:00Z.
        #[arg(long, value_name = "MOMENT", value_parser = moment)]
        from: Time,
        /// The end; now unless given.
        #[arg(long, value_name = "MOMENT", value_parser = moment)]
        to: Option<Time>,
        #[command(flatten)]
        output: Output,
    },
    /// Play scenarios: what a desk has, what happens, and what rules are to do about it. On a desk in memory: nothing is
    /// read but files, and nothing is set. Exit code 1 where one fails.
    Test {
        /// The scenarios, YAML or JSON.
        file: PathBuf,
        /// Only those with this text in their names.
        #[arg(long, value_name = "TEXT")]
        filter: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Write all rules down, as YAML unless otherwise said.
    Export {
        /// Where to; standard output unless given.
        file: Option<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// Take rules in, all or none. A rule is known by its name.
    Import {
        /// The rules.
        file: PathBuf,
        /// Only say what would become of them.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
}

/// What to do about mail.
#[derive(Subcommand)]
pub enum MailVerb {
    /// Take in the mail on stdin: for mail servers, which run it for each. Exit codes are those of sysexits.h: 0 the desk has
    /// it, 64 wrong usage, 65 empty or too large, 67 no such mailbox, 75 not now, 78 what is set can't be accepted.
    Deliver {
        /// Where failures are told, as the mail server knows it; empty for nowhere.
        #[arg(long, value_name = "ADDRESS")]
        from: Option<String>,
        /// Whom it is delivered to. May be given several times.
        #[arg(long, value_name = "ADDRESS")]
        to: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
}

/// What to do about the audit log.
#[derive(Subcommand)]
pub enum AuditVerb {
    /// Prove that no line, detail or seal was changed, removed or cut off; exit code 1 where one was.
    Verify {
        #[command(flatten)]
        output: Output,
    },
}

/// What to do about jobs.
#[derive(Subcommand)]
pub enum JobsVerb {
    /// List jobs, newest first, and how many there are.
    List {
        /// Only of this state: ready, running, done or dead. May be given several times.
        #[arg(long = "state", value_parser = word::<JobState>)]
        states: Vec<JobState>,
        /// Only of this kind, such as mail or webhook. May be given several times.
        #[arg(long = "kind", value_parser = word::<JobKind>)]
        kinds: Vec<JobKind>,
        /// How many at most.
        #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
        #[command(flatten)]
        output: Output,
    },
    /// Show a job and how each attempt went.
    Show {
        /// The job.
        id: JobId,
        #[command(flatten)]
        output: Output,
    },
    /// Do a job again that was done or given up, or all that were given up.
    Retry {
        /// The job.
        #[arg(required_unless_present = "dead", conflicts_with = "dead")]
        id: Option<JobId>,
        /// All that were given up, but mails that were held back.
        #[arg(long)]
        dead: bool,
        /// Of them only those of this kind. May be given several times.
        #[arg(long = "kind", value_parser = word::<JobKind>, requires = "dead")]
        kinds: Vec<JobKind>,
        #[command(flatten)]
        output: Output,
    },
    /// Forget jobs that ended, and how they went.
    Purge {
        /// Those that ended longer ago than this, such as 30d.
        #[arg(long, value_name = "DURATION", value_parser = age)]
        older_than: TimeDelta,
        /// Only of this state: done or dead; of both unless given.
        #[arg(long = "state", value_parser = word::<JobState>)]
        states: Vec<JobState>,
        #[command(flatten)]
        output: Output,
    },
}

/// What to do about people.
#[derive(Subcommand)]
pub enum UserVerb {
    /// Add a person.
    Create {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// How to address the person.
        #[arg(long)]
        name: String,
        /// What the person may do.
        #[arg(long, value_parser = role)]
        role: Role,
        #[command(flatten)]
        password: PasswordSource,
        #[command(flatten)]
        output: Output,
    },
    /// List everybody, oldest first.
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Change what a person may do.
    SetRole {
        /// The person's address.
        email: String,
        /// The new role.
        #[arg(value_parser = role)]
        role: Role,
        #[command(flatten)]
        output: Output,
    },
    /// Print a link by which a person sets a new password within an hour.
    Reset {
        /// The person's address.
        email: String,
        #[command(flatten)]
        output: Output,
    },
    /// Print a link by which a person who was added without a password sets one within a week.
    Invite {
        /// The person's address.
        email: String,
        #[command(flatten)]
        output: Output,
    },
    /// Forget a person, for good: name, address, sign-ins, and what the audit log says of them.
    Erase {
        /// The person's address or id.
        person: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Print all that is kept of a person, as one JSON document.
    Export {
        /// The person's address or id.
        person: String,
    },
    /// Give a person a new password, by default asked for; ends the person's sign-ins.
    SetPassword {
        /// The person's address.
        email: String,
        #[command(flatten)]
        password: PasswordSource,
        #[command(flatten)]
        output: Output,
    },
}

/// Where a password comes from.
#[derive(Args)]
#[group(multiple = false)]
pub struct PasswordSource {
    /// The password. Other users of the machine can see it in the list of processes.
    #[arg(long, value_name = "PASSWORD")]
    pub password: Option<String>,
    /// Read the password from the first line of stdin.
    #[arg(long)]
    pub password_stdin: bool,
}

/// How to answer.
#[derive(Args, Clone, Copy)]
pub struct Output {
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

fn role(text: &str) -> Result<Role, String> {
    let words = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| format!("it is one of {}", words()))
}

fn word<T: std::str::FromStr<Err = UnknownWord>>(text: &str) -> Result<T, UnknownWord> {
    text.parse()
}

/// A moment, or the beginning of a day in UTC.
fn moment(text: &str) -> Result<Time, String> {
    let day = || NaiveDate::from_str(text).ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let moment = DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    moment.or_else(day).map(to_micros).ok_or_else(|| "it is a day or a moment with a time zone".to_owned())
}

fn age(text: &str) -> Result<TimeDelta, BadDuration> {
    parse_duration(text)
}

/// Settings that were typed as flags: each but the secrets has one, made from the table.
#[derive(Default)]
pub struct Flags {
    /// Values by the name of their setting.
    pub settings: BTreeMap<&'static str, String>,
    /// The file to read instead of `ticketing.toml`.
    pub config: Option<PathBuf>,
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        const HEADING: &str = "Settings (also in the environment and in ticketing.toml)";
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("The file to read instead of ticketing.toml")
            .help_heading(HEADING)
            .global(true);
        let flags = SETTINGS.iter().filter_map(|setting| {
            let flag = Arg::new(setting.name).long(setting.flag()?).value_name(setting.name);
            Some(flag.help(setting.about).help_heading(HEADING).hide_short_help(true).global(true))
        });
        command.arg(config).args(flags)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.config = matches.get_one::<PathBuf>("config").cloned();
        for setting in SETTINGS.iter().filter(|setting| !setting.secret) {
            if let Some(value) = matches.get_one::<String>(setting.name) {
                self.settings.insert(setting.name, value.clone());
            }
        }
        Ok(())
    }
}
