package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a thread keeps of a document for the next one: names, and nothing that it says. */
@Timeout(60)
class ReaderTablesTest {
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "100, true", "100, false", "5000, true", "5000, false"})
    void nothingOfADocumentThatIsDroppedIsKept(int keys, boolean isText) throws InterruptedException {
        for (WeakReference<?> value : valuesOf(keys, isText)) {
            for (int i = 0; i < 100 && value.get() != null; i++) {
                System.gc();
                Thread.sleep(1);
            }
            assertThat(value.get()).isNull();
        }
    }

    private static List<WeakReference<?>> valuesOf(int keys, boolean isText) {
        StringBuilder json = new StringBuilder("{\"all\":{");
        for (int i = 0; i < keys; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"key")
                    .append(i)
                    .append("\":[")
                    .append(i)
                    .append("]");
        }
        json.append("}}");
        HashMap<String, ?> read =
                isText ? Json.read(json.toString()) : Json.read(json.toString().getBytes(UTF_8));
        HashMap<?, ?> all = (HashMap<?, ?>) read.get("all").get();
        assertThat(all.size()).isEqualTo(keys);
        List<WeakReference<?>> values = new ArrayList<>();
        values.add(new WeakReference<>(all));
        all.forEach((key, value) -> values.add(new WeakReference<>(value)));
        return values;
    }
}
