package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;

/** Apart, so that its classes are looked for only where the properties ask for them. */
final class LogOpening {
    private LogOpening() {}

    static Store open(StoreOpening opening) {
        SharedLog log = opening.bean(SharedLog.class);
        if (log == null) {
            throw new HeartwoodConfigurationException(
                    "heartwood.type is log, and there is no bean of type dev.heartwood.log.SharedLog.",
                    "Declare one: a bean method that opens the log of an engine.");
        }
        LogOptions options = opening.bean(LogOptions.class);
        StoreOptions ofStore = opening.bean(StoreOptions.class);
        return (ofStore != null ? ofStore : Store.options())
                .over((options != null ? options : LogStore.options()).root(log));
    }
}
