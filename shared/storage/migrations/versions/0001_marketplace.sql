-- The marketplace: who takes part, what they sell and order, and the evidence of it.
-- Ids are TypeIDs in the C collation, so that their text order is their order in time and months can be partitions.

-- For tables that are only ever added to.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TABLE regions (
    region_id   text COLLATE "C" PRIMARY KEY,
    name        text NOT NULL,
    timezone    text NOT NULL,
    lat         double precision NOT NULL,
    lng         double precision NOT NULL,
    settings    jsonb NOT NULL DEFAULT '{}'
);

-- The vault: whatever tells who somebody is, sealed under a key of that subject (shared/vault) -----------------------

-- `retain_until` is the last day on which the key must be kept; null while the subject's account is open. A key that was
-- destroyed leaves its row, which says when.
CREATE TABLE vault_keys (
    key_id       text COLLATE "C" PRIMARY KEY,
    subject_id   text COLLATE "C" NOT NULL,
    purpose      text NOT NULL CHECK (purpose IN ('account', 'sales')),
    retain_until date,
    wrapped      bytea,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)),
    CHECK (purpose <> 'sales' OR retain_until IS NOT NULL)
);
CREATE UNIQUE INDEX vault_keys_of_account ON vault_keys (subject_id) WHERE purpose = 'account';
CREATE UNIQUE INDEX vault_keys_of_sales ON vault_keys (subject_id, retain_until) WHERE purpose = 'sales';
CREATE INDEX vault_keys_due ON vault_keys (retain_until) WHERE wrapped IS NOT NULL;

CREATE TABLE vault_entries (
    entry_id   text COLLATE "C" PRIMARY KEY,
    key_id     text COLLATE "C" NOT NULL REFERENCES vault_keys,
    kind       text NOT NULL CHECK (kind IN ('profile', 'address', 'sale')),
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX vault_entries_of_key ON vault_entries (key_id);

-- While one is open, nothing of its subject is destroyed.
CREATE TABLE legal_holds (
    hold_id    text COLLATE "C" PRIMARY KEY,
    subject_id text COLLATE "C" NOT NULL,
    reason     text NOT NULL,
    placed_by  text COLLATE "C" NOT NULL,
    placed_at  timestamptz NOT NULL,
    lifted_by  text COLLATE "C",
    lifted_at  timestamptz
);
CREATE INDEX legal_holds_of_subject ON legal_holds (subject_id, hold_id);

-- Accounts and sessions ------------------------------------------------------------------------------------------

CREATE TABLE accounts (
    account_id    text COLLATE "C" PRIMARY KEY,
    role          text NOT NULL CHECK (role IN ('customer', 'driver', 'merchant', 'admin', 'support')),
    tenant_id     text COLLATE "C" NOT NULL UNIQUE,
    email         text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    profile_id    text COLLATE "C" NOT NULL REFERENCES vault_entries,
    created_at    timestamptz NOT NULL
);

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE UNLOGGED TABLE rate_windows (
    caller      text NOT NULL,
    route_group text NOT NULL,
    window_at   timestamptz NOT NULL,
    requests    integer NOT NULL,
    PRIMARY KEY (caller, route_group)
);

CREATE TABLE idempotency_keys (
    caller     text NOT NULL,
    route      text NOT NULL,
    key        text NOT NULL,
    body_hash  bytea NOT NULL,
    status     smallint NOT NULL,
    answer     text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- `removed` ones are kept for as long as an order that goes there has not ended and been recorded.
CREATE TABLE addresses (
    address_id  text COLLATE "C" PRIMARY KEY,
    customer_id text COLLATE "C" NOT NULL,
    entry_id    text COLLATE "C" NOT NULL REFERENCES vault_entries,
    lat         double precision NOT NULL,
    lng         double precision NOT NULL,
    removed     boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL
);
CREATE INDEX addresses_of_customer ON addresses (customer_id, address_id);
CREATE INDEX addresses_removed ON addresses (customer_id) WHERE removed;

-- Merchants ------------------------------------------------------------------------------------------------------

-- `payment_account` is the seller's own account at the payment processor; `card_terminal`: it also takes cards at the door.
CREATE TABLE merchants (
    merchant_id text COLLATE "C" PRIMARY KEY,
    external_id text,
    name        text NOT NULL,
    status      text NOT NULL CHECK (status IN ('applied', 'approved', 'rejected', 'suspended', 'closed')),
    review_reason text,
    payment_account text,
    card_terminal   boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

-- A renewal is a row of its own: the old one counts until the new one is verified. `reminded_days` is the last reminder that
-- was sent, in days before the last one; `checked_at` is when it was verified.
CREATE TABLE permits (
    permit_id     text COLLATE "C" PRIMARY KEY,
    merchant_id   text COLLATE "C" NOT NULL REFERENCES merchants,
    store_id      text COLLATE "C",
    kind          text NOT NULL,
    number        text NOT NULL,
    status        text NOT NULL
        CHECK (status IN ('submitted', 'in_review', 'verified', 'expiring', 'expired', 'rejected', 'revoked')),
    review_reason text,
    expires_on    date NOT NULL,
    reminded_days integer,
    checked_at    timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX permits_of_merchant ON permits (merchant_id, permit_id);
CREATE UNIQUE INDEX permits_one_in_review ON permits (merchant_id, kind, number) WHERE status IN ('submitted', 'in_review');
CREATE INDEX permits_to_sweep ON permits (expires_on) WHERE status IN ('verified', 'expiring');

CREATE TABLE stores (
    store_id     text COLLATE "C" PRIMARY KEY,
    merchant_id  text COLLATE "C" NOT NULL REFERENCES merchants,
    region_id    text COLLATE "C" NOT NULL REFERENCES regions,
    external_id  text,
    name         text NOT NULL,
    address      text NOT NULL,
    lat          double precision NOT NULL,
    lng          double precision NOT NULL,
    jurisdiction text NOT NULL,
    hours        jsonb NOT NULL,
    open         boolean NOT NULL,
    prep_minutes integer NOT NULL CHECK (prep_minutes BETWEEN 0 AND 240),
    radius_m     integer NOT NULL CHECK (radius_m BETWEEN 100 AND 80000),
    rating       real NOT NULL DEFAULT 5.0,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    UNIQUE (merchant_id, external_id)
);
CREATE INDEX stores_of_region ON stores (region_id, store_id);
CREATE INDEX stores_by_place ON stores (lat, lng);

-- What an authority found at a store, on the store's own date. Nothing is changed or deleted: one that is wrong is withdrawn,
-- and all outlive the store's own row.
CREATE TABLE violations (
    violation_id text COLLATE "C" PRIMARY KEY,
    store_id     text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    occurred_on  date NOT NULL,
    authority    text NOT NULL,
    reference    text NOT NULL,
    recorded_by  text COLLATE "C" NOT NULL,
    recorded_at  timestamptz NOT NULL
);
CREATE INDEX violations_of_store ON violations (store_id, violation_id);

CREATE TABLE violation_withdrawals (
    violation_id text COLLATE "C" PRIMARY KEY REFERENCES violations,
    reason       text NOT NULL,
    withdrawn_by text COLLATE "C" NOT NULL,
    withdrawn_at timestamptz NOT NULL
);

CREATE TRIGGER violations_append_only BEFORE UPDATE OR DELETE ON violations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER violations_no_truncate BEFORE TRUNCATE ON violations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER violation_withdrawals_append_only BEFORE UPDATE OR DELETE ON violation_withdrawals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER violation_withdrawals_no_truncate BEFORE TRUNCATE ON violation_withdrawals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE products (
    product_id    text COLLATE "C" PRIMARY KEY,
    merchant_id   text COLLATE "C" NOT NULL REFERENCES merchants,
    store_id      text COLLATE "C" NOT NULL REFERENCES stores,
    external_id   text,
    name          text NOT NULL,
    brand         text,
    description   text NOT NULL,
    category      text NOT NULL,
    price_minor   bigint NOT NULL CHECK (price_minor >= 0),
    currency      text NOT NULL,
    tax_bps       integer NOT NULL CHECK (tax_bps BETWEEN 0 AND 5000),
    weight_g      integer CHECK (weight_g > 0),
    restricted    boolean NOT NULL,
    authorization_reference text,
    attested      boolean NOT NULL DEFAULT false,
    stock         integer NOT NULL CHECK (stock >= 0),
    active        boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    UNIQUE (store_id, external_id)
);
CREATE INDEX products_of_store ON products (store_id, category, name) WHERE active;

-- Drivers --------------------------------------------------------------------------------------------------------

-- `documents_until` is the last day on which all documents are in force, past when one is missing. `offers_sent` counts an offer when it ends.
-- One that was erased (`closed_at`) leaves its row, which names nobody: what was delivered refers to it.
CREATE TABLE drivers (
    driver_id        text COLLATE "C" PRIMARY KEY,
    region_id        text COLLATE "C" NOT NULL REFERENCES regions,
    first_name       text NOT NULL,
    online           boolean NOT NULL DEFAULT false,
    online_since     timestamptz,
    shift_ends_at    timestamptz,
    vehicle          jsonb NOT NULL DEFAULT '{}',
    rating           real NOT NULL DEFAULT 5.0,
    documents_until  date,
    offers_sent      integer NOT NULL DEFAULT 0,
    offers_accepted  integer NOT NULL DEFAULT 0,
    tasks_failed     integer NOT NULL DEFAULT 0,
    earned_minor     bigint NOT NULL DEFAULT 0,
    online_s         bigint NOT NULL DEFAULT 0,
    closed_at        timestamptz,
    -- What a tick reads of each driver, packed: aggregating nine columns takes twice as long (TRAITS in dispatch/snapshot.py).
    traits           bytea NOT NULL GENERATED ALWAYS AS (
        float4send(rating) || int4send(offers_sent) || int4send(offers_accepted) || int4send(tasks_failed)
        || int8send(earned_minor) || int8send(online_s) || timestamptz_send(coalesce(online_since, 'infinity'))
        || timestamptz_send(coalesce(shift_ends_at, 'infinity')) || date_send(coalesce(documents_until, 'infinity'))
    ) STORED,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL
);
CREATE INDEX drivers_online ON drivers (region_id, driver_id) WHERE online;

CREATE TABLE driver_documents (
    document_id  text COLLATE "C" PRIMARY KEY,
    driver_id    text COLLATE "C" NOT NULL REFERENCES drivers,
    kind         text NOT NULL,
    vendor_token text NOT NULL,
    issuer       text NOT NULL,
    status       text NOT NULL
        CHECK (status IN ('submitted', 'in_review', 'verified', 'expiring', 'expired', 'rejected', 'revoked')),
    review_reason text,
    attested     text[] NOT NULL DEFAULT '{}',
    expires_on   date,
    reminded_days integer,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX driver_documents_to_sweep ON driver_documents (expires_on) WHERE status IN ('verified', 'expiring');
CREATE INDEX driver_documents_of_driver ON driver_documents (driver_id, kind, document_id DESC);

-- The latest place of each driver; dispatch reads it as arrays, so no column is null.
CREATE TABLE driver_positions (
    driver_id text COLLATE "C" PRIMARY KEY REFERENCES drivers,
    region_id text COLLATE "C" NOT NULL,
    lat       double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng       double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    heading   real NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX driver_positions_fresh ON driver_positions (region_id, at);

-- Orders and their evidence --------------------------------------------------------------------------------------

CREATE TABLE prices (
    price_id    text COLLATE "C" PRIMARY KEY,
    customer_id text COLLATE "C" NOT NULL,
    store_id    text COLLATE "C" NOT NULL REFERENCES stores,
    cart        jsonb NOT NULL,
    expires_at  timestamptz NOT NULL,
    order_id    text COLLATE "C"
);
CREATE INDEX prices_expiry ON prices (expires_at);

-- What was foretold: `eta_at` when it was placed, under such a pressure (orders per driver), and `pickup_eta_at` when the goods
-- left the store. Models learn from these.
CREATE TABLE orders (
    order_id           text COLLATE "C" PRIMARY KEY,
    external_id        text,
    livemode           boolean NOT NULL,
    status             text NOT NULL,
    version            integer NOT NULL DEFAULT 1,
    region_id          text COLLATE "C" NOT NULL,
    customer_id        text COLLATE "C" NOT NULL,
    merchant_id        text COLLATE "C" NOT NULL,
    store_id           text COLLATE "C" NOT NULL,
    store_name         text NOT NULL,
    tracking_id        text NOT NULL,
    restricted         boolean NOT NULL,
    jurisdiction       text NOT NULL,
    policy_version     text NOT NULL,
    policy_on          date NOT NULL,
    items              jsonb NOT NULL,
    currency           text NOT NULL,
    subtotal_minor     bigint NOT NULL,
    delivery_fee_minor bigint NOT NULL,
    surge_bps          integer NOT NULL DEFAULT 10000,
    surge_fee_minor    bigint NOT NULL DEFAULT 0,
    driver_surge_minor bigint NOT NULL DEFAULT 0,
    tax_minor          bigint NOT NULL,
    tip_minor          bigint NOT NULL,
    total_minor        bigint NOT NULL,
    pickup_lat         double precision NOT NULL,
    pickup_lng         double precision NOT NULL,
    dropoff_lat        double precision NOT NULL,
    dropoff_lng        double precision NOT NULL,
    address_id         text COLLATE "C",
    prep_minutes       integer NOT NULL,
    promised_from      timestamptz NOT NULL,
    promised_until     timestamptz NOT NULL,
    ready_expected_at  timestamptz,
    ready_at           timestamptz,
    delivered_at       timestamptz,
    eta_pressure       double precision,
    eta_at             timestamptz,
    pickup_eta_at      timestamptz,
    age_status         text NOT NULL,
    payment_status     text NOT NULL,
    authorized_minor   bigint NOT NULL DEFAULT 0,
    captured_minor     bigint NOT NULL DEFAULT 0,
    refunded_minor     bigint NOT NULL DEFAULT 0,
    doorstep_passed    boolean NOT NULL DEFAULT false,
    doorstep_method    text,
    doorstep_grade     text,
    task_id            text COLLATE "C",
    driver_id          text COLLATE "C",
    ended_reason       text,
    stuck_reason       text,
    timeline           jsonb NOT NULL,
    dossier_length     integer NOT NULL,
    dossier_head       text NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CHECK (captured_minor <= authorized_minor),
    CHECK (refunded_minor BETWEEN 0 AND captured_minor),
    CHECK (captured_minor = 0 OR doorstep_passed OR NOT restricted)
) PARTITION BY RANGE (order_id);
CREATE TABLE orders_default PARTITION OF orders DEFAULT;
CREATE INDEX orders_of_customer ON orders (customer_id, order_id);
CREATE INDEX orders_of_merchant ON orders (merchant_id, order_id);
CREATE INDEX orders_of_region ON orders (region_id, status, order_id);
CREATE INDEX orders_tracking ON orders (tracking_id);
CREATE INDEX orders_sold ON orders (delivered_at, merchant_id) WHERE restricted AND delivered_at IS NOT NULL;

-- When an order came to the steps by which it is measured; the first time where one was repeated.
CREATE VIEW order_moments AS
    SELECT o.order_id, o.region_id, o.store_id, o.status, o.created_at, o.prep_minutes, o.ready_at, o.delivered_at,
           o.pickup_lat, o.pickup_lng, o.dropoff_lat, o.dropoff_lng, o.eta_pressure, o.eta_at, o.pickup_eta_at,
           m.*
    FROM orders o CROSS JOIN LATERAL (
        SELECT min(t.at) FILTER (WHERE t.status = 'accepted') AS accepted_at,
               min(t.at) FILTER (WHERE t.status = 'picked_up') AS picked_up_at,
               min(t.at) FILTER (WHERE t.status = 'arrived') AS arrived_at
        FROM jsonb_to_recordset(o.timeline) AS t(status text, at timestamptz)
    ) AS m;

CREATE TABLE order_external_ids (
    customer_id text COLLATE "C" NOT NULL,
    external_id text NOT NULL,
    order_id    text COLLATE "C" NOT NULL,
    PRIMARY KEY (customer_id, external_id)
);

CREATE TABLE dossier_events (
    order_id  text COLLATE "C" NOT NULL,
    seq       integer NOT NULL CHECK (seq >= 1),
    type      text NOT NULL,
    at        text NOT NULL,
    actor     jsonb NOT NULL,
    data      jsonb NOT NULL,
    prev_hash text NOT NULL,
    hash      text NOT NULL,
    PRIMARY KEY (order_id, seq)
) PARTITION BY RANGE (order_id);
CREATE TABLE dossier_events_default PARTITION OF dossier_events DEFAULT;

CREATE TRIGGER dossier_events_append_only BEFORE UPDATE OR DELETE ON dossier_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dossier_events_no_truncate BEFORE TRUNCATE ON dossier_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Restricted goods that were handed over: what the law asks to keep and report. Whom they went to is in the vault's entry,
-- which goes when its key is destroyed; the commitment and the hash are those that the dossier holds.
CREATE TABLE delivery_sales (
    order_id          text COLLATE "C" PRIMARY KEY,
    merchant_id       text COLLATE "C" NOT NULL,
    jurisdiction      text NOT NULL,
    customer_id       text COLLATE "C" NOT NULL,
    driver_id         text COLLATE "C" NOT NULL,
    sold_on           date NOT NULL,
    goods             jsonb NOT NULL,
    key_id            text COLLATE "C" NOT NULL REFERENCES vault_keys,
    entry_id          text COLLATE "C" NOT NULL,
    commitment        text NOT NULL,
    ciphertext_sha256 text NOT NULL,
    recorded_at       timestamptz NOT NULL
);
CREATE INDEX delivery_sales_of_month ON delivery_sales (merchant_id, jurisdiction, sold_on);
CREATE INDEX delivery_sales_of_key ON delivery_sales (key_id);
CREATE INDEX delivery_sales_of_customer ON delivery_sales (customer_id);
CREATE INDEX delivery_sales_of_driver ON delivery_sales (driver_id);

-- What was submitted of each month: version 1 and its amendments. `lines` is a fingerprint by order, which tells nobody.
CREATE TABLE delivery_sales_submissions (
    report_id      text COLLATE "C" PRIMARY KEY,
    merchant_id    text COLLATE "C" NOT NULL,
    jurisdiction   text NOT NULL,
    month          date NOT NULL,
    version        integer NOT NULL CHECK (version >= 1),
    content_sha256 text NOT NULL,
    lines          jsonb NOT NULL,
    sales          integer NOT NULL,
    captured_minor bigint NOT NULL,
    submitted_to   text NOT NULL,
    receipt        text NOT NULL,
    submitted_by   text COLLATE "C" NOT NULL,
    submitted_at   timestamptz NOT NULL,
    UNIQUE (merchant_id, jurisdiction, month, version)
);

-- The transparency log. An event waits in the queue from the very transaction that appended it, then gets its place.

CREATE TABLE log_queue (
    order_id text COLLATE "C" NOT NULL,
    seq      integer NOT NULL,
    hash     text NOT NULL,
    PRIMARY KEY (order_id, seq)
);
CREATE FUNCTION queue_for_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO log_queue (order_id, seq, hash) SELECT order_id, seq, hash FROM appended;
    RETURN NULL;
END $$;
CREATE TRIGGER dossier_events_logged AFTER INSERT ON dossier_events
    REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION queue_for_log();

CREATE TABLE log_entries (
    index    bigint PRIMARY KEY,
    order_id text COLLATE "C" NOT NULL,
    seq      integer NOT NULL,
    hash     text NOT NULL,
    UNIQUE (order_id, seq)
);
CREATE TABLE log_tiles (
    level  smallint NOT NULL,
    index  bigint NOT NULL,
    hashes bytea NOT NULL CHECK (length(hashes) BETWEEN 32 AND 256 * 32),
    PRIMARY KEY (level, index)
);
-- The one row is the log's lock, and all that is needed to append and to sign.
CREATE TABLE log_head (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    size     bigint NOT NULL,
    frontier bytea NOT NULL
);
INSERT INTO log_head (size, frontier) VALUES (0, '\x0000000000000000');
CREATE TABLE log_checkpoints (
    size         bigint PRIMARY KEY,
    note         text NOT NULL,
    cosignatures text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL,
    archived     boolean NOT NULL DEFAULT false
);

CREATE TABLE outbox (
    message_id   text COLLATE "C" PRIMARY KEY,
    topic        text NOT NULL,
    ordering_key text NOT NULL,
    data         jsonb NOT NULL,
    attributes   jsonb NOT NULL,
    created_at   timestamptz NOT NULL
);

CREATE TABLE inbox (
    consumer   text NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_age ON inbox (at);

-- Intents: what is to be asked of a vendor, written down before it is asked -----------------------------------------

-- `unknown` is the state of everything that was asked and is not answered: it is looked up before it may be asked again.
-- `hold_reference` is the hold that a capture, void or refund acts on, or that a new authorisation replaces. `asked_at` is the
-- wall's time, by which processors live. `attempt` numbers the idempotency keys: a key whose answer was an error is used up.
CREATE TABLE payment_intents (
    intent_id      text COLLATE "C" PRIMARY KEY,
    order_id       text COLLATE "C" NOT NULL,
    processor      text NOT NULL,
    account        text,
    kind           text NOT NULL CHECK (kind IN ('authorize', 'capture', 'void', 'refund')),
    status         text NOT NULL CHECK (status IN ('pending', 'unknown', 'succeeded', 'declined', 'superseded')),
    amount_minor   bigint NOT NULL CHECK (amount_minor >= 0),
    fee_minor      bigint NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
    currency       text NOT NULL,
    method_token   text,
    hold_reference text,
    reference      text,
    capture_before timestamptz,
    attempt        integer NOT NULL DEFAULT 1,
    asked_at       timestamptz,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CHECK (kind = 'authorize' OR hold_reference IS NOT NULL)
);
CREATE INDEX payment_intents_of_order ON payment_intents (order_id, intent_id);
CREATE INDEX payment_intents_moved ON payment_intents (greatest(asked_at, updated_at));
CREATE INDEX payment_intents_open ON payment_intents (updated_at) WHERE status IN ('pending', 'unknown');
CREATE INDEX payment_intents_lapsing ON payment_intents (capture_before) WHERE kind = 'authorize' AND status = 'succeeded';
CREATE UNIQUE INDEX payment_intents_one_asked ON payment_intents (order_id)
    WHERE kind = 'authorize' AND status IN ('pending', 'unknown');
CREATE UNIQUE INDEX payment_intents_one_hold ON payment_intents (order_id) WHERE kind = 'authorize' AND status = 'succeeded';
CREATE UNIQUE INDEX payment_intents_one_capture ON payment_intents (order_id) WHERE kind = 'capture';
CREATE UNIQUE INDEX payment_intents_one_void ON payment_intents (hold_reference) WHERE kind = 'void';

-- No cent is captured without evidence: the passed check at the door stands in the order's chain, or the order needs none.
-- And what a processor has answered stays answered.
CREATE FUNCTION guard_payment_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        OLD.status IN ('declined', 'superseded') OR (OLD.status = 'succeeded' AND NEW.status <> 'superseded')
        OR (NEW.order_id, NEW.kind, NEW.amount_minor, NEW.fee_minor, NEW.currency)
            IS DISTINCT FROM (OLD.order_id, OLD.kind, OLD.amount_minor, OLD.fee_minor, OLD.currency)
    ) THEN
        RAISE EXCEPTION 'payment intent % is %: what was answered or asked for stays', OLD.intent_id, OLD.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'capture' AND NOT EXISTS (
        SELECT FROM orders o WHERE o.order_id = NEW.order_id AND (NOT o.restricted OR EXISTS (
            SELECT FROM dossier_events e WHERE e.order_id = o.order_id AND e.type = 'doorstep_check_passed'))
    ) THEN
        RAISE EXCEPTION 'order % has no passed doorstep check in its chain: nothing may be captured', NEW.order_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_intents_guarded BEFORE INSERT OR UPDATE ON payment_intents
    FOR EACH ROW EXECUTE FUNCTION guard_payment_intent();

-- The ledger: double entry, debits positive and credits negative. A transaction is posted once for its `subject`, its entries
-- sum to zero by the time of COMMIT, and nothing posted is ever changed. shared/ledger/rules.py says what is posted when.
CREATE TABLE ledger_transactions (
    transaction_id text COLLATE "C" PRIMARY KEY,
    kind           text NOT NULL CHECK (kind IN ('sale', 'capture', 'refund', 'driver_pay', 'tip', 'payout')),
    subject        text COLLATE "C" NOT NULL,
    order_id       text COLLATE "C",
    currency       text NOT NULL,
    at             timestamptz NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX ledger_transactions_of_order ON ledger_transactions (order_id, transaction_id);

CREATE TABLE ledger_entries (
    transaction_id text COLLATE "C" NOT NULL REFERENCES ledger_transactions,
    line           smallint NOT NULL,
    account        text COLLATE "C" NOT NULL,
    amount_minor   bigint NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (transaction_id, line)
);
CREATE INDEX ledger_entries_of_account ON ledger_entries (account, transaction_id) INCLUDE (amount_minor);

CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount_minor), 1) FROM ledger_entries WHERE transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transactions_balance AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();
CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();
CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_transactions_no_truncate BEFORE TRUNCATE ON ledger_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the bank is told to pay out; posted to the ledger in the same transaction. One per payee, currency and day.
CREATE TABLE payouts (
    payout_id    text COLLATE "C" PRIMARY KEY,
    payee        text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency     text NOT NULL,
    day          date NOT NULL,
    created_at   timestamptz NOT NULL,
    UNIQUE (payee, currency, day)
);

-- `reference` is the provider's id of the check, `held_as` its id of the person for as long as it holds one. An inconclusive
-- check says nothing about the customer.
CREATE TABLE age_checks (
    check_id     text COLLATE "C" PRIMARY KEY,
    order_id     text COLLATE "C" NOT NULL,
    status       text NOT NULL CHECK (status IN ('pending', 'passed', 'failed', 'inconclusive')),
    provider     text NOT NULL,
    evidence     text NOT NULL CHECK (evidence IN ('database_check', 'document_check')),
    outcome      text,
    reference    text,
    held_as      text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK (status = 'pending' OR outcome IS NOT NULL)
);
CREATE INDEX age_checks_of_order ON age_checks (order_id, check_id);
CREATE UNIQUE INDEX age_checks_one_open ON age_checks (order_id) WHERE status = 'pending';
CREATE INDEX age_checks_overdue ON age_checks (updated_at) WHERE status = 'pending';
CREATE INDEX age_checks_to_forget ON age_checks (updated_at) WHERE held_as IS NOT NULL;

-- The provider's receipts, with its own status, request id and `Date`; without a check where it held somebody whom none knew,
-- and then written down before the provider is asked, without a status until it has answered.
CREATE TABLE identity_deletions (
    held_as     text PRIMARY KEY,
    provider    text NOT NULL,
    check_id    text COLLATE "C",
    status      integer,
    request_id  text,
    answered_at text,
    at          timestamptz NOT NULL,
    CHECK (num_nulls(status, request_id, answered_at) IN (0, 3))
);
CREATE INDEX identity_deletions_unanswered ON identity_deletions (provider) WHERE status IS NULL;

-- The door -------------------------------------------------------------------------------------------------------

-- Every check of a recipient's ID, for limits and for what stands out; nothing that was read from a document. `at_door_s` is
-- seconds since the driver arrived, `distance_m` metres from the driver's last reported place to the door.
CREATE TABLE doorstep_checks (
    check_id      text COLLATE "C" PRIMARY KEY,
    order_id      text COLLATE "C" NOT NULL,
    driver_id     text COLLATE "C" NOT NULL REFERENCES drivers,
    method        text NOT NULL CHECK (method IN ('scan', 'manual', 'mobile_licence')),
    passed        boolean NOT NULL,
    document_read boolean NOT NULL,
    at_door_s     integer,
    distance_m    integer,
    at            timestamptz NOT NULL
);
CREATE INDEX doorstep_checks_of_order ON doorstep_checks (order_id);
CREATE INDEX doorstep_checks_of_driver ON doorstep_checks (driver_id, at);
CREATE INDEX doorstep_checks_age ON doorstep_checks (at);

-- Orders of the platform's own test buyers, at whose door somebody stands who must be refused. Only operators may know which
-- they are, so nothing of an order leads here.
CREATE TABLE decoys (
    decoy_id      text COLLATE "C" PRIMARY KEY,
    scenario      text NOT NULL CHECK (scenario IN ('underage', 'id_mismatch', 'no_id', 'id_expired')),
    customer_id   text COLLATE "C" NOT NULL,
    scheduled_for timestamptz NOT NULL,
    order_id      text COLLATE "C" UNIQUE,
    driver_id     text COLLATE "C",
    outcome       text CHECK (outcome IN ('refused', 'handed_over', 'void')),
    reason        text,
    planned_by    text COLLATE "C" NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CHECK (outcome IS DISTINCT FROM 'handed_over' OR order_id IS NOT NULL)
);
CREATE INDEX decoys_open ON decoys (scheduled_for) WHERE outcome IS NULL;

-- Dispatch -------------------------------------------------------------------------------------------------------

-- What a driver does in one go. Planned ones belong to nobody yet; a driver is on one trip at a time.
-- `carry_s` is planned from leaving the first store to the last door, `took_s` is what the trip took from acceptance to its
-- end; seconds.
CREATE TABLE trips (
    trip_id    text COLLATE "C" PRIMARY KEY,
    region_id  text COLLATE "C" NOT NULL,
    driver_id  text COLLATE "C" REFERENCES drivers,
    status     text NOT NULL CHECK (status IN ('planned', 'active', 'done', 'dissolved')),
    carry_s    double precision,
    took_s     double precision,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at   timestamptz,
    UNIQUE (trip_id, driver_id),
    CHECK (status <> 'planned' OR (driver_id IS NULL AND carry_s IS NOT NULL)),
    CHECK (status NOT IN ('active', 'done') OR (driver_id IS NOT NULL AND started_at IS NOT NULL))
);
CREATE UNIQUE INDEX trips_one_at_a_time ON trips (driver_id) WHERE status = 'active';
CREATE INDEX trips_active ON trips (region_id) WHERE status = 'active';
CREATE INDEX trips_planned ON trips (region_id) WHERE status = 'planned';
CREATE INDEX trips_ended ON trips (region_id, ended_at) WHERE status = 'done';

CREATE TABLE tasks (
    task_id      text COLLATE "C" PRIMARY KEY,
    order_id     text COLLATE "C" NOT NULL,
    region_id    text COLLATE "C" NOT NULL,
    trip_id      text COLLATE "C" REFERENCES trips,
    kind         text NOT NULL CHECK (kind IN ('delivery', 'return')),
    status       text NOT NULL,
    driver_id    text COLLATE "C",
    pickup_lat   double precision NOT NULL,
    pickup_lng   double precision NOT NULL,
    dropoff_lat  double precision NOT NULL,
    dropoff_lng  double precision NOT NULL,
    open_from    timestamptz NOT NULL,
    ready_at     timestamptz NOT NULL,
    promised_at  timestamptz NOT NULL,
    restricted   boolean NOT NULL,
    refusal_rate double precision NOT NULL DEFAULT 0,
    payout_minor bigint NOT NULL,
    currency     text NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    FOREIGN KEY (trip_id, driver_id) REFERENCES trips (trip_id, driver_id),
    CHECK (status NOT IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff')
           OR (trip_id IS NOT NULL AND driver_id IS NOT NULL))
);
CREATE INDEX tasks_open ON tasks (region_id, open_from) WHERE status = 'open';
CREATE INDEX tasks_of_order ON tasks (order_id, task_id);
CREATE INDEX tasks_of_trip ON tasks (trip_id);
CREATE INDEX tasks_in_hand ON tasks (driver_id) WHERE status IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff');

-- How the restricted deliveries of a store ended at the door; beside the store's row, which is not to be locked for it.
CREATE TABLE doorstep_outcomes (
    store_id  text COLLATE "C" PRIMARY KEY REFERENCES stores,
    delivered bigint NOT NULL DEFAULT 0,
    refused   bigint NOT NULL DEFAULT 0
);

-- Every task that a trip was ever planned with, and where its two stops stand in the way: sequence numbers leave gaps, so
-- that an order may join. `pickup_s` and `dropoff_s` are planned seconds after leaving the first store; `apart_s` is how long
-- the task alone was estimated to take, `payout_minor` what it first paid alone.
CREATE TABLE trip_tasks (
    trip_id      text COLLATE "C" NOT NULL REFERENCES trips,
    task_id      text COLLATE "C" NOT NULL REFERENCES tasks,
    pickup_seq   double precision NOT NULL,
    dropoff_seq  double precision NOT NULL,
    pickup_s     double precision NOT NULL DEFAULT 0,
    dropoff_s    double precision NOT NULL DEFAULT 0,
    apart_s      double precision,
    payout_minor bigint NOT NULL,
    PRIMARY KEY (trip_id, task_id),
    CHECK (pickup_seq < dropoff_seq)
);
CREATE INDEX trip_tasks_of_task ON trip_tasks (task_id);

-- An offer is for a task alone (no trip), for all tasks of a planned trip (`task_id` is its first), or for one task that is
-- to join the driver's active trip. No foreign keys: whatever makes an offer reads its task and driver to know that both are
-- free, and neither is ever deleted. Looking each up again, row by row, would be a third of the time in which a tick writes.
CREATE TABLE offers (
    offer_id     text COLLATE "C" PRIMARY KEY,
    task_id      text COLLATE "C" NOT NULL,
    trip_id      text COLLATE "C",
    order_id     text COLLATE "C" NOT NULL,
    driver_id    text COLLATE "C" NOT NULL,
    region_id    text COLLATE "C" NOT NULL,
    tick_id      text COLLATE "C",
    status       text NOT NULL CHECK (status IN ('offered', 'accepted', 'rejected', 'expired', 'revoked')),
    payout_minor bigint NOT NULL,
    reason       text,
    offered_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE UNIQUE INDEX offers_one_live_per_task ON offers (task_id) WHERE status = 'offered';
CREATE UNIQUE INDEX offers_one_live_per_trip ON offers (trip_id) WHERE status = 'offered' AND trip_id IS NOT NULL;
CREATE UNIQUE INDEX offers_one_live_per_driver ON offers (driver_id) WHERE status = 'offered';
CREATE INDEX offers_of_task ON offers (task_id, offer_id);
CREATE INDEX offers_of_trip ON offers (trip_id, offer_id) WHERE trip_id IS NOT NULL;

-- What a tick saw of the pairs it offered, and the weighted terms of each cost, seconds: one column per thing to learn from,
-- with a value for each of `offer_ids`. A row per offer takes Postgres ten times as long to write.
CREATE TABLE tick_logs (
    tick_id         text COLLATE "C" PRIMARY KEY,
    weights_version text NOT NULL,
    router          text NOT NULL,
    offer_ids       text[] STORAGE EXTERNAL NOT NULL,
    candidates      bigint[] STORAGE EXTERNAL NOT NULL,
    approach_s      double precision[] STORAGE EXTERNAL NOT NULL,
    eta_s           double precision[] STORAGE EXTERNAL NOT NULL,
    idle_s          double precision[] STORAGE EXTERNAL NOT NULL,
    ready_s         double precision[] STORAGE EXTERNAL NOT NULL,
    age_s           double precision[] STORAGE EXTERNAL NOT NULL,
    attempts        bigint[] STORAGE EXTERNAL NOT NULL,
    restricted      boolean[] STORAGE EXTERNAL NOT NULL,
    acceptance      double precision[] STORAGE EXTERNAL NOT NULL,
    history         double precision[] STORAGE EXTERNAL NOT NULL,
    rating          double precision[] STORAGE EXTERNAL NOT NULL,
    pay_doublings   double precision[] STORAGE EXTERNAL NOT NULL,
    night           double precision[] STORAGE EXTERNAL NOT NULL,
    hour_of_day     double precision[] STORAGE EXTERNAL NOT NULL,
    travel          double precision[] STORAGE EXTERNAL NOT NULL,
    lateness        double precision[] STORAGE EXTERNAL NOT NULL,
    eta             double precision[] STORAGE EXTERNAL NOT NULL,
    risk            double precision[] STORAGE EXTERNAL NOT NULL,
    fairness        double precision[] STORAGE EXTERNAL NOT NULL,
    zone            double precision[] STORAGE EXTERNAL NOT NULL,
    p_accept        double precision[] STORAGE EXTERNAL NOT NULL,
    propensity      double precision[] STORAGE EXTERNAL NOT NULL CHECK (0 < ALL (propensity) AND 1 >= ALL (propensity)),
    explored        boolean[] STORAGE EXTERNAL NOT NULL,
    CHECK (cardinality(offer_ids) = ALL (ARRAY[
        cardinality(candidates), cardinality(approach_s), cardinality(eta_s), cardinality(idle_s),
        cardinality(ready_s), cardinality(age_s), cardinality(attempts), cardinality(restricted),
        cardinality(acceptance), cardinality(history), cardinality(rating), cardinality(pay_doublings),
        cardinality(night), cardinality(hour_of_day), cardinality(travel), cardinality(lateness), cardinality(eta),
        cardinality(risk), cardinality(fairness), cardinality(zone), cardinality(p_accept), cardinality(propensity),
        cardinality(explored)
    ]))
) PARTITION BY RANGE (tick_id);
CREATE TABLE tick_logs_default PARTITION OF tick_logs DEFAULT;

-- The same, a row per offer. Whoever reads it names the ticks too: no index leads to an offer in here.
CREATE VIEW offer_logs AS
    SELECT tick_id, weights_version, router, seen.*
    FROM tick_logs, unnest(
        offer_ids, candidates, approach_s, eta_s, idle_s, ready_s, age_s, attempts, restricted, acceptance, history,
        rating, pay_doublings, night, hour_of_day, travel, lateness, eta, risk, fairness, zone, p_accept, propensity,
        explored
    ) AS seen (
        offer_id, candidates, approach_s, eta_s, idle_s, ready_s, age_s, attempts, restricted, acceptance, history,
        rating, pay_doublings, night, hour_of_day, travel, lateness, eta, risk, fairness, zone, p_accept, propensity,
        explored
    );

-- `stages` are the milliseconds of each stage. Not yet `announced`: the drivers' messages and the offers' expiries are due.
CREATE TABLE ticks (
    tick_id    text COLLATE "C" PRIMARY KEY,
    region_id  text COLLATE "C" NOT NULL,
    slot_at    timestamptz NOT NULL,
    at         timestamptz NOT NULL,
    jobs       integer NOT NULL,
    drivers    integer NOT NULL,
    offers     integer NOT NULL,
    announced  boolean NOT NULL,
    solve_ms   real NOT NULL,
    total_ms   real NOT NULL,
    stages     jsonb NOT NULL,
    seed       bigint NOT NULL,
    parameters jsonb NOT NULL,
    problem    bytea STORAGE EXTERNAL NOT NULL
);
CREATE INDEX ticks_of_region ON ticks (region_id, tick_id);
CREATE UNIQUE INDEX ticks_one_per_slot ON ticks (region_id, slot_at);
CREATE INDEX ticks_to_announce ON ticks (tick_id) WHERE NOT announced;

-- What a region decides with, where it differs from the default. Versions are only ever added; the newest is in force.
CREATE TABLE dispatch_parameters (
    region_id  text COLLATE "C" NOT NULL REFERENCES regions,
    version    integer NOT NULL,
    parameters jsonb NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (region_id, version)
);

CREATE TABLE acceptance_models (
    version      text PRIMARY KEY,
    trained_at   timestamptz NOT NULL,
    promoted     boolean NOT NULL,
    coefficients jsonb NOT NULL,
    quality      jsonb NOT NULL
);

-- `preparation_times` are those of the model in use, seconds; a store with few orders has none, and its own setting counts.
CREATE TABLE preparation_models (
    version    text PRIMARY KEY,
    trained_at timestamptz NOT NULL,
    promoted   boolean NOT NULL,
    stores     integer NOT NULL,
    quality    jsonb NOT NULL
);
CREATE TABLE preparation_times (
    store_id text COLLATE "C" NOT NULL REFERENCES stores,
    hour     integer NOT NULL CHECK (hour BETWEEN 0 AND 23),
    p50_s    double precision NOT NULL,
    p80_s    double precision NOT NULL,
    p90_s    double precision NOT NULL,
    PRIMARY KEY (store_id, hour)
);

-- `offsets` has a key for each moment at which an arrival is foretold, order and pickup; see shared/orders/eta.py.
CREATE TABLE eta_models (
    version    text PRIMARY KEY,
    region_id  text COLLATE "C" NOT NULL REFERENCES regions,
    trained_at timestamptz NOT NULL,
    promoted   boolean NOT NULL,
    offsets    jsonb NOT NULL,
    quality    jsonb NOT NULL
);
CREATE INDEX eta_models_in_use ON eta_models (region_id, trained_at DESC) WHERE promoted;

-- Zones ----------------------------------------------------------------------------------------------------------

-- A region's H3 cells with the figures of their last minute; whoever prices or dispatches takes the nearest centre.
CREATE TABLE zones (
    region_id text COLLATE "C" NOT NULL REFERENCES regions,
    cell      text COLLATE "C" NOT NULL,
    lat       double precision NOT NULL,
    lng       double precision NOT NULL,
    radius_m  double precision NOT NULL,
    outline   jsonb NOT NULL,
    at        timestamptz NOT NULL,
    demand    double precision NOT NULL,
    waiting   double precision NOT NULL,
    supply    double precision NOT NULL,
    surge_bps integer NOT NULL CHECK (surge_bps BETWEEN 10000 AND 20000),
    PRIMARY KEY (region_id, cell)
);

-- What was forecast for the half hour after `at`, where anything was: the ground of every surge, and its test.
CREATE TABLE zone_forecasts (
    region_id text COLLATE "C" NOT NULL,
    at        timestamptz NOT NULL,
    cell      text COLLATE "C" NOT NULL,
    demand    double precision NOT NULL,
    supply    double precision NOT NULL,
    surge_bps integer NOT NULL,
    PRIMARY KEY (region_id, at, cell)
);

-- Orders per store and half hour: what the seasons of the forecast are made of.
CREATE TABLE store_demand (
    region_id text COLLATE "C" NOT NULL,
    half_hour timestamptz NOT NULL,
    store_id  text COLLATE "C" NOT NULL,
    orders    integer NOT NULL,
    PRIMARY KEY (region_id, half_hour, store_id)
);

-- `arrived` is true once the driver was seen there, false once the hint has run out before.
CREATE TABLE reposition_hints (
    hint_id    text COLLATE "C" PRIMARY KEY,
    driver_id  text COLLATE "C" NOT NULL REFERENCES drivers,
    region_id  text COLLATE "C" NOT NULL,
    from_cell  text COLLATE "C",
    to_cell    text COLLATE "C" NOT NULL,
    lat        double precision NOT NULL,
    lng        double precision NOT NULL,
    travel_s   double precision NOT NULL,
    reason     text NOT NULL,
    at         timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    arrived    boolean
);
CREATE INDEX reposition_hints_of_driver ON reposition_hints (driver_id, at DESC);
CREATE INDEX reposition_hints_of_region ON reposition_hints (region_id, at);
CREATE INDEX reposition_hints_open ON reposition_hints (region_id, to_cell, expires_at) WHERE arrived IS NULL;

-- A tick holds its region's row locked for as long as it runs; `slot_at` only moves forward. `asked` is a digest of what the
-- BATCH loop planned last.
CREATE TABLE region_leases (
    region_id text COLLATE "C" NOT NULL,
    loop      text NOT NULL,
    slot_at   timestamptz NOT NULL,
    asked     text,
    PRIMARY KEY (region_id, loop)
);

-- Slots in which a region was not served: the tick came too late, or another one was running or had gone further.
CREATE TABLE skipped_slots (
    region_id text COLLATE "C" NOT NULL,
    slot_at   timestamptz NOT NULL,
    outcome   text NOT NULL CHECK (outcome IN ('late', 'taken')),
    at        timestamptz NOT NULL,
    PRIMARY KEY (region_id, slot_at)
);
CREATE INDEX skipped_slots_age ON skipped_slots (at);
