package dev.heartwood.redis;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedConnection;
import dev.heartwood.redis.RespConnection.ErrorAnswer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands on one connection. */
final class RedisSession {
    private final RedisServer server;
    private final SharedConnection<RespConnection> connection;

    RedisSession(RedisServer server) {
        this.server = server;
        this.connection = new SharedConnection<>(server::connect, RespConnection::close);
    }

    /** The answer to a request that may be repeated. */
    @Nullable
    Object ask(String... words) throws Unavailable, Refused {
        return connection.ask(open -> execute(open, words)).orElse(null);
    }

    /** The answer to a request that changes something. */
    @Nullable
    Object call(String... words) throws InDoubt, Unavailable, Refused {
        return connection.call(open -> execute(open, words)).orElse(null);
    }

    private Optional<Object> execute(RespConnection open, String... words) throws InDoubt, Unavailable, Refused {
        try {
            return Optional.ofNullable(open.call(List.of(words)));
        } catch (ErrorAnswer e) {
            connection.drop();
            throw RedisErrors.of(e);
        } catch (IOException e) {
            connection.drop();
            throw new InDoubt(server.message("has not answered", e), e);
        }
    }

    /** Ends the session; a request that waits for its answer fails soon. */
    void close() {
        connection.close();
    }
}
