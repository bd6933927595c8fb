/**
 * Keeps the tree in a PostgreSQL database, so that processes on several machines share it.
 */
module dev.heartwood.postgres {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.log;
    requires java.sql;
    requires org.postgresql.jdbc;
    requires static transitive org.jspecify;

    exports dev.heartwood.postgres;

    provides dev.heartwood.log.LogEngine with
            dev.heartwood.postgres.engine.PostgresLogEngine;
}
