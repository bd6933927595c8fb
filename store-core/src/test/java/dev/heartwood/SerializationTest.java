package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deserialized value is as valid as one that was built here, even if the stream was forged. */
class SerializationTest {
    private static final byte REFERENCE = 0x71;

    private static byte[] write(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a~1b/0", "/a\nb/~0/-", "/\ud83d\ude00/\ud83d"})
    void aPathComesBackEqual(String pointer) throws Exception {
        KeyPath path = KeyPath.parse(pointer);
        assertThat(read(write(path))).isEqualTo(path).hasSameHashCodeAs(path);
    }

    @Test
    void aPathThatOccursTwiceIsOneObject() throws Exception {
        KeyPath path = KeyPath.of("a");
        Object[] twice = (Object[]) read(write(new Object[] {path, path}));
        assertThat(twice[0]).isSameAs(twice[1]);
    }

    /**
     * A stream that ends with a reference to one of the objects in it: a way to get a reference to the internals of a
     * path.
     */
    @Test
    void noPartOfAPathCanBeChangedThroughItsStream() throws Exception {
        byte[] honest = write(KeyPath.of("public", "x"));
        int objects = 0;
        for (int handle = 0; handle < 16; handle++) {
            byte[] forged = Arrays.copyOf(honest, honest.length + 5);
            forged[honest.length] = REFERENCE;
            forged[honest.length + 2] = 0x7e;
            forged[honest.length + 4] = (byte) handle;
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(forged))) {
                assertThat(in.readObject()).isEqualTo(KeyPath.of("public", "x"));
                assertThat(in.readObject()).isInstanceOfAny(String.class, ObjectStreamClass.class, KeyPath.class);
                objects++;
            } catch (IOException noSuchObject) {
                assertThat(handle).isPositive();
            }
        }
        assertThat(objects).isPositive();
    }

    @Test
    void aPathThatIsWrittenAsItsFieldsIsRefused() {
        byte[] forged = streamOf(ObjectStreamClass.lookup(KeyPath.class)).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(forged))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContaining("JSON Pointer");
    }

    /** A stream with an object of the class, without fields. */
    private static String streamOf(ObjectStreamClass type) {
        String name = type.getName();
        String serialVersion = new String(
                ByteBuffer.allocate(Long.BYTES)
                        .putLong(type.getSerialVersionUID())
                        .array(),
                StandardCharsets.ISO_8859_1);
        return "\u00ac\u00ed\0\5sr\0" + (char) name.length() + name + serialVersion + "\2\0\0xp";
    }

    @ParameterizedTest
    @ValueSource(strings = {"xx", "x~", "/~", "/~2"})
    void aPointerThatIsNoneIsRefused(String noPointer) throws Exception {
        String pointer = "/" + "y".repeat(noPointer.length() - 1);
        String honest = new String(write(KeyPath.parse(pointer)), StandardCharsets.ISO_8859_1);
        byte[] forged = honest.replace(pointer, noPointer).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(forged)).isInstanceOf(InvalidObjectException.class);
    }

    @Test
    void exceptionsComeBackWithTheirPath() throws Exception {
        Store store = Store.of(Map.of("a", 1));
        for (Runnable use : List.<Runnable>of(
                () -> store.get("b"),
                () -> store.append("a", 1),
                () -> store.put("c", List.of().iterator()))) {
            StoreException refused = null;
            try {
                use.run();
            } catch (StoreException e) {
                refused = e;
            }
            assertThat(refused).isNotNull();
            Object again = read(write(refused));
            assertThat(again).hasSameClassAs(refused).hasToString(refused.toString());
            assertThat(again)
                    .extracting("path")
                    .isEqualTo(refused.getClass().getMethod("path").invoke(refused));
        }
    }

    /** A new serializable class is a new way in: it must be looked at, and named here. */
    @Test
    void nothingElseIsSerializable() throws Exception {
        Path classes = Path.of(
                Store.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes.resolve("dev"))) {
            assertThat(files.map(file -> classes.relativize(file).toString())
                            .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                            .map(SerializationTest::load)
                            .filter(type -> Serializable.class.isAssignableFrom(type)
                                    && !Throwable.class.isAssignableFrom(type)
                                    && !type.isEnum()))
                    .isNotEmpty()
                    .allMatch(type -> type == KeyPath.class || type.getEnclosingClass() == KeyPath.class);
        }
    }

    private static Class<?> load(String file) {
        try {
            String name = file.substring(0, file.length() - ".class".length());
            return Class.forName(name.replace('/', '.').replace('\\', '.'), false, Store.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
