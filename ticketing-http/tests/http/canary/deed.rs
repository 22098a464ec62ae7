//! What people do in the story, one random deed after another. Many are refused, which is a part of it.

use super::model::{Moment, Stand, Ticket};
use super::{ADMIN, AGENT, CUSTOMERS, Comment, MANAGER, Story, TED};
use crate::support::*;
use serde_json::{Value, json};

/// Who is at it among the newest tickets and comments.
const RECENT: usize = 25;

impl Story {
    /// One deed; `after` is made what is so afterwards. Whether it was done.
    pub(super) async fn act(&mut self, after: &mut Moment) -> bool {
        match self.dice.below(100) {
            0..14 => {
                let customer = self.dice.below(CUSTOMERS);
                let by = if self.dice.below(4) == 0 { self.staff() } else { customer };
                self.create(by, customer).await
            }
            14..32 => self.say(false).await,
            32..42 => self.say(true).await,
            42..48 => self.edit_comment().await,
            48..60 => self.change_ticket().await,
            60..64 => self.assign().await,
            64..67 => self.escalate().await,
            67..70 => self.merge().await,
            70 => self.unmerge().await,
            71..73 => self.split().await,
            73..75 => self.link().await,
            75 => self.watch().await,
            76..82 => self.share(after).await,
            82..85 => self.change_company(after).await,
            85..87 => self.switch(after).await,
            87 => self.change_role(after).await,
            88 => self.sign_out().await,
            89..95 => self.subscribe().await,
            _ => self.type_somewhere().await,
        }
    }

    fn staff(&mut self) -> usize {
        [ADMIN, MANAGER, AGENT][self.dice.below(3)]
    }

    /// One of the newest tickets.
    pub(super) fn any_ticket(&mut self) -> usize {
        let count = self.model.tickets.len();
        count - 1 - self.dice.below(count.min(RECENT))
    }

    fn path(&self, ticket: usize, more: &str) -> String {
        format!("/api/tickets/{}{more}", self.model.tickets[ticket].id)
    }

    /// A ticket, the first of which is there before anybody asks for one.
    pub(super) async fn create(&mut self, by: usize, customer: usize) -> bool {
        let number = self.model.tickets.len();
        let ((_, subject), (_, description)) =
            (self.model.word(Some(number), false), self.model.word(Some(number), false));
        let mut body = json!({"subject": subject, "description": description});
        if by >= CUSTOMERS {
            body["customer_id"] = json!(self.players[customer].id);
            body["custom_fields"] = json!({"margin": self.model.word(None, false).1});
        }
        let answer = self.ask(by, post("/api/tickets", &body)).await;
        answer.status == 201 && self.note_ticket(&answer.json())
    }

    pub(super) fn note_ticket(&mut self, shown: &Value) -> bool {
        let id = text(shown, "id").to_owned();
        let customer = self.players.iter().position(|player| shown["customer_id"] == player.id.as_str()).unwrap();
        let company = self.companies.iter().position(|company| shown["organization_id"] == company.as_str());
        self.model.tickets.push(Ticket { id, customer, company });
        true
    }

    async fn say(&mut self, is_internal: bool) -> bool {
        let ticket = self.any_ticket();
        let author = if is_internal || self.dice.below(2) == 0 { self.staff() } else { self.dice.below(CUSTOMERS) };
        let (text, word) = self.model.word((!is_internal).then_some(ticket), true);
        let body = json!({"body": word, "is_internal": is_internal});
        let answer = self.ask(author, post(self.path(ticket, "/comments"), &body)).await;
        if answer.status != 201 {
            return false;
        }
        let said = answer.json();
        let (id, on) = (crate::support::text(&said, "id").to_owned(), crate::support::text(&said, "ticket_id"));
        let place = match self.model.number_of(on) {
            Some(place) => place,
            // The ticket was over, and what was said is on another one that goes on from it.
            None => self.follow_up(ticket, text, on).await,
        };
        self.comments.push(Comment { id, ticket: place, author, text });
        true
    }

    /// Notes a ticket that goes on from another one.
    async fn follow_up(&mut self, old: usize, text: usize, id: &str) -> usize {
        let shown = self.ask(ADMIN, get(format!("/api/tickets/{id}"))).await.ok(200);
        let new = self.model.tickets.len();
        self.note_ticket(&shown);
        self.model.go_on(old, new);
        // What was said stands there alone.
        self.model.move_to(text, new);
        new
    }

    fn any_comment(&mut self) -> Option<usize> {
        let count = self.comments.len();
        (count > 0).then(|| count - 1 - self.dice.below(count.min(RECENT)))
    }

    async fn edit_comment(&mut self) -> bool {
        let Some(place) = self.any_comment() else { return false };
        let Comment { id, author, text, .. } = &self.comments[place];
        let (path, author, old) = (format!("/api/comments/{id}"), *author, *text);
        // It stands where the old text stands by now.
        let (new, word) = self.model.word(None, true);
        let answer = self.ask(author, patch(path, &json!({"body": word}))).await;
        if answer.status == 200 {
            self.model.replace(old, new);
            self.comments[place].text = new;
        }
        answer.status == 200
    }

    async fn change_ticket(&mut self) -> bool {
        let (ticket, by) = (self.any_ticket(), self.staff());
        let statuses = ["open", "pending", "resolved", "closed"];
        let priorities = ["low", "high", "urgent"];
        let body = match self.dice.below(6) {
            0 => json!({"subject": self.model.word(Some(ticket), false).1}),
            1 => json!({"description": self.model.word(Some(ticket), false).1}),
            2 => json!({"custom_fields": {"margin": self.model.word(None, false).1}}),
            3 => {
                json!({"priority": priorities[self.dice.below(3)], "custom_fields": {"margin": self.model.word(None, false).1}})
            }
            _ => json!({"status": statuses[self.dice.below(4)]}),
        };
        self.ask(by, patch(self.path(ticket, ""), &body)).await.status == 200
    }

    async fn assign(&mut self) -> bool {
        let ticket = self.any_ticket();
        let team = self.dice.below(3);
        let body = json!({"team_id": self.teams.get(team)});
        self.ask(MANAGER, post(self.path(ticket, "/assign"), &body)).await.status == 200
    }

    async fn escalate(&mut self) -> bool {
        let ticket = self.any_ticket();
        let body = json!({"reason": self.model.word(None, false).1});
        let way = if self.dice.below(3) == 0 { "/deescalate" } else { "/escalate" };
        self.ask(MANAGER, post(self.path(ticket, way), &body)).await.status == 200
    }

    async fn merge(&mut self) -> bool {
        let (source, target) = (self.any_ticket(), self.any_ticket());
        let body = json!({"into": self.model.tickets[target].id, "confirm_other_customer": true});
        let answer = self.ask(MANAGER, post(self.path(source, "/merge"), &body)).await;
        if answer.status == 200 {
            self.model.merge(source, target);
        }
        answer.status == 200
    }

    async fn unmerge(&mut self) -> bool {
        let ticket = self.any_ticket();
        self.ask(MANAGER, post(self.path(ticket, "/unmerge"), &json!({}))).await.status == 200
    }

    async fn split(&mut self) -> bool {
        let Some(place) = self.any_comment() else { return false };
        let number = self.model.tickets.len();
        let Comment { id, ticket, text, .. } = &self.comments[place];
        let (path, id, text) = (self.path(*ticket, "/split"), id.clone(), *text);
        let subject = self.model.word(Some(number), false).1;
        let answer = self.ask(MANAGER, post(path, &json!({"comment_id": id, "subject": subject}))).await;
        if answer.status != 201 {
            return false;
        }
        // Whoever splits a note off hands it to the customer. It stands there whatever becomes of the comment.
        self.model.copy(text, number);
        self.comments.remove(place);
        self.note_ticket(&answer.json())
    }

    async fn link(&mut self) -> bool {
        if self.dice.below(3) == 0
            && let Some((ticket, id)) = self.links.pop()
        {
            let path = self.path(ticket, &format!("/links/{id}"));
            return self.ask(MANAGER, delete(path)).await.status == 204;
        }
        let (ticket, other) = (self.any_ticket(), self.any_ticket());
        let kind = ["relates", "blocks", "duplicates", "parent"][self.dice.below(4)];
        let body = json!({"ticket": self.model.tickets[other].id, "type": kind});
        let answer = self.ask(MANAGER, post(self.path(ticket, "/links"), &body)).await;
        if answer.status == 201 {
            self.links.push((ticket, text(&answer.json(), "id").to_owned()));
        }
        answer.status == 201
    }

    async fn watch(&mut self) -> bool {
        let (ticket, person) = (self.any_ticket(), self.dice.below(self.players.len()));
        let id = self.players[person].id.clone();
        let call = match self.dice.below(3) {
            0 => delete(self.path(ticket, &format!("/watchers/{id}"))),
            _ => post(self.path(ticket, "/watchers"), &json!({"user_id": id})),
        };
        self.ask(MANAGER, call).await.status.is_success()
    }

    async fn share(&mut self, after: &mut Moment) -> bool {
        let company = self.dice.below(self.companies.len());
        after.shares[company] = !after.shares[company];
        let path = format!("/api/organizations/{}", self.companies[company]);
        self.ask(ADMIN, patch(path, &json!({"shares_tickets": after.shares[company]}))).await.ok(200);
        true
    }

    async fn change_person(&mut self, person: usize, body: Value) {
        let path = format!("/api/users/{}", self.players[person].id);
        self.ask(ADMIN, patch(path, &body)).await.ok(200);
    }

    async fn change_company(&mut self, after: &mut Moment) -> bool {
        let (person, company) = (self.dice.below(TED), self.dice.below(3));
        let company = Some(company).filter(|company| *company < self.companies.len());
        let Stand::Customer { .. } = after.stands[person] else { return false };
        after.stands[person] = Stand::Customer { company };
        self.change_person(person, json!({"organization_id": company.map(|company| &self.companies[company])})).await;
        true
    }

    /// Switches somebody off or on again; who is on again belongs to no company for now.
    async fn switch(&mut self, after: &mut Moment) -> bool {
        let away = after.stands.iter().position(|stand| *stand == Stand::Away);
        let person = away.filter(|_| self.dice.below(4) > 0).unwrap_or_else(|| self.dice.below(TED));
        if after.stands[person] == Stand::Away {
            after.stands[person] = Stand::Customer { company: None };
            self.change_person(person, json!({"is_active": true, "organization_id": null})).await;
        } else {
            after.stands[person] = Stand::Away;
            self.change_person(person, json!({"is_active": false})).await;
            self.sign_in_ended(person);
        }
        true
    }

    async fn change_role(&mut self, after: &mut Moment) -> bool {
        let works = after.stands[TED] == Stand::Staff;
        after.stands[TED] = if works { Stand::Customer { company: None } } else { Stand::Staff };
        self.change_person(TED, json!({"role": if works { "customer" } else { "agent" }})).await;
        self.sign_in_ended(TED);
        true
    }

    async fn sign_out(&mut self) -> bool {
        let person = self.dice.below(CUSTOMERS);
        if self.players[person].over_since.is_some() || self.players[person].socket.is_none() {
            return false;
        }
        self.ask(person, post("/api/auth/logout", &json!({}))).await.ok(204);
        self.sign_in_ended(person);
        true
    }

    fn sign_in_ended(&mut self, person: usize) {
        let step = self.model.step();
        self.players[person].over_since.get_or_insert(step);
    }

    async fn subscribe(&mut self) -> bool {
        let (person, ticket) = (self.dice.below(CUSTOMERS), self.any_ticket());
        let event = if self.dice.below(4) == 0 { "unsubscribe_ticket" } else { "subscribe_ticket" };
        let player = &self.players[person];
        let Some(socket) = &player.socket else { return false };
        let answer = socket.ask(event, &json!(self.model.tickets[ticket].id)).await.unwrap_or_default();
        let is_done = answer["ok"] == true;
        if is_done && event == "subscribe_ticket" {
            let may = player.over_since.is_none() && self.model.sees(self.model.now(), person, ticket);
            assert!(may, "seed {}: {} looks on at a foreign ticket", self.seed, player.email);
        }
        is_done
    }

    async fn type_somewhere(&mut self) -> bool {
        let (person, ticket) = (self.dice.below(self.players.len()), self.any_ticket());
        let Some(socket) = &self.players[person].socket else { return false };
        let id = &self.model.tickets[ticket].id;
        if person >= CUSTOMERS {
            socket.ask("subscribe_ticket", &json!(id)).await;
        }
        let is_internal = person >= CUSTOMERS && self.dice.below(2) == 0;
        let said = json!({"ticket_id": id, "is_typing": self.dice.below(4) > 0, "is_internal": is_internal});
        socket.ask("typing", &said).await.is_some_and(|answer| answer["ok"] == true)
    }
}
