//! The whole suite on the store in memory, and on stores that are broken on purpose.

mod broken;

use async_trait::async_trait;
use broken::{Broken, Fault};
use std::sync::Arc;
use ticketing_core::conformance::blob::run_blobs;
use ticketing_core::conformance::bus::{BusHarness, run_bus};
use ticketing_core::conformance::{Harness, run, tests};
use ticketing_core::memory::{MemoryBlobs, MemoryStore};
use ticketing_core::port::{BlobStore, Bus, LocalBus, Store};

struct Memory;

#[async_trait]
impl Harness for Memory {
    async fn fresh(&self) -> Arc<dyn Store> {
        Arc::new(MemoryStore::new())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_store_in_memory_keeps_every_rule() {
    let report = run(&Memory, None).await;
    println!("{report}");
    report.assert_passed();
    assert_eq!(report.passed.len(), tests().len());
}

#[async_trait]
impl BusHarness for Memory {
    async fn ends(&self) -> [Arc<dyn Bus>; 2] {
        let bus = LocalBus::new();
        [Arc::new(bus.clone()), Arc::new(bus)]
    }

    async fn cut(&self) {}

    async fn mend(&self) {}
}

#[tokio::test]
async fn the_bus_within_a_process_keeps_every_rule() {
    run_bus(&Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_place_for_bytes_in_memory_keeps_every_rule() {
    let blobs: Arc<dyn BlobStore> = Arc::new(MemoryBlobs::new());
    run_blobs(&blobs).await;
}

#[test]
fn every_test_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = tests().iter().map(|test| test.name).collect();
    assert_eq!(names.len(), tests().len());
}

#[tokio::test]
#[should_panic(expected = "no test has such a name")]
async fn a_filter_that_fits_nothing_is_no_success() {
    run(&Memory, Some("no such test")).await.assert_passed();
}

#[async_trait]
impl Harness for Fault {
    async fn fresh(&self) -> Arc<dyn Store> {
        Arc::new(Broken::new(*self))
    }

    fn cases(&self) -> usize {
        100
    }
}

/// The suite must name these rules for a store with this fault, and may name more.
async fn is_caught(fault: Fault, rules: &[&str]) {
    let report = run(&fault, None).await;
    for rule in rules {
        assert!(tests().iter().any(|test| test.name == *rule), "{rule} is a test");
        assert!(report.has_failed(rule), "{fault:?} must break {rule}; {report}");
    }
    // A fault of one kind must not drown the report: most rules have nothing to do with it.
    assert!(report.passed.len() > tests().len() / 2, "{fault:?} breaks too much: {report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_without_a_fault_keeps_every_rule() {
    run(&Fault::None, None).await.assert_passed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_ignores_versions_is_caught() {
    is_caught(
        Fault::IgnoresVersions,
        &[
            "commit::a_stale_version_conflicts",
            "race::sixteen_writers_of_one_version_have_one_winner",
            "race::retries_lose_no_update",
            "whole::items_that_want_one_version_have_one_winner",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_repeats_the_last_row_is_caught() {
    is_caught(
        Fault::RepeatsTheLastRow,
        &[
            "list::pages_follow_one_another",
            "list::a_filter_holds_on_every_page",
            "drift::rows_that_come_between_pages_disturb_nobody",
            "scope::pages_of_a_scope_are_full",
            "condition::random_conditions_find_what_they_hold_for",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_skips_ties_is_caught() {
    is_caught(Fault::SkipsTies, &["list::pages_follow_one_another", "drift::a_walk_among_busy_writers_misses_nobody"])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_leaks_notes_is_caught() {
    is_caught(
        Fault::LeaksNotes,
        &[
            "comment::a_page_is_full_though_notes_are_left_out",
            "scope::comments_follow_their_ticket_and_notes_stay_inside",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_what_is_hidden_is_caught() {
    is_caught(
        Fault::CountsTheHidden,
        &[
            "scope::lists_and_counts_hold_what_is_seen",
            "condition::random_conditions_keep_within_the_scope",
            "count::what_hangs_on_a_ticket_is_counted_as_far_as_it_is_seen",
            "count::people_and_companies_are_counted_as_far_as_they_are_seen",
            "count::audit_lines_are_counted_by_what_is_asked_for",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_many_lists_wrongly_is_caught() {
    for fault in [Fault::CountsTheHiddenAtOnce, Fault::CountsOn] {
        is_caught(fault, &["list::many_lists_are_counted_at_once_up_to_a_limit"]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_shows_expired_sign_ins_is_caught() {
    is_caught(Fault::ShowsExpiredSignIns, &["sign_in::live_sign_ins_are_listed_newest_first"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_applies_a_part_is_caught() {
    is_caught(
        Fault::AppliesAPart,
        &[
            "whole::a_duplicate_in_the_last_write_leaves_nothing",
            "whole::a_conflict_in_the_last_write_leaves_nothing",
            "whole::a_missing_reference_in_the_last_write_leaves_nothing",
            "whole::a_big_commit_is_whole",
            "event::a_refused_commit_tells_nothing",
            "workflow::a_refused_commit_leaves_no_run",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_forgets_guards_is_caught() {
    is_caught(
        Fault::ForgetsGuards,
        &[
            "commit::a_guard_that_fails_refuses_the_commit",
            "commit::a_guard_on_a_row_that_is_not_there_fails",
            "whole::a_failed_guard_leaves_nothing",
            "race::a_guard_and_a_write_of_its_row_never_both_win_late",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_takes_stale_settings_is_caught() {
    is_caught(
        Fault::TakesStaleSettings,
        &[
            "setting::a_commit_under_other_settings_is_stale",
            "setting::items_of_a_batch_see_the_bump_of_another",
            "whole::stale_settings_leave_nothing",
            "race::settings_and_tickets_meet_in_some_order",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_whose_log_runs_ahead_is_caught() {
    is_caught(Fault::LogRunsAhead, &["event::a_reader_behind_many_writers_misses_nothing"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_whose_end_runs_ahead_is_caught() {
    is_caught(Fault::EndRunsAhead, &["event::the_log_ends_where_reading_ends"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_a_caller_can_cancel_is_caught() {
    is_caught(Fault::CanBeCancelled, &["commit::a_dropped_call_does_not_cancel_the_commit"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_overwrites_text_is_caught() {
    is_caught(Fault::OverwritesText, &["ticket::text_stays_where_it_did_not_change"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_rounds_moments_is_caught() {
    is_caught(Fault::RoundsMoments, &["text::moments_keep_their_microseconds", "text::ranges_of_moments_are_exact"])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_matches_by_halves_is_caught() {
    is_caught(Fault::FiltersThePage, &["list::a_pattern_is_checked"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_gives_a_job_twice_is_caught() {
    is_caught(Fault::ClaimsWhatOthersHold, &["claim::workers_that_race_share_the_jobs"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_lets_anybody_end_a_job_is_caught() {
    is_caught(Fault::EndsForAnybody, &["job::a_claim_that_is_over_ends_nothing"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_forgets_the_keys_of_jobs_is_caught() {
    is_caught(
        Fault::ForgetsKeys,
        &["job::of_two_jobs_with_one_key_the_first_is_kept", "job::racing_commits_with_one_key_leave_one_job"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_shows_every_run_is_caught() {
    is_caught(
        Fault::ShowsEveryRun,
        &["workflow::runs_are_for_those_inside_who_see_the_ticket", "workflow::runs_outlive_their_ticket"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_every_run_is_caught() {
    is_caught(Fault::CountsEveryRun, &["workflow::what_was_held_back_is_counted_up_to_a_limit"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_tells_twice_is_caught() {
    is_caught(Fault::TellsTwice, &["notification::one_is_told_once"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_joins_nothing_is_caught() {
    let rules = ["notification::the_same_within_a_while_is_one", "notification::commits_at_the_same_time_are_one"];
    is_caught(Fault::JoinsNothing, &rules).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_reads_for_everybody_is_caught() {
    is_caught(Fault::ReadsEverybodys, &["notification::what_is_read_takes_no_more"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_what_is_read_is_caught() {
    let rules =
        ["notification::a_count_is_what_a_walk_finds", "notification::a_list_shows_what_is_asked_for_and_is_counted"];
    is_caught(Fault::CountsWhatIsRead, &rules).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_forgets_rules_is_caught() {
    is_caught(
        Fault::ForgetsRules,
        &[
            "ticket::is_read_back_whole",
            "workflow::a_ticket_says_when_it_moved",
            "workflow::a_ticket_keeps_what_rules_spent",
            "workflow::an_event_names_its_rule",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_holds_no_claimed_ticket_is_caught() {
    is_caught(
        Fault::HoldsNothing,
        &["timer::a_hold_hides_a_ticket_and_ends", "timer::claims_that_race_share_the_tickets"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_lets_a_moment_fire_again_is_caught() {
    is_caught(
        Fault::FiresAgain,
        &["timer::a_moment_fires_once", "timer::of_racing_commits_that_fire_one_moment_one_wins"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_what_was_late_as_kept_is_caught() {
    is_caught(Fault::CountsLateAsKept, &["report::promises_are_counted_by_each_group"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_the_end_of_a_report_is_caught() {
    is_caught(Fault::CountsTheEnd, &["report::a_stretch_has_its_start_and_not_its_end"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_tells_results_to_all_is_caught() {
    is_caught(Fault::TellsResultsToAll, &["report::results_are_told_row_by_row_to_the_desk_alone"]).await;
    is_caught(Fault::TellsMilestonesToAll, &["report::moments_are_told_row_by_row_to_the_desk_alone"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_leaks_the_files_of_notes_is_caught() {
    let rules = [
        "attachment::whoever_sees_what_a_file_belongs_to_sees_the_file",
        "attachment::pages_go_from_the_oldest_on",
        "attachment::files_go_along_with_their_comment",
    ];
    is_caught(Fault::LeaksFiles, &rules).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_takes_a_mail_in_twice_is_caught() {
    is_caught(Fault::TakesInTwice, &["arrival::another_copy_is_refused"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_every_mail_of_a_sender_is_caught() {
    is_caught(Fault::CountsEveryMail, &["arrival::what_a_sender_wrote_is_counted_up_to_a_limit"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_routes_by_age_is_caught() {
    is_caught(Fault::RoutesByAge, &["routing::what_waits_is_the_most_urgent_and_the_oldest_first"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_takes_turns_of_others_is_caught() {
    is_caught(Fault::TakesTurnsOfOthers, &["routing::a_turn_changes_by_version", "routing::of_racing_turns_one_wins"])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_counts_the_time_of_hidden_tickets_is_caught() {
    is_caught(Fault::CountsHiddenTime, &["time::whoever_sees_a_ticket_sees_its_time"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_adds_time_up_roughly_is_caught() {
    is_caught(Fault::LosesHundredths, &["time::any_grouping_adds_up_to_the_whole"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_moves_all_time_is_caught() {
    is_caught(Fault::MovesAllTime, &["time::time_goes_along_with_its_ticket_and_back"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_that_keeps_many_stopwatches_is_caught() {
    is_caught(Fault::KeepsManyStopwatches, &["time::a_person_has_one_stopwatch"]).await;
}
