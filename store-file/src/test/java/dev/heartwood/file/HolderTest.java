package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile.News;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.testsupport.Machine;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody moves, replaces or deletes the files of an open store. Either the store notices and acknowledges nothing
 * more, or the next opening finds everything that it acknowledges.
 */
class HolderTest extends JsonFileCase {
    private Path home;

    /** A change that somebody makes to the files in a directory. */
    private interface Deed {
        void to(Path home) throws IOException;
    }

    /** The change, and the directory that holds the earlier durable files after it; null if there is none. */
    private enum Lost {
        THE_FOLDER_IS_MOVED(home -> Files.move(home, old(home)), "old"),
        THE_FOLDER_IS_MOVED_AND_A_COPY_PUT_IN_ITS_PLACE(
                home -> {
                    Files.move(home, old(home));
                    copy(old(home), home);
                },
                "home"),
        THE_FOLDER_IS_REPLACED_BY_A_COPY_OF_HARD_LINKS(
                home -> {
                    Files.move(home, old(home));
                    walk(old(home), home, (from, to) -> Files.createLink(to, from));
                },
                "unlinked"),
        THE_FOLDER_IS_REPLACED_BY_A_LINK_TO_A_COPY(
                home -> {
                    copy(home, home.resolveSibling("copy"));
                    Files.move(home, old(home));
                    Files.createSymbolicLink(home, Path.of("copy"));
                },
                "home"),
        THE_FOLDER_IS_DELETED(HolderTest::delete, null),
        THE_FOLDER_IS_DELETED_AND_MADE_AGAIN(
                home -> {
                    delete(home);
                    Files.createDirectory(home);
                },
                null),
        THE_FOLDER_IS_REPLACED_BY_A_FILE(
                home -> {
                    Files.move(home, old(home));
                    Files.createFile(home);
                },
                "old"),
        THE_STORES_OWN_DIRECTORY_IS_MOVED_AWAY(
                home -> Files.move(home.resolve("state.json.d"), home.resolve("elsewhere")), "joined"),
        THE_STORES_OWN_DIRECTORY_IS_DELETED(home -> delete(home.resolve("state.json.d")), null),
        THE_STORES_OWN_DIRECTORY_IS_REPLACED_BY_A_COPY(
                home -> {
                    Path inside = home.resolve("state.json.d");
                    Files.move(inside, home.resolve("elsewhere"));
                    copy(home.resolve("elsewhere"), inside);
                },
                "home"),
        A_BACKUP_IS_RESTORED_FILE_BY_FILE(home -> walk(backup(home), home, HolderTest::replace), null),
        THE_TOKEN_IS_REPLACED_BY_A_PIPE(
                home -> {
                    Path token = home.resolve("state.json.d/holder");
                    Files.delete(token);
                    run("mkfifo", token.toString());
                },
                "home"),
        AN_OLDER_BACKUP_IS_COPIED_OVER_THE_FILES(
                home -> {
                    Files.writeString(
                            backup(home).resolve("state.json.d/holder"),
                            "process 1, since 2001-01-01T00:00:00Z, opening 0123456789abcdef, directory unknown\n");
                    walk(backup(home), home, HolderTest::overwrite);
                },
                null);

        @SuppressWarnings("ImmutableEnumChecker") // it keeps nothing
        final Deed deed;

        final String where;

        Lost(Deed deed, String where) {
            this.deed = deed;
            this.where = where;
        }
    }

    private enum Harmless {
        THE_FOLDER_IS_REPLACED_BY_A_LINK_TO_ITSELF(home -> {
            Files.move(home, old(home));
            Files.createSymbolicLink(home, Path.of("old"));
        }),
        THE_FOLDER_IS_MOVED_AWAY_AND_BACK(home -> {
            Files.move(home, old(home));
            Files.move(old(home), home);
        }),
        EVERY_FILE_IS_READ(home -> walk(home, null, (from, to) -> Files.readAllBytes(from))),
        THE_TOKEN_IS_TOUCHED(home -> {
            Path token = home.resolve("state.json.d/holder");
            Files.write(token, Files.readAllBytes(token));
        }),
        A_COPY_OF_HARD_LINKS_IS_MADE_BESIDE_IT(home ->
                walk(home.resolve("state.json.d"), home.resolve("links"), (from, to) -> Files.createLink(to, from))),
        THE_FILE_IS_DELETED(home -> Files.delete(home.resolve("state.json"))),
        THE_JOURNAL_IS_DELETED(home -> Files.delete(only(home.resolve("state.json.d"), "journal-"))),
        THE_JOURNAL_IS_REPLACED_BY_A_COPY(home -> {
            Path journal = only(home.resolve("state.json.d"), "journal-");
            Files.move(Files.copy(journal, home.resolve("fresh")), journal, StandardCopyOption.REPLACE_EXISTING);
        }),
        A_BACKUP_OF_THIS_OPENING_IS_COPIED_OVER_THE_FILES(home -> walk(backup(home), home, HolderTest::overwrite)),
        THE_JOURNAL_IS_CUT_OFF(
                home -> Files.write(only(home.resolve("state.json.d"), "journal-"), new byte[] {'x', '\n'}));

        @SuppressWarnings("ImmutableEnumChecker") // it keeps nothing
        final Deed deed;

        Harmless(Deed deed) {
            this.deed = deed;
        }
    }

    private List<JsonFileOptions> modes(long journalAbove) {
        JsonFileOptions chosen = options.journalAbove(journalAbove);
        return List.of(chosen, chosen.interval(Duration.ofMillis(5)), chosen.manual());
    }

    private static Stream<Arguments> lost() {
        return combined(Lost.values(), 0, 1, 2);
    }

    private static Stream<Arguments> lostInTwoModes() {
        return combined(Lost.values(), 0, 2);
    }

    private static Stream<Arguments> harmless() {
        return combined(Harmless.values(), 0, 1, 2);
    }

    private static Stream<Arguments> harmlessInTwoModes() {
        return combined(Harmless.values(), 0, 2);
    }

    private static Stream<Arguments> combined(Object[] deeds, Integer... modes) {
        return Stream.of(deeds)
                .flatMap(deed -> Stream.of(0L, 1L << 16)
                        .flatMap(above -> Stream.of(modes).map(mode -> Arguments.of(deed, above, mode))));
    }

    /** A store with two commits; a backup was made after the first. */
    private Store opened(long journalAbove, int mode) throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        Store store = modes(journalAbove).get(mode).open(home.resolve("state.json"));
        store.put("a", 1);
        store.flush();
        copy(home, backup(home));
        store.put("a", 2);
        store.flush();
        return store;
    }

    @ParameterizedTest
    @MethodSource("lost")
    void whereTheFilesAreNoLongerItsOwnNothingIsAcknowledged(Lost what, long journalAbove, int mode)
            throws IOException {
        Store store = opened(journalAbove, mode);
        long durable = store.version();
        what.deed.to(home);

        StoreException refused = catchThrowableOfType(StoreException.class, () -> {
            store.put("a", 3);
            store.flush();
        });
        assertThat(refused)
                .as("what the call was told")
                .isInstanceOfAny(StoreIOException.class, IndeterminateCommitException.class)
                .hasMessageContaining("while the store was open here");
        if (mode > 0) {
            assertThat(refused).hasMessageContainingAll("Versions " + (durable + 1) + " to", "not durable");
        }
        assertThat(notices).anySatisfy(notice -> {
            assertThat(notice.news()).isEqualTo(News.TROUBLE);
            assertThat(notice.message()).contains("takes no more commits", "Reads go on");
        });
        assertThat(notices).noneSatisfy(notice -> assertThat(notice.message()).contains("has all commits"));
        assertThat(store.get("a", Long.class)).isEqualTo(mode == 0 ? 2L : 3L);
        assertThatThrownBy(() -> store.put("a", 4))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("takes no more commits");
        assertThatThrownBy(store::flush).isInstanceOf(StoreIOException.class);
        // A crash now, and one after closing.
        requireDurable(what, "crash");
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        requireDurable(what, "end");
    }

    @ParameterizedTest
    @MethodSource("lostInTwoModes")
    void flushAndCloseFindItWithoutAnotherCommit(Lost what, long journalAbove, int mode) throws IOException {
        Store store = opened(journalAbove, mode);
        what.deed.to(home);
        assertThatThrownBy(store::flush)
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("while the store was open here");
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        requireDurable(what, "end");
    }

    @ParameterizedTest
    @MethodSource("lostInTwoModes")
    void closeAloneFindsIt(Lost what, long journalAbove, int mode) throws IOException {
        Store store = opened(journalAbove, mode);
        what.deed.to(home);
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        requireDurable(what, "end");
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void whatIsAcknowledgedAfterAHarmlessDeedIsThere(Harmless what, long journalAbove, int mode) throws IOException {
        Store store = opened(journalAbove, mode);
        what.deed.to(home);
        store.put("a", 3);
        store.flush();
        Path crashed = directory.resolve("crashed");
        copy(home.toRealPath(), crashed);
        assertThat(read(crashed)).as("after a crash").isEqualTo(3L);
        store.put("a", 4);
        store.close();
        assertThat(read(home)).as("after closing").isEqualTo(4L);
    }

    @ParameterizedTest
    @MethodSource("harmlessInTwoModes")
    void aFlushPutsBackWhatIsMissing(Harmless what, long journalAbove, int mode) throws IOException {
        try (Store store = opened(journalAbove, mode)) {
            what.deed.to(home);
            store.flush();
            Path crashed = directory.resolve("crashed");
            copy(home.toRealPath(), crashed);
            assertThat(read(crashed)).as("after a crash").isEqualTo(2L);
        }
    }

    /** A backup in the holder's process opens and closes every file, which releases the lock. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "65536, 0", "65536, 1", "65536, 2"})
    void aSecondProcessThatOpensAfterTheLockWasReleasedIsNoticed(long journalAbove, int mode) throws Exception {
        Store store = opened(journalAbove, mode);
        Harmless.EVERY_FILE_IS_READ.deed.to(home);
        Child child = Child.start(List.of(), home.resolve("state.json"), journalAbove, 1, 5);
        child.end();
        assumeTrue(child.lines("open").size() == 1, "locks of this system are not released so");
        assertThat(child.lines("ack ")).hasSize(5);
        assertThatThrownBy(() -> {
                    store.put("late", 1);
                    store.flush();
                })
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("second program", "process " + child.id());
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        child.check(home.resolve("state.json"), journalAbove);
        assertThat(read(home)).isEqualTo(2L);
    }

    @Test
    void aRefusedSecondOpeningDisturbsNobody() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        try (Store store = options.open(home.resolve("state.json"))) {
            assertThatThrownBy(() -> options.open(home.resolve("state.json"))).isInstanceOf(StoreIOException.class);
            store.put("a", 1);
            store.flush();
        }
        assertThat(read(home)).isEqualTo(1L);
    }

    @Test
    void anOpeningThatIsRefusedTakesNoTokenAwayButItsOwn() throws IOException {
        StoreLayout place = new StoreLayout(file);
        place.prepare(new RealDisk());
        HolderToken refused = HolderToken.take(new RealDisk(), place);
        HolderToken other = HolderToken.take(new RealDisk(), place);
        refused.close();
        other.requireHeld();
        other.close();
        assertThat(place.holder()).doesNotExist();
    }

    @Test
    void temporaryFilesOfEarlierOpeningsAreDeleted() throws IOException {
        Path left = Files.createFile(directory.resolve(".state.json.heartwood-tmp"));
        Path other = Files.createFile(directory.resolve(".state.json.heartwood-tmp-0123abcd"));
        Path stranger = Files.createFile(directory.resolve(".state.json.heartwood-tmp-mine"));
        Files.createDirectory(directory.resolve("state.json.d"));
        Path inside = Files.createFile(directory.resolve("state.json.d/tmp-0123abcd"));
        JsonFile.open(file).close();
        assertThat(List.of(left, other, inside))
                .allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(stranger).exists();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "65536, 0", "65536, 1", "65536, 2"})
    void aStoreThatLostItsFilesLeavesNoTemporaryFileAndSaysSoOnce(long journalAbove, int mode) throws IOException {
        Store store = opened(journalAbove, mode);
        Path token = home.resolve("state.json.d/holder");
        Files.writeString(
                token, "process 1, since 2001-01-01T00:00:00Z, opening 0123456789abcdef, directory unknown\n");
        notices.clear();
        assertThatThrownBy(() -> {
                    store.put("late", 1);
                    store.flush();
                })
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        try (Stream<Path> left = Files.walk(home)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("tmp") || name.contains("heartwood-tmp"));
        }
        assertThat(notices).hasSize(1).first().asString().contains("takes no more commits");
    }

    /** Two values were durable before anything was done: they are in the files, wherever those are. */
    private void requireDurable(Lost what, String when) throws IOException {
        if (what.where == null) {
            return;
        }
        Path copy = directory.resolve("checked " + what + " " + when);
        Path files = switch (what.where) {
            case "old", "unlinked" -> old(home);
            default -> home.toRealPath();
        };
        copy(files, copy);
        if (what.where.equals("joined")) {
            delete(copy.resolve("state.json.d"));
            Files.move(copy.resolve("elsewhere"), copy.resolve("state.json.d"));
        }
        assertThat(read(copy)).as("%s, %s", what, when).isIn(2L, 3L);
    }

    private static Object read(Path home) {
        try (Store store = JsonFile.options().onNotice(notice -> {}).open(home.resolve("state.json"))) {
            return store.get("a");
        }
    }

    private static void run(String... command) throws IOException {
        try {
            String said = Machine.run(command);
            if (said != null) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Path old(Path home) {
        return home.resolveSibling("old");
    }

    private static Path backup(Path home) {
        return home.resolveSibling("backup");
    }

    /** A step of a copy or a move: the file, and its new place. */
    private interface Step {
        void take(Path from, Path to) throws IOException;
    }

    private static void copy(Path from, Path to) throws IOException {
        walk(from, to, (file, target) -> {
            // To copy a pipe would wait for its other end.
            if (Files.isRegularFile(file)) {
                Files.copy(file, target);
            }
        });
    }

    private static void walk(Path from, Path to, Step step) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(from)) {
            found.forEach(files::add);
        }
        for (Path file : files) {
            Path target = to == null ? file : to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else {
                step.take(file, target);
            }
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        Path fresh = Files.copy(from, to.resolveSibling("fresh"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void overwrite(Path from, Path to) throws IOException {
        Files.write(to, Files.readAllBytes(from));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, IOException failure) throws IOException {
                Files.delete(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
