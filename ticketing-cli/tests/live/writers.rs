//! People who change tickets at the same time, at whichever server.

use crate::server::client::Client;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::interval;

/// Writers at work.
pub struct Writers {
    tasks: JoinSet<()>,
    done: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Writers {
    /// Lets each of them make so many changes, one in each such time.
    pub fn start(people: Vec<Client>, tickets: &[String], changes: usize, every: Duration) -> Self {
        let (done, is_over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let mut tasks = JoinSet::new();
        for (number, person) in people.into_iter().enumerate() {
            let (tickets, done, is_over) = (tickets.to_vec(), Arc::clone(&done), Arc::clone(&is_over));
            tasks.spawn(async move {
                let mut pace = interval(every);
                for step in 0..changes {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    pace.tick().await;
                    // All of them come by every ticket, each on a way of its own.
                    change(&person, &tickets[(step * 7 + number) % tickets.len()], number, step).await;
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Self { tasks, done, is_over }
    }

    /// How many changes were answered.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Waits until they have made all their changes, and says how many.
    pub async fn finished(mut self) -> usize {
        while let Some(task) = self.tasks.join_next().await {
            task.expect("every change is taken");
        }
        self.done()
    }

    /// Lets them end what they are at.
    pub async fn stop(self) -> usize {
        self.is_over.store(true, Ordering::Relaxed);
        self.finished().await
    }
}

async fn change(person: &Client, ticket: &str, number: usize, step: usize) {
    let word = format!("{number}.{step}");
    let is_staff = person.user["role"] != "customer";
    let ticket = format!("/api/tickets/{ticket}");
    match step % 4 {
        0 if is_staff => drop(person.patch(&ticket, json!({"subject": format!("Subject {word}")})).await.expect(200)),
        1 if is_staff => {
            let status = if step % 8 == 1 { "pending" } else { "open" };
            person.patch(&ticket, json!({"status": status, "tags": [word]})).await.expect(200);
        }
        kind => {
            let body = json!({"body": format!("Comment {word}"), "is_internal": is_staff && kind == 2});
            person.post(&format!("{ticket}/comments"), body).await.expect(201);
        }
    }
}
