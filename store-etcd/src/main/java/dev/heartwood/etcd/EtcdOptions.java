package dev.heartwood.etcd;

import dev.heartwood.Store;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.EngineOptions;
import dev.heartwood.log.engine.EngineSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Options of a store in etcd. Each method gives new options; immutable. */
public final class EtcdOptions extends EngineOptions<EtcdOptions> {
    /** Far below etcd's limit of 1.5 MiB for a request, so that a page of entries is not too large either. */
    private static final int LARGEST_VALUE = 256 << 10;

    EtcdOptions(EngineSettings settings) {
        super(settings);
    }

    @Override
    protected EtcdOptions with(EngineSettings changed) {
        return new EtcdOptions(changed);
    }

    /** Uses this context of TLS, for example with a certificate of the client; endpoints begin with {@code https}. */
    public EtcdOptions tls(SSLContext context) {
        return with(settings().tls(context));
    }

    /**
     * The beginning of all keys; the name of the tree, URL-encoded, and a slash follow. An etcd role needs the right to
     * read and write keys with that prefix. Default: {@code heartwood/}.
     */
    public EtcdOptions namespace(String prefix) {
        return with(settings().namespace(prefix));
    }

    /**
     * Opens the tree of a name, as {@link EtcdStore#open}.
     *
     * @throws dev.heartwood.StoreIOException if the server cannot be reached or refuses, or there is no such tree and
     *     {@link #createIfMissing} is false; the message names the remedy
     * @throws dev.heartwood.GuardException if the tree breaks a guard of the {@link #store} options
     * @throws IllegalArgumentException if the address or the name of the tree cannot be used
     */
    public Store open(URI endpoint, String tree) {
        return open(List.of(endpoint), tree);
    }

    /** Opens the tree of a name in a cluster of which these are members: one is used until it fails, then the next. */
    public Store open(List<URI> endpoints, String tree) {
        return over(connect(endpoints, tree));
    }

    /**
     * A connection to the log of a tree, for {@link LogOptions#over(SharedLog)} and for tools. It connects at the first
     * request, and makes the log then if there is none: see {@link #createIfMissing}.
     *
     * @throws IllegalArgumentException if an endpoint or the name is not of the form that {@link EtcdStore#open} takes
     */
    public SharedLog connect(List<URI> endpoints, String tree) {
        String name = URLEncoder.encode(requireName(tree), StandardCharsets.UTF_8);
        String prefix = settings().namespaceOr("heartwood/") + name + "/";
        return connection("etcd", LARGEST_VALUE, new EtcdCluster(endpoints, settings(), prefix));
    }
}
