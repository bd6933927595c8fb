package dev.heartwood.etcd;

import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.LogConnection;
import dev.heartwood.log.engine.LogServer;
import dev.heartwood.log.engine.ServerAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** The members of a cluster. A connection is to one of them, and after a failure there the next one is to the next. */
final class EtcdCluster implements LogServer {
    private final List<URI> members;
    private final EngineSettings settings;
    private final String prefix;
    private final HttpClient http;
    /** Processes spread over the members. */
    private final AtomicInteger next =
            new AtomicInteger((int) (ProcessHandle.current().pid() % 1_000));

    EtcdCluster(List<URI> members, EngineSettings settings, String prefix) {
        String form = "http://host:2379 or https://host:2379; options.user(name, password) sets the user";
        for (URI member : members) {
            ServerAddress.of(member, settings, form, 2379, "", "http", "https").requireNoUser(form);
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("expected at least one endpoint");
        }
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(settings.requestTimeout());
        SSLContext tls = settings.tls();
        this.http = (tls == null ? builder : builder.sslContext(tls)).build();
        this.members = List.copyOf(members);
        this.settings = settings;
        this.prefix = prefix;
    }

    @Override
    public LogConnection connect() {
        URI member = members.get(Math.floorMod(next.getAndIncrement(), members.size()));
        return new EtcdConnection(new EtcdMember(http, member, settings), prefix);
    }
}
