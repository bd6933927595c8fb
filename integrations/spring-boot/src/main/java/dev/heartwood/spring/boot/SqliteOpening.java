package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.sqlite.SqliteOptions;
import dev.heartwood.sqlite.SqliteStore;

/** Apart, so that its classes are looked for only where the properties ask for them. */
final class SqliteOpening {
    private SqliteOpening() {}

    static Store open(StoreOpening opening, boolean readOnly) {
        SqliteOptions options = opening.with(SqliteOptions.class, SqliteStore.options(), SqliteOptions::store);
        return (readOnly ? options.readOnly() : options).open(opening.path());
    }
}
