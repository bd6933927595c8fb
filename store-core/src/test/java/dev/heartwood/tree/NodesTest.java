package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodesTest {
    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "10,10", "2147483647,2147483647"})
    void digitsAreAnIndex(String token, int index) {
        assertThat(Nodes.index(token)).isEqualTo(index);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "-0",
                "-1",
                "+1",
                "00",
                "01",
                " 1",
                "1 ",
                "1.0",
                "1e1",
                "a",
                "0x1",
                "2147483648",
                "9999999999",
                "4294967296",
                "99999999999999999999",
                "\u0661",
                "\uff11"
            })
    void everythingElseIsNone(String token) {
        assertThat(Nodes.index(token)).isEqualTo(-1);
    }

    @Test
    void aChildIsAValueANullOrMissing() {
        HashMap<String, Object> map = HashMap.of("a", 1L, "null", null, "0", "zero");
        assertThat(Nodes.child(map, "a")).isEqualTo(1L);
        assertThat(Nodes.child(map, "null")).isNull();
        assertThat(Nodes.child(map, "0")).isEqualTo("zero");
        assertThat(Nodes.child(map, "-")).isSameAs(Nodes.MISSING);
        Vector<Object> list = Vector.of("x", null);
        assertThat(Nodes.child(list, "0")).isEqualTo("x");
        assertThat(Nodes.child(list, "1")).isNull();
        assertThat(Nodes.child(list, "2")).isSameAs(Nodes.MISSING);
        assertThat(Nodes.child(list, "-")).isSameAs(Nodes.MISSING);
        assertThat(Nodes.child("text", "0")).isSameAs(Nodes.MISSING);
        assertThat(Nodes.child(null, "0")).isSameAs(Nodes.MISSING);
        assertThat(Nodes.child(Nodes.MISSING, "0")).isSameAs(Nodes.MISSING);
    }
}
