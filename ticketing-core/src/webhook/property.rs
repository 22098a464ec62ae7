//! Whatever strangers write, every payload is JSON and says nothing but what was meant.

use super::Occasion;
use super::payload::body;
use super::sample::Sample;
use super::tests::hook;
use crate::ids::EventId;
use crate::memory::TestClock;
use crate::model::{Comment, EventType, PayloadKind, Person};
use crate::port::Clock;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::Value;
use uuid::Uuid;

const TEMPLATE: &str = r#"{"subject": "{{subject}}", "said": "{{comment.body}}", "who": {{json actor.name}}}"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_makes_json_in_every_kind(
        subject in any::<String>(), said in "(?s).{0,300}", name in any::<String>(), place in 0..EventType::ALL.len(),
    ) {
        let sample = Sample::of(EventType::ALL[place], TestClock::default().now());
        let occasion = sample.occasion(EventId(Uuid::nil()));
        let mut ticket = occasion.ticket.clone();
        ticket.subject.clone_from(&subject);
        ticket.description.clone_from(&said);
        let comment = occasion.comment.map(|comment| Comment { body: said.clone(), ..comment.clone() });
        let actor = Person { name: name.clone(), ..occasion.actor.clone() };
        let occasion = Occasion { ticket: &ticket, comment: comment.as_ref(), actor: &actor, ..occasion };
        for kind in PayloadKind::ALL {
            let hook = hook(1, |w| (w.payload, w.payload_template) = (*kind, Some(TEMPLATE.to_owned())));
            let text = body(&hook, &occasion, "https://desk.example").unwrap();
            let made: Value = serde_json::from_str(&text).unwrap();
            match kind {
                PayloadKind::Default => prop_assert_eq!(&made["ticket"]["subject"], &subject),
                PayloadKind::Template => {
                    prop_assert_eq!(&made["subject"], &subject);
                    prop_assert_eq!(&made["who"], &name);
                    prop_assert_eq!(made["said"].as_str().unwrap(), comment.as_ref().map_or("", |c| &c.body));
                }
                PayloadKind::Slack => {
                    let text = made["blocks"][0]["text"]["text"].as_str().unwrap();
                    prop_assert!(text.chars().count() <= 3_000);
                    prop_assert_eq!(text.matches('<').count(), 1, "the one link is ours");
                    prop_assert_eq!(text.matches('>').count(), 1);
                    prop_assert!(!made["text"].as_str().unwrap().contains('<'));
                }
                PayloadKind::Teams => prop_assert_eq!(made["attachments"].as_array().unwrap().len(), 1),
            }
        }
    }
}
