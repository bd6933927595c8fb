package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogAddressTest {
    @ParameterizedTest
    @CsvSource({
        "redis://localhost:6379/2#orders,              redis://localhost:6379/2,              orders",
        "jdbc:postgresql://h/db?user=a#job board,      jdbc:postgresql://h/db?user=a,         job board",
        "http://a:2379#job%20board,                    http://a:2379,                         job board",
        "http://a:2379#a+b,                            http://a:2379,                         a+b",
        "redis://h#a#b,                                redis://h,                             a#b",
        "redis://h#100%25,                             redis://h,                             100%",
    })
    void theTreeStandsBehindTheServer(String text, String server, String tree) {
        LogAddress address = LogAddress.parse(text);

        assertThat(address.server()).isEqualTo(server);
        assertThat(address.tree()).isEqualTo(tree);
        assertThat(address.createIfMissing()).isTrue();
        assertThat(address.user()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://u:geheim@h", "redis://u:geheim@h#", "", "redis://u:geheim@h#100%"})
    void anAddressWithoutATreeIsRefusedAndNotQuoted(String text) {
        assertThatThrownBy(() -> LogAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tree")
                .message()
                .doesNotContain("geheim");
    }

    @Test
    void severalServersAreSeparatedByCommas() {
        assertThat(LogAddress.parse("http://a:1,http://b:2#t").uris()).hasToString("[http://a:1, http://b:2]");
    }

    @Test
    void aServerThatIsNoUriIsNotQuoted() {
        assertThatThrownBy(() -> LogAddress.of("redis://u:gehe im@h", "t").uris())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a form such as redis://localhost:6379")
                .hasNoCause()
                .message()
                .doesNotContain("im@");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://u:geheim@h:1,                          redis://h:1#t",
        "redis://u:ge@heim@h:1,                         redis://h:1#t",
        "jdbc:postgresql://h/db?user=u&password=geheim, jdbc:postgresql://h/db#t",
        "http://a:1,                                    http://a:1#t",
        "x@y,                                           x@y#t",
    })
    void theTextForPeopleHasNoPassword(String server, String shown) {
        assertThat(LogAddress.of(server, "t")).hasToString(shown);
    }

    @Test
    void eachOptionGivesANewAddress() {
        LogAddress plain = LogAddress.of("redis://h", "t");
        LogAddress with =
                plain.user("ann", () -> "secret").authorities(Path.of("ca.pem")).createIfMissing(false);

        assertThat(with.user()).contains("ann");
        assertThat(with.password()).isEqualTo("secret");
        assertThat(with.authorities()).contains(Path.of("ca.pem"));
        assertThat(with.createIfMissing()).isFalse();
        assertThat(with.tree()).isEqualTo("t");
        assertThat(plain.user()).isEmpty();
        assertThat(with).asString().doesNotContain("secret");
    }

    @Test
    void eachOptionKeepsTheOthersWhicheverIsSetLast() {
        List<UnaryOperator<LogAddress>> all = List.of(
                address -> address.user("ann", () -> "secret"),
                address -> address.authorities(Path.of("ca.pem")),
                address -> address.createIfMissing(false));
        for (UnaryOperator<LogAddress> last : all) {
            LogAddress address = LogAddress.of("redis://h", "t");
            for (UnaryOperator<LogAddress> option : all) {
                address = option.apply(address);
            }
            address = last.apply(address);

            assertThat(address.user()).contains("ann");
            assertThat(address.password()).isEqualTo("secret");
            assertThat(address.authorities()).contains(Path.of("ca.pem"));
            assertThat(address.createIfMissing()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a:1,http://b:2", "http://a:1,"})
    void severalServersAreNotTakenForOne(String servers) {
        assertThat(LogAddress.of("http://a:1", "t").uri()).hasToString("http://a:1");
        assertThatThrownBy(() -> LogAddress.of(servers, "t").uri())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of one server");
    }

    @Test
    void anEngineThatIsNotThereIsNamedByTheFormOfItsAddress() {
        assertThatThrownBy(() -> LogAddress.of("redis://u:geheim@h", "t").connect())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no engine for the log at \"redis:…\"")
                .hasMessageContaining("heartwood-redis")
                .message()
                .doesNotContain("geheim");
    }
}
