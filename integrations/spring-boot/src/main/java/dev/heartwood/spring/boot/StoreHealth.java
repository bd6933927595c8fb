package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a store can be relied on now: the health indicators of the versions of Spring Boot report it. */
public final class StoreHealth {
    private StoreHealth() {}

    /**
     * Makes all accepted commits of the store durable, and checks that it responds. Changes nothing in the tree. A file
     * that is synced at intervals is synced at once.
     *
     * @return figures to report
     * @throws StoreException if commits cannot be made durable any more, the files were moved away, or the storage does not
     *     answer
     * @throws StoreClosedException if it is closed
     */
    public static Map<String, Object> check(Store store) {
        store.flush(); // a store that has failed, or whose files are gone, says so here
        store.batch(tx -> {}); // a store over a log asks the log for this answer
        StoreStatistics statistics = store.statistics();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("version", statistics.version());
        details.put("keys", store.size());
        details.put("undecided", statistics.undecided());
        details.put("watchedPlaces", statistics.watchedPlaces());
        return details;
    }
}
