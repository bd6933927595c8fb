package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "/foo",
                "/foo/0",
                "/a~1b",
                "/c%d",
                "/e^f",
                "/g|h",
                "/i\\j",
                "/k\"l",
                "/ ",
                "/m~0n",
                "/~01",
                "/~1~0~1",
                "/-",
                "/users/0/name",
                "/\u00e4/\ud83d\ude00",
                "/a/",
                "/a//b"
            })
    void aPointerIsParsedAndPrintedUnchanged(String pointer) {
        assertThat(KeyPath.parse(pointer)).hasToString(pointer);
    }

    @ParameterizedTest
    @CsvSource({"/a~1b,a/b", "/m~0n,m~n", "/~01,~1", "/~10,/0", "/~0~1,~/", "/,''", "/ , ' '"})
    void escapesAreUndoneOnce(String pointer, String token) {
        assertThat(KeyPath.parse(pointer.isBlank() ? "/ " : pointer).tokens())
                .containsExactly(pointer.equals("/") ? "" : token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "#/a", " /a", "~0", "/~", "/a~", "/~2", "/~a/b", "/a/~/b", "/~~0"})
    void whatIsNoPointerIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPath.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void aStringStepIsOneKeyAndNeverSplit() {
        KeyPath path = KeyPath.of("a/b", "c.d", "~1", "/x");
        assertThat(path.tokens()).containsExactly("a/b", "c.d", "~1", "/x");
        assertThat(path).hasToString("/a~1b/c.d/~01/~1x");
        assertThat(KeyPath.parse(path.toString())).isEqualTo(path);
    }

    @Test
    void anIndexAndItsDigitsAreOneStep() {
        assertThat(KeyPath.of(0))
                .isEqualTo(KeyPath.of("0"))
                .isEqualTo(KeyPath.parse("/0"))
                .isEqualTo(KeyPath.root().child(0))
                .isEqualTo(KeyPath.of(List.of(0)))
                .hasSameHashCodeAs(KeyPath.of("0"));
        assertThat(KeyPath.of("00")).isNotEqualTo(KeyPath.of(0));
        assertThat(KeyPath.of(Integer.MAX_VALUE)).hasToString("/2147483647");
    }

    @Test
    void theRootIsTheEmptyPath() {
        assertThat(KeyPath.root())
                .isEqualTo(KeyPath.of())
                .isEqualTo(KeyPath.of(List.of()))
                .isEqualTo(KeyPath.parse(""))
                .isNotEqualTo(KeyPath.parse("/"))
                .isNotEqualTo(KeyPath.of(""))
                .hasToString("");
        assertThat(KeyPath.root().size()).isZero();
        assertThat(KeyPath.root().parent()).isNull();
        assertThat(KeyPath.root().last()).isNull();
        assertThat(KeyPath.of("a").parent()).isEqualTo(KeyPath.root());
    }

    @Test
    void otherStepsAreRefusedAtOnce() {
        for (Object step : new Object[] {
            -1L, 1L << 31, 1.0, (short) -1, 'a', true, -1, new Object(), List.of("a"), Integer.MIN_VALUE
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyPath.of("a", step))
                    .withMessageContaining("step 1");
            assertThatIllegalArgumentException().isThrownBy(() -> KeyPath.of(List.of("a", step)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyPath.of("a").child(step))
                    .withMessageContaining("step 1");
        }
    }

    @Test
    void everyWholeNumberThatATreeHandsOutIsAnIndex() {
        for (Object step : new Object[] {7, 7L, (short) 7, (byte) 7}) {
            assertThat(KeyPath.of("list", step)).isEqualTo(KeyPath.parse("/list/7"));
            assertThat(KeyPath.of(List.of("list", step))).isEqualTo(KeyPath.parse("/list/7"));
            assertThat(KeyPath.of("list").child(step)).isEqualTo(KeyPath.parse("/list/7"));
        }
        assertThat(KeyPath.of((long) Integer.MAX_VALUE)).hasToString("/2147483647");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPath.of("list", 1L << 31))
                .withMessage("step 1 of a path must be a String (a key) or a whole number from 0 to 2147483647"
                        + " (a list index), but is 2147483648");
        Store store = Store.of(java.util.Map.of("list", List.of("a", "b"), "chosen", 1));
        assertThat(store.get(KeyPath.of("list", store.get("chosen")))).isEqualTo("b");
    }

    @Test
    void aLongPathIsCutOffInMessages() {
        String[] tokens = new String[1_001];
        java.util.Arrays.fill(tokens, "0");
        tokens[0] = "deep";
        assertThat(KeyPath.ofTokens(tokens).forPeople())
                .startsWith("/deep/0/0/")
                .endsWith("… (1,001 steps)")
                .hasSizeLessThan(100);
        assertThat(KeyPath.of("x".repeat(1_000_000)).forPeople())
                .startsWith("/xxx")
                .endsWith("x… (1 step)")
                .hasSizeLessThan(100);
        assertThat(KeyPath.of("a", "b".repeat(200)).forPeople()).isEqualTo("/a/" + "b".repeat(200));
    }

    @Test
    void asCodeItIsACallThatMakesIt() {
        assertThat(KeyPath.root().asCode()).isEqualTo("KeyPath.root()");
        assertThat(KeyPath.of("name").asCode()).isEqualTo("\"name\"");
        assertThat(KeyPath.of(0).asCode()).isEqualTo("KeyPath.of(0)");
        assertThat(KeyPath.of("users", 0).asCode()).isEqualTo("KeyPath.of(\"users\", 0)");
        assertThat(KeyPath.of(Collections.nCopies(1_000, "a")).asCode())
                .startsWith("KeyPath.of(\"a\", \"a\", ")
                .endsWith("\"a\", …)")
                .hasSizeLessThan(400);
    }

    @Test
    void thePartOfALongPathThatAMessageShowsIsOnOneLine() {
        KeyPath path = KeyPath.of("a\nb", "x".repeat(1_000));
        assertThat(path.forPeople())
                .startsWith("/a\\u000ab/xxx")
                .endsWith("… (2 steps)")
                .doesNotContain("\n");
    }

    @Test
    void aNullStepIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPath.of("a", null))
                .withMessageContaining("null");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPath.of(Arrays.asList("a", null)));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPath.root().child((Object) null));
    }

    @Test
    void childGoesOneStepDownAndParentOneUp() {
        KeyPath path = KeyPath.of("users").child(0).child((Object) "name");
        assertThat(path).isEqualTo(KeyPath.of("users", 0, "name"));
        assertThat(path.size()).isEqualTo(3);
        assertThat(path.last()).isEqualTo("name");
        assertThat(path.parent()).isEqualTo(KeyPath.of("users", "0"));
        assertThat(path).isEqualTo(KeyPath.parse("/users/0/name"));
    }

    @Test
    void resolveJoinsTwoPaths() {
        KeyPath path = KeyPath.of("a", "b");
        assertThat(path.resolve(KeyPath.of(0))).isEqualTo(KeyPath.of("a", "b", 0));
        assertThat(path.resolve(KeyPath.root())).isSameAs(path);
        assertThat(KeyPath.root().resolve(path)).isEqualTo(path);
        assertThat(KeyPath.root().resolve(KeyPath.root())).isEqualTo(KeyPath.root());
    }

    @Test
    void startsWithComparesWholeSteps() {
        KeyPath path = KeyPath.of("ab", "c");
        assertThat(path.startsWith(KeyPath.root())).isTrue();
        assertThat(path.startsWith(KeyPath.of("ab"))).isTrue();
        assertThat(path.startsWith(path)).isTrue();
        assertThat(path.startsWith(KeyPath.of("a"))).isFalse();
        assertThat(path.startsWith(KeyPath.of("ab", "c", "d"))).isFalse();
        assertThat(KeyPath.root().startsWith(path)).isFalse();
    }

    @Test
    void nobodyCanChangeAPath() {
        List<Object> steps = new ArrayList<>(List.of("a", "b"));
        Object[] array = {"a", "b"};
        KeyPath ofList = KeyPath.of(steps);
        KeyPath ofArray = KeyPath.of(array);
        steps.set(0, "x");
        array[0] = "x";
        assertThat(ofList).isEqualTo(ofArray).hasToString("/a/b");
        assertThat(ofList.tokens()).isUnmodifiable();
    }

    @Test
    void aPathIsNoString() {
        assertThat(KeyPath.of("a").equals((Object) "/a")).isFalse();
        assertThat(KeyPath.of("a")).isNotEqualTo(null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyPathSurvivesItsPointer(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Object> steps = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                StringBuilder key = new StringBuilder();
                for (int c = random.nextInt(5); c > 0; c--) {
                    key.append("~/01a-\" \\".charAt(random.nextInt(9)));
                }
                steps.add(key.toString());
            }
            KeyPath path = KeyPath.of(steps);
            assertThat(KeyPath.parse(path.toString())).as("seed %d", seed).isEqualTo(path);
        }
    }

    @Test
    void messagesShowTheBeginningOfALongPath() {
        String key = "k".repeat(100_000);
        assertThatThrownBy(() -> Store.create().get(KeyPath.of("first", key, "last")))
                .isInstanceOf(NoSuchPathException.class)
                .hasMessageContaining("/first/kkk")
                .hasMessageContaining("kkk… (3 steps)")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5_000));
    }
}
