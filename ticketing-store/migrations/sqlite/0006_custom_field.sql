-- What conditions can ask of the values of custom fields: a row a value or entry of a list. It follows
-- from ticket_body.custom_fields, which stays the truth. Texts may be long, so no index holds them.
CREATE TABLE ticket_field (
    ticket_id BLOB    NOT NULL REFERENCES ticket (id),
    field_key TEXT    NOT NULL,
    place     INTEGER NOT NULL,
    text_fold TEXT,
    num       INTEGER,
    PRIMARY KEY (ticket_id, field_key, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_field_by_key ON ticket_field (field_key, ticket_id);
