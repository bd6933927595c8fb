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
     * Asks the store for an answer that it gives only once all that it has accepted is as durable as it promises. Changes
     * nothing.
     *
     * @return figures to report
     * @throws StoreException if the store cannot make its commits durable any more
     * @throws StoreClosedException if it is closed
     */
    public static Map<String, Object> check(Store store) {
        // An answer that commits nothing is settled as every other, so a store that has failed cannot give it.
        store.batch(tx -> {});
        StoreStatistics statistics = store.statistics();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("version", statistics.version());
        details.put("keys", store.size());
        details.put("undecided", statistics.undecided());
        details.put("watchedPlaces", statistics.watchedPlaces());
        return details;
    }
}
