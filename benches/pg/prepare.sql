-- What the scripts beside this one need: customers to choose from, and the span of the tickets' ids.
-- Prints `name=value` lines, which become variables of pgbench.
DROP TABLE IF EXISTS bench_customer;
CREATE UNLOGGED TABLE bench_customer AS
    SELECT row_number() OVER (ORDER BY id)::int AS n, id, organization_id
    FROM (SELECT id, organization_id FROM person WHERE role = 0 ORDER BY id LIMIT 100) AS first_customers;
ALTER TABLE bench_customer ADD PRIMARY KEY (n);
ANALYZE bench_customer;
SELECT 'customers=' || count(*) FROM bench_customer;
-- The first 48 bits of an id are a moment in ms, so that a random moment leads to a random ticket by one descent of
-- the primary key, as a known id would.
SELECT 'low=' || ('x' || left(replace((SELECT id::text FROM ticket ORDER BY id LIMIT 1), '-', ''), 12))::bit(48)::bigint;
SELECT 'high=' || ('x' || left(replace((SELECT id::text FROM ticket ORDER BY id DESC LIMIT 1), '-', ''), 12))::bit(48)::bigint;
