CREATE TABLE heartwood_log (tree text PRIMARY KEY, identity text NOT NULL, number bigint NOT NULL,
    id text NOT NULL, claim text, checkpoint text) WITH (fillfactor = 50);
CREATE TABLE heartwood_entry (tree text, number bigint, id text NOT NULL, body text NOT NULL,
    PRIMARY KEY (tree, number));
CREATE TABLE heartwood_part (tree text, name text COLLATE "C", body text NOT NULL, PRIMARY KEY (tree, name));
