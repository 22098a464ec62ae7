-- Lists that are sorted and filtered by what tickets hold in the desk's own fields. Texts may be longer than an index
-- should take, so their beginnings stand in it. They follow from the texts: whoever writes those need not know of them.
ALTER TABLE ticket_field ADD COLUMN sort_text TEXT GENERATED ALWAYS AS (substr(text_fold, 1, 40)) VIRTUAL;
CREATE INDEX ticket_field_by_text ON ticket_field (field_key, sort_text, ticket_id);
CREATE INDEX ticket_field_by_number ON ticket_field (field_key, num, ticket_id) WHERE num IS NOT NULL;
-- The index of texts begins with the key and has every row.
DROP INDEX ticket_field_by_key;
