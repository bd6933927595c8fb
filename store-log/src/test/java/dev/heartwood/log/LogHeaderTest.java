package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogHeaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"heartwood\":\"entry\"}",
                "{\"format\":\"1\",\"heartwood\":\"entry\"}",
                "{\"format\":2,\"heartwood\":\"entry\"}",
                "{\"format\":1,\"heartwood\":\"checkpoint\"}",
                "{\"format\":1}",
                "[1]"
            })
    void aLineThatIsNoHeaderOfTheKindIsRefused(String line) {
        assertThatThrownBy(() -> LogHeader.parse("entry", line)).isInstanceOf(StoreException.class);
    }

    @Test
    void aMemberOfAnotherTypeIsRefused() {
        LogHeader header = LogHeader.parse("entry", "{\"format\":1,\"heartwood\":\"entry\",\"on\":7,\"first\":\"x\"}");

        assertThatThrownBy(() -> header.text("on")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> header.number("first")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> header.number("commits")).isInstanceOf(StoreException.class);
    }

    @Test
    void aChangedHeaderKeepsAllMembersThoseOfALaterVersionIncluded() {
        String line =
                "{\"format\":1,\"heartwood\":\"pointer\",\"later\":{\"a\":1},\"number\":3,\"requires\":[\"zlib\"]}";

        LogHeader changed = LogHeader.parse(
                "pointer", LogHeader.parse("pointer", line, Set.of("zlib")).with("number", 4L), Set.of("zlib"));

        assertThat(changed.number("number")).isEqualTo(4);
        assertThat(changed.object("later").toJavaMap()).isEqualTo(Map.of("a", 1L));
        assertThat(changed.has(LogHeader.REQUIRES)).isTrue();
    }
}
