-- The one-machine platform: what Pub/Sub, Cloud Tasks and Firestore hold on the cloud, held in Postgres here.

CREATE TABLE broker_deliveries (
    subscription  text NOT NULL,
    message_id    text COLLATE "C" NOT NULL,
    position      bigint GENERATED ALWAYS AS IDENTITY,
    ordering_key  text NOT NULL,
    data          jsonb NOT NULL,
    attributes    jsonb NOT NULL,
    published_at  timestamptz NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    due_at        timestamptz NOT NULL,
    leased_until  timestamptz,
    dead          boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subscription, message_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
-- Rows come and go by the thousand: without an eager vacuum the dead ones are read over and over.
CREATE INDEX broker_deliveries_in_order ON broker_deliveries (subscription, ordering_key, position) WHERE NOT dead;
CREATE INDEX broker_deliveries_next ON broker_deliveries (position) WHERE NOT dead;

CREATE TABLE queue_tasks (
    name         text NOT NULL PRIMARY KEY,
    queue        text NOT NULL,
    path         text NOT NULL,
    body         jsonb NOT NULL,
    due_at       timestamptz NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    ended_at     timestamptz,
    dead         boolean NOT NULL DEFAULT false,
    traceparent  text
);
CREATE INDEX queue_tasks_due ON queue_tasks (due_at) WHERE ended_at IS NULL;
CREATE INDEX queue_tasks_ended ON queue_tasks (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE live_documents (
    collection text NOT NULL,
    key        text COLLATE "C" NOT NULL,
    region_id  text COLLATE "C" NOT NULL,
    body       jsonb NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (collection, key)
);
CREATE INDEX live_documents_of_region ON live_documents (collection, region_id);

CREATE TABLE live_changes (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    event text NOT NULL,
    data  jsonb NOT NULL,
    at    timestamptz NOT NULL
);
CREATE INDEX live_changes_of_topic ON live_changes (topic, id);
CREATE INDEX live_changes_age ON live_changes (at);
