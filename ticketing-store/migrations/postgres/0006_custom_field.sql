-- What conditions can ask of the values of custom fields: a row a value or entry of a list. It follows
-- from ticket_body.custom_fields, which stays the truth. Texts may be long, so no index holds them.
CREATE TABLE ticket_field (
    ticket_id uuid    NOT NULL CONSTRAINT ticket_field_ticket REFERENCES ticket (id),
    field_key text    COLLATE "C" NOT NULL,
    place     integer NOT NULL,
    text_fold text    COLLATE "C",
    num       bigint,
    PRIMARY KEY (ticket_id, field_key, place)
);
CREATE INDEX ticket_field_by_key ON ticket_field (field_key, ticket_id);
