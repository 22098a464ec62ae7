-- Lists that are sorted and filtered by what tickets hold in the desk's own fields. Texts may be longer than an index takes,
-- so their beginnings stand in it. They follow from the texts: whoever writes those need not know of them.
ALTER TABLE ticket_field
    ADD COLUMN sort_text text COLLATE "C" GENERATED ALWAYS AS (left(text_fold, 40) COLLATE "C") STORED;
CREATE INDEX ticket_field_by_text ON ticket_field (field_key, sort_text, ticket_id);
CREATE INDEX ticket_field_by_number ON ticket_field (field_key, num, ticket_id) WHERE num IS NOT NULL;
-- The index of texts begins with the key and has every row.
DROP INDEX ticket_field_by_key;
