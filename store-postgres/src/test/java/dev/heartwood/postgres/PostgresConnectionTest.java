package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.engine.EngineSettings;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pooler may lead each statement of a connection to another server, which may be a standby by then. */
class PostgresConnectionTest {
    private static final Position END = new Position(7, "writer:7");

    private boolean isStandby;
    private final PostgresConnection connection = new PostgresConnection(
            proxy(
                    Connection.class,
                    call -> call.name().equals("prepareStatement") ? statement((String) call.first()) : null),
            "tree",
            EngineSettings.DEFAULT,
            "PostgreSQL");

    @Test
    void aConnectionToAStandbyIsRefused() {
        isStandby = true;
        assertThatThrownBy(() -> connection.begin(false)).isInstanceOf(Unavailable.class);
    }

    @Test
    void aConnectionThatLeadsToAStandbyLaterReadsNothingThere() throws Exception {
        connection.begin(false);
        assertThat(connection.read(8)).satisfies(tail -> assertThat(tail.last()).isEqualTo(END));

        isStandby = true;
        assertThatThrownBy(() -> connection.read(8))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("standby");
    }

    @Test
    void anAppendThatHasLostLearnsNothingFromAStandby() throws Exception {
        Entry next = new Entry(new Position(7, "mine:7"), "");
        Position before = new Position(6, "writer:6");
        connection.begin(false);
        assertThat(connection.append(before, next).isAppended()).isFalse();

        isStandby = true;
        assertThatThrownBy(() -> connection.append(before, next))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("standby");
    }

    private PreparedStatement statement(String sql) {
        return proxy(PreparedStatement.class, call -> call.name().equals("executeQuery") ? rows(sql) : null);
    }

    /** An append finds another end; all else has one row. */
    private ResultSet rows(String sql) {
        // By their columns.
        Map<Integer, ?> row = sql.equals("SELECT pg_is_in_recovery()")
                ? Map.of(1, isStandby ? "t" : "f")
                : sql.startsWith("SHOW") ? Map.of(1, "UTF8") : Map.of(1, END.number(), 2, END.id(), 3, isStandby);
        boolean[] hasNext = {!sql.startsWith("WITH position AS (UPDATE")};
        return proxy(ResultSet.class, call -> {
            if (call.name().equals("next")) {
                boolean has = hasNext[0];
                hasNext[0] = false;
                return has;
            }
            return call.name().startsWith("get") ? row.get((Integer) call.first()) : null;
        });
    }

    private record Call(String name, @Nullable Object first) {}

    private static <T> T proxy(Class<T> type, Function<Call, @Nullable Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) ->
                        answers.apply(new Call(method.getName(), arguments == null ? null : arguments[0]))));
    }
}
