package helpdesk;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** The program whose store is looked at. It stands in a package of its own, so that its lines are the origins of commits. */
public final class HelpDesk {
    private HelpDesk() {}

    /** Version 1. */
    public static void opens(Store store) {
        store.batch(tx -> {
            tx.put("users", users());
            tx.put("jobs", List.of(job("open door"), job("water plants"), job("feed cat")));
            tx.put("settings", Map.of("retries", 3, "ratio", 0.25, "price", new BigDecimal("19.90")));
            tx.put("serial", 9_007_199_254_740_993_123L);
        });
    }

    /** Versions 2 to 7. */
    public static void works(Store store) {
        Store planner = store.as("planner");
        Store billing = store.as("billing");
        planner.batch(
                tx -> { // version 2
                    tx.label("close the door");
                    tx.put(KeyPath.of("jobs", 0, "state"), "done");
                });
        billing.batch(
                tx -> { // version 3
                    tx.label("pay rent");
                    tx.increment(KeyPath.of("users", "ada", "balance"), -250);
                    tx.increment(KeyPath.of("users", "bob", "balance"), 250);
                });
        planner.batch(
                tx -> { // version 4
                    tx.label("the cat comes first");
                    Object cat = tx.remove(KeyPath.of("jobs", 2));
                    tx.insert(KeyPath.of("jobs", 0), cat);
                });
        billing.put(KeyPath.of("users", "cy"), user("Cy", 12)); // version 5
        billing.update("serial", Long.class, serial -> serial + 1); // version 6
        store.batch(
                tx -> { // version 7
                    tx.label("clean up");
                    tx.remove(KeyPath.of("settings", "ratio"));
                    tx.put(KeyPath.of("settings", "note"), "lorem ipsum ".repeat(400));
                    tx.put(KeyPath.of("settings", "retries"), 3.0);
                });
    }

    /** More commits, by four authors, at random: for looks. */
    public static void isBusy(Store store, int commits) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        List<Store> authors = List.of(store.as("planner"), store.as("billing"), store.as("auditor"), store);
        List<String> names = new ArrayList<>(store.keys("users"));
        for (int i = 0; i < commits; i++) {
            int n = i;
            authors.get(random.nextInt(authors.size())).batch(tx -> {
                String name = names.get(random.nextInt(names.size()));
                tx.increment(KeyPath.of("users", name, "balance"), random.nextInt(1, 90));
                if (n % 7 == 0) {
                    tx.append(KeyPath.of("jobs"), job("job " + n));
                    tx.label("take job " + n);
                } else if (n % 5 == 0) {
                    tx.put(KeyPath.of("users", name, "status"), n % 2 == 0 ? "away" : "active");
                    tx.label("sign " + (n % 2 == 0 ? "off" : "on"));
                } else {
                    tx.label("pay");
                }
            });
        }
    }

    private static Map<String, Object> users() {
        Map<String, Object> users = new TreeMap<>();
        List.of("ada", "bob", "dora", "eve", "finn", "gil").forEach(name -> users.put(name, user(name, 1_000)));
        return users;
    }

    private static Map<String, Object> user(String name, long balance) {
        return Map.of("name", name, "balance", balance, "status", "active");
    }

    private static Map<String, Object> job(String what) {
        return Map.of("what", what, "state", "waiting");
    }
}
