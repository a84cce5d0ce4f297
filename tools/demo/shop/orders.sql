-- 500 customers, 5000 orders; the same at each run.
BEGIN;
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, since timestamptz NOT NULL, photo bytea NOT NULL);
CREATE TABLE orders (
  id int PRIMARY KEY,
  customer int NOT NULL REFERENCES customers,
  cents bigint NOT NULL,
  lines jsonb NOT NULL,
  note text
);
INSERT INTO customers
SELECT n, 'Kundin Nº ' || n || ' — ' || md5(n::text), timestamptz '2019-01-01 00:00Z' + n * interval '7 hours',
  decode(repeat(md5((n * 7)::text), 16), 'hex')
FROM generate_series(1, 500) n;
INSERT INTO orders
SELECT n, 1 + n * 37 % 500, n * 1999 % 250000, jsonb_build_object('article', md5('a' || n), 'count', 1 + n % 9),
  CASE WHEN n % 3 = 0 THEN E'it''s\nurgent \\ "now"' END
FROM generate_series(1, 5000) n;
CREATE INDEX orders_of_customer ON orders (customer);
CREATE SEQUENCE next_order START 5001;
COMMIT;
CHECKPOINT;
