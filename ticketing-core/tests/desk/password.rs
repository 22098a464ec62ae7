//! How passwords are hashed, and what becomes of hashes that were made in another way.

use crate::house::{House, PASSWORD, code, fields, id};
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::Scope;
use ticketing_core::desk::{BuildError, DeskOptions, MePatch, NewUser, PasswordHash, Register, SignIn, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::memory::MemoryStore;

const BCRYPT: PasswordHash = PasswordHash::Bcrypt { cost: 4 };
const ARGON2ID: PasswordHash = PasswordHash::Argon2id { memory: 64, passes: 1, lanes: 1 };

fn sign_in(password: &str) -> SignIn {
    SignIn { email: "cleo@house.example".into(), password: password.into() }
}

/// The same house, where new passwords are hashed in another way.
fn with(house: &House, password_hash: PasswordHash) -> Desk {
    let desk = Desk::builder().store(Arc::clone(house.desk.store())).clock(Arc::clone(&house.clock) as Arc<_>);
    desk.options(DeskOptions { password_hash, ..DeskOptions::default() }).build().unwrap()
}

async fn hash_of(desk: &Desk, house: &House) -> String {
    let found = desk.store().credential_by_id(&Scope::SIGN_IN, id(&house.customer)).await.unwrap().unwrap();
    found.password_hash.unwrap()
}

#[tokio::test]
async fn a_hash_of_another_kind_or_of_other_parameters_is_replaced_at_the_next_sign_in() {
    let house = House::new().await;
    let first = house.desk.sign_in(&house.system, sign_in(PASSWORD)).await.unwrap();
    let mut before = hash_of(&house.desk, &house).await;
    let ways = [
        (ARGON2ID, "$argon2id$v=19$m=64,t=1,p=1$"),
        (PasswordHash::Argon2id { memory: 64, passes: 2, lanes: 1 }, "$argon2id$v=19$m=64,t=2,p=1$"),
        (PasswordHash::Bcrypt { cost: 5 }, "$2b$05$"),
        (BCRYPT, "$2b$04$"),
    ];
    for (way, start) in ways {
        let desk = with(&house, way);
        assert_eq!(code(desk.sign_in(&house.system, sign_in("a wrong password")).await), "unauthenticated");
        assert_eq!(hash_of(&desk, &house).await, before, "a refusal changes nothing");
        let entered = desk.sign_in(&house.system, sign_in(PASSWORD)).await.unwrap();
        let after = hash_of(&desk, &house).await;
        assert!(after.starts_with(start), "{after}");
        assert_eq!(
            (entered.user.version, entered.user.rights_version),
            (first.user.version, first.user.rights_version)
        );
        desk.sign_in(&house.system, sign_in(PASSWORD)).await.unwrap();
        assert_eq!(hash_of(&desk, &house).await, after, "what is as it should be stays");
        before = after;
    }
    house.desk.refresh_session(&house.system, &first.refresh_token).await.expect("no sign-in ended by it");
}

#[tokio::test]
async fn sign_ins_at_once_do_not_refuse_one_another_over_a_new_hash() {
    let house = House::new().await;
    let desk = with(&house, ARGON2ID);
    let entered = futures::future::join_all((0..8).map(|_| desk.sign_in(&house.system, sign_in(PASSWORD)))).await;
    assert!(entered.iter().all(Result::is_ok), "{entered:?}");
    assert!(hash_of(&desk, &house).await.starts_with("$argon2id$"));
}

#[tokio::test]
async fn nothing_is_cut_and_what_is_too_long_is_refused_with_all_the_rest() {
    let house = House::new().await;
    let register = |length| Register { email: "no".into(), name: "New".into(), password: "x".repeat(length) };
    assert_eq!(fields(house.desk.register(&house.system, register(72)).await), ["email"]);
    assert_eq!(fields(house.desk.register(&house.system, register(73)).await), ["email", "password"]);
    let desk = with(&house, ARGON2ID);
    assert_eq!(fields(desk.register(&house.system, register(1_000)).await), ["email"]);
    assert_eq!(fields(desk.register(&house.system, register(1_001)).await), ["email", "password"]);
    let new = NewUser { password: Some("x".repeat(1_001)), ..NewUser::new("new@house.example", "New") };
    assert_eq!(fields(desk.create_user(&house.system, new).await), ["password"]);
    let long = "é".repeat(50);
    let patch = MePatch {
        password: Patch::Set(long.clone()),
        current_password: Patch::Set(PASSWORD.into()),
        ..MePatch::default()
    };
    assert_eq!(fields(house.desk.update_me(&house.customer, patch.clone(), None).await), ["password"]);
    desk.update_me(&house.customer, patch, None).await.unwrap();
    // bcrypt could not keep it: it stays as it is, and good.
    let before = hash_of(&desk, &house).await;
    house.desk.sign_in(&house.system, sign_in(&long)).await.unwrap();
    assert_eq!(hash_of(&desk, &house).await, before);
    for wrong in [&long[..72], &format!("{long}é")] {
        assert_eq!(code(house.desk.sign_in(&house.system, sign_in(wrong)).await), "unauthenticated");
    }
    let longest = UserPatch { password: Patch::Set("y".repeat(72)), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&house.customer), longest, None).await.unwrap();
    assert_eq!(code(desk.sign_in(&house.system, sign_in(&"y".repeat(73))).await), "unauthenticated");
    desk.sign_in(&house.system, sign_in(&"y".repeat(72))).await.unwrap();
}

#[test]
fn a_desk_is_not_built_on_parameters_that_can_not_work() {
    for wrong in [PasswordHash::Bcrypt { cost: 32 }, PasswordHash::Argon2id { memory: 8, passes: 1, lanes: 2 }] {
        let options = DeskOptions { password_hash: wrong, ..DeskOptions::default() };
        let built = Desk::builder().store(Arc::new(MemoryStore::new())).options(options).build();
        assert!(matches!(built.err(), Some(BuildError::PasswordHash(named)) if named == wrong));
    }
}

/// Not exact, since other tests run beside it: as often as not a difference of kinds would be far larger.
#[tokio::test]
async fn an_address_that_nobody_has_costs_a_hash_of_the_kind_that_is_set() {
    let house = House::new().await;
    let desk = with(&house, PasswordHash::Argon2id { memory: 8 * 1024, passes: 2, lanes: 1 });
    desk.sign_in(&house.system, sign_in(PASSWORD)).await.unwrap();
    let unknown = || SignIn { email: "nobody@house.example".into(), password: "a wrong password".into() };
    desk.sign_in(&house.system, unknown()).await.unwrap_err();
    let mut least = [std::time::Duration::MAX; 2];
    for _ in 0..5 {
        for (place, input) in [(0, sign_in("a wrong password")), (1, unknown())] {
            let start = std::time::Instant::now();
            desk.sign_in(&house.system, input).await.unwrap_err();
            least[place] = least[place].min(start.elapsed());
        }
    }
    let (known, unknown) = (least[0].as_secs_f64(), least[1].as_secs_f64());
    assert!(unknown > known * 0.5 && unknown < known * 2.0, "known {known}, unknown {unknown}");
}
