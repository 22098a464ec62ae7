//! The bus by `LISTEN` and `NOTIFY`.

use crate::Database;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::conformance::bus::{BusHarness, run_bus};
use ticketing_core::desk::{NewTicket, NewUser, Requester, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::Role;
use ticketing_core::port::{Bus, Signal};
use ticketing_store::PgStore;
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(10);

struct OfDatabase {
    database: Database,
    stores: [PgStore; 2],
}

#[async_trait]
impl BusHarness for OfDatabase {
    async fn ends(&self) -> [Arc<dyn Bus>; 2] {
        [Arc::new(self.stores[0].bus()), Arc::new(self.stores[1].bus())]
    }

    async fn cut(&self) {
        self.database.let_nobody_in().await;
    }

    async fn mend(&self) {
        self.database.let_all_in().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_over_the_database_keeps_every_rule() {
    let database = Database::migrated().await;
    let stores = [database.store().await, database.store().await];
    let harness = OfDatabase { database: database.clone(), stores };
    run_bus(&harness).await;
    drop(harness);
    database.drop().await;
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, held).await.expect(what);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_whose_connection_is_ended_asks_all_to_tell_theirs_again() {
    let database = Database::migrated().await;
    let stores = [database.store().await, database.store().await];
    let [here, there] = [stores[0].bus(), stores[1].bus()];
    until("they are linked", || here.is_linked() == Some(true) && there.is_linked() == Some(true)).await;
    let (mut own, mut other) = (here.subscribe(), there.subscribe());
    let mut connection = database.connection().await;
    let ended = sqlx::query_scalar::<_, i64>(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'ticketing bus'",
    );
    assert_eq!(ended.fetch_one(&mut connection).await.expect("they are ended"), 2, "one connection each");
    for heard in [&mut own, &mut other] {
        let asked = async { while !matches!(heard.recv().await.expect("it is heard"), Signal::Asks { .. }) {} };
        timeout(PATIENCE, asked).await.expect("what was missed is asked for");
    }
    until("they are linked again", || here.is_linked() == Some(true) && there.is_linked() == Some(true)).await;
    drop((here, there, stores, connection));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_of_one_desk_hear_of_each_others_acts() {
    let database = Database::migrated().await;
    let stores = [database.store().await, database.store().await];
    let buses = [stores[0].bus(), stores[1].bus()].map(|bus| Arc::new(bus) as Arc<dyn Bus>);
    let desk = |node: usize| {
        let desk = Desk::builder().store(Arc::new(stores[node].clone())).bus(Arc::clone(&buses[node]));
        desk.build().expect("a desk is built")
    };
    let (here, there) = (desk(0), desk(1));
    until("they are linked", || buses.iter().all(|bus| bus.is_linked() == Some(true))).await;
    let host = Actor::system(SystemReason::Host);
    let agent = NewUser { role: Role::Agent, ..NewUser::new("amy@desk.example", "Amy") };
    let agent = here.create_user(&host, agent).await.expect("an agent is added");
    there.actor_of(agent.id, None).await.expect("the agent is known");
    let mut heard = there.bus().subscribe();
    let off = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    here.update_user(&host, agent.id, off, None).await.expect("the agent is disabled");
    let rights = async { while heard.recv().await.expect("it is heard") != (Signal::Rights { user_id: agent.id }) {} };
    timeout(PATIENCE, rights).await.expect("the other server is told");
    there.forget_rights();
    assert!(there.actor_of(agent.id, None).await.is_err(), "nothing that was known before holds");
    // Nothing leaves this desk, so its commits make no work; the log's growth is heard of all the same.
    while timeout(Duration::from_millis(200), there.log_may_have_grown()).await.is_ok() {}
    let grown = there.log_may_have_grown();
    let end = there.log_end().await.expect("the log has an end");
    let requester =
        Requester::User(here.create_user(&host, NewUser::new("cleo@x.example", "Cleo")).await.expect("a customer").id);
    let ticket = NewTicket { requester, ..NewTicket::new("It hums", "Since this morning.") };
    here.create_ticket(&host, ticket).await.expect("a ticket is made");
    timeout(Duration::from_millis(900), grown).await.expect("the other server is told before it would look by itself");
    assert!(there.log_end().await.expect("the log has an end") > end);
    drop((here, there, buses, stores));
    database.drop().await;
}
