/**
 * Keeps the tree in a SQLite file that several processes share.
 */
module dev.heartwood.sqlite {
    requires transitive dev.heartwood.core;
    requires dev.heartwood.json;
    requires dev.heartwood.storage;
    requires java.sql;
    requires jdk.jfr;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;

    exports dev.heartwood.sqlite;
}
