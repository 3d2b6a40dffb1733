-- Gear Freak's database: the two tables that the checklist names, with some thousands of rows.
CREATE EXTENSION pg_stat_statements;

CREATE TABLE "user" (
    id serial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    nickname text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE product (
    id serial PRIMARY KEY,
    seller_id integer NOT NULL REFERENCES "user",
    title text NOT NULL,
    description text NOT NULL,
    price integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX product_created_at ON product (created_at DESC);

INSERT INTO "user" (email, nickname, created_at)
SELECT 'user' || n || '@example.com', '장비광' || n, now() - n * interval '1 hour'
FROM generate_series(1, 2000) AS n;

INSERT INTO product (seller_id, title, description, price, created_at)
SELECT 1 + n % 2000, '중고 장비 ' || n, repeat('상태 좋은 장비입니다. ', 1 + n % 9), 10000 + n * 137 % 990000,
       now() - n * interval '7 minutes'
FROM generate_series(1, 6000) AS n;

ANALYZE;
