package dev.heartwood.redis;

import dev.heartwood.Store;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.EngineOptions;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.LogServer;
import dev.heartwood.log.engine.SecureSockets;
import dev.heartwood.log.engine.ServerAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;

/** Options of a store in Redis. Each method gives new options; immutable. */
public final class RedisOptions extends EngineOptions<RedisOptions> {
    RedisOptions(EngineSettings settings) {
        super(settings);
    }

    @Override
    protected RedisOptions with(EngineSettings changed) {
        return new RedisOptions(changed);
    }

    /** Uses this context of TLS, for example with a certificate of the client; addresses begin with {@code rediss}. */
    public RedisOptions tls(SSLContext context) {
        return with(settings().tls(context));
    }

    /**
     * The beginning of all keys and of the channel; the name of the tree in braces follows, so that a cluster keeps them
     * together. Default: {@code heartwood:}.
     */
    public RedisOptions namespace(String prefix) {
        return with(settings().namespace(prefix));
    }

    /**
     * Opens the tree of a name, as {@link RedisStore#open}.
     *
     * @throws dev.heartwood.StoreIOException if the server cannot be reached or refuses, or there is no such tree and
     *     {@link #createIfMissing} is false; the message names the remedy
     * @throws dev.heartwood.GuardException if the tree breaks a guard of the {@link #store} options
     * @throws IllegalArgumentException if the address or the name of the tree cannot be used
     */
    public Store open(URI server, String tree) {
        return over(connect(server, tree));
    }

    /**
     * A connection to the log of a tree, for {@link LogOptions#over(SharedLog)} and for tools. It connects at the first
     * request, and makes the log then if there is none: see {@link #createIfMissing}.
     *
     * @throws IllegalArgumentException if the address or the name is not of the form that {@link RedisStore#open} takes
     */
    public SharedLog connect(URI server, String tree) {
        String form = "redis://host:6379/0, or rediss:// for TLS";
        ServerAddress at = ServerAddress.of(server, settings(), form, 6379, "\\d{0,9}", "redis", "rediss");
        String head = settings().namespaceOr("heartwood:") + "{" + requireName(tree) + "}";
        EngineSettings used = settings().userOf(at.userInfo());
        boolean isTls = at.scheme().equals("rediss");
        LogServer redis = () -> new RedisConnection(SecureSockets.connect(at, isTls, used), used, at, head);
        return connection("Redis at " + at, 1 << 20, redis);
    }
}
