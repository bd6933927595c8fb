package dev.heartwood.redis;

import dev.heartwood.Store;
import dev.heartwood.log.engine.EngineSettings;
import java.net.URI;

/**
 * Opens a tree that lives in Redis (6 or later) or Valkey, so that processes on several machines share it.
 *
 * <p>A commit is one script, which appends to a log. Many trees stand beside each other in one database, each under its
 * name. The promises are those of {@link dev.heartwood.log.LogStore}, <b>as far as Redis keeps the writes that it has
 * acknowledged</b>: use {@code appendonly yes} and {@code appendfsync always}, without which a crash loses the newest
 * commits, and {@code maxmemory-policy noeviction}. When a replica takes the primary's place, commits that it had not
 * received are lost in any case. Stores that knew of them notice, and refuse to go on
 * ({@link dev.heartwood.log.LogReplacedException}); a store that did not know of them cannot tell.
 */
public final class RedisStore {
    private RedisStore() {}

    /**
     * Opens the tree of a name, made where there is none, with the default {@link RedisOptions}.
     *
     * @param server {@code redis://host:6379}, with TLS {@code rediss://host:6379}; a path of a number is the database, and
     *     {@code user:password@} may stand before the host
     * @param tree the name of the tree, 1 to 200 characters
     * @throws dev.heartwood.StoreIOException if Redis does not answer before the deadline, or refuses
     * @throws IllegalArgumentException if the address or the name is not of this form
     */
    public static Store open(URI server, String tree) {
        return options().open(server, tree);
    }

    /** The default options of a store; each default stands with its method in {@link RedisOptions}. */
    public static RedisOptions options() {
        return new RedisOptions(EngineSettings.DEFAULT);
    }
}
